"""Looks that nobody answers: they disconnect nobody, and cost the link none of what is known."""

from datetime import timedelta

import pytest

from core.domain.errors import Final, PlatformDown, Throttled, Unreachable
from core.domain.verdict import State
from core.usecases.notices import AFTERWARDS
from tests.builders import NOW
from tests.unit.usecases.agency import Agency
from tests.unit.usecases.looks import due, look, moves, removed


@pytest.mark.parametrize(
    "trouble", [PlatformDown("500"), Unreachable("timeout"), Final("wrong"), RuntimeError()]
)
async def test_silence_disconnects_nobody_and_is_tried_again_soon(trouble):
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("prove", trouble)
    looked = await look(agency, connection)
    assert (looked.state, looked.failures) == (State.AUTHORIZED, 1)
    assert NOW < looked.due_at <= NOW + timedelta(minutes=2)


async def test_a_platform_that_asks_to_wait_is_waited_for():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.will("prove", Throttled("429", until=NOW + timedelta(hours=1)))
    assert (await look(agency, connection)).due_at == NOW + timedelta(hours=1)


async def test_a_day_of_silence_is_said_once_and_so_is_its_end():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.always("prove", PlatformDown("500"))
    for _ in range(60):
        await due(agency, connection, minutes=30)
    agency.tiktok.always("prove", None)
    await due(agency, connection, minutes=30)
    assert moves(agency) == [("refresh_required", "proof_due"), ("authorized", "working")]


async def test_what_runs_out_in_silence_is_told_when_it_does():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.always("refresh", PlatformDown("500"))
    agency.tiktok.always("prove", PlatformDown("500"))
    await due(agency, connection, days=400)
    assert moves(agency) == [("expired", "ran_out")]


async def test_a_connection_that_was_closed_during_a_silent_look_is_not_planned_again():
    agency = Agency()
    connection = await agency.linked()
    agency.tiktok.meanwhile["prove"] = lambda: agency.save(agency.now(connection).erased(NOW))
    agency.tiktok.will("prove", PlatformDown("500"))
    assert (await look(agency, connection)).due_at is None


async def test_a_wish_for_another_look_outlives_a_look_without_an_answer():
    agency = Agency()
    connection = await agency.linked()
    agency.clock.turn(hours=6)
    agency.tiktok.meanwhile["prove"] = lambda: removed(agency, connection)
    agency.tiktok.will("prove", PlatformDown("500"))
    assert (await look(agency, connection)).due_at == agency.clock.now() + AFTERWARDS
