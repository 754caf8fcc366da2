"""The coverage tables are the registered routes: gaps are written down, none is silent."""

import pytest
from aiohttp import web

from sandbox.server import Sandbox

EMULATORS = ("slack", "tiktok", "instagram")


@pytest.fixture
def sandbox():
    return Sandbox("http://127.0.0.1:1", "http://127.0.0.1:2")


@pytest.mark.parametrize("name", EMULATORS)
def test_the_table_is_the_list_of_routes(sandbox, name):
    emulator = getattr(sandbox, name)
    registered = [f"{route.method} {route.path}" for route in emulator.routes()]
    assert sorted(row.route for row in emulator.coverage()) == sorted(registered)


@pytest.mark.parametrize("name", EMULATORS)
def test_every_row_says_how_true_it_is(sandbox, name):
    for row in getattr(sandbox, name).coverage():
        assert row.fidelity in {"supported", "partial", "missing"}
        assert row.notes or row.fidelity == "supported", row.route


@pytest.mark.parametrize("name", EMULATORS)
def test_operations_begin_with_the_emulators_name(sandbox, name):
    assert all(route.operation.startswith(f"{name}.") for route in getattr(sandbox, name).routes())


def test_the_site_serves_them_all_beside_other_routes(sandbox):
    app = web.Application()
    sandbox.attach(app)
    assert {emulator.name for emulator in sandbox.emulators} == set(EMULATORS)
    wired = {route.handler for route in app.router.routes()}
    assert len(wired) > sum(len(emulator.routes()) for emulator in sandbox.emulators)
