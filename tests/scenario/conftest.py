"""The stage of every scenario: a demo of its own, and what the story begins with."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox.demo import running
from sandbox.journey import journey
from sandbox.seed import BAKERY, VELO
from tests.migrated import begun
from tests.scenario.posting import made, newsroom
from tests.scenario.scene import BAKERY_CHANNEL, MINUTE, VELO_CHANNEL, Scene
from tests.scenario.wire import Wire, wire


@pytest.fixture
async def installed(tmp_path: Path) -> AsyncIterator[Scene]:
    """The app is installed; no client is set up."""
    async with running(data=begun(tmp_path / "data")) as demo, journey(demo.base_url) as people:
        demo.ready = True
        await people.install()
        scene = Scene(demo, people)
        await scene.switch(
            "slack", rates="off"
        )  # stories are told quickly; waiting out limits has a test of its own
        yield scene
        await scene.end()


@pytest.fixture
async def scene(installed: Scene) -> Scene:
    """Velo Werk is set up in #velo-werk and not linked."""
    await installed.people.set_up("manager", VELO_CHANNEL, VELO)
    await installed.quiet()
    return installed


@pytest.fixture
async def linked(scene: Scene) -> Scene:
    """Velo Werk is linked on both platforms."""
    for platform in ("tiktok", "instagram"):
        await scene.people.link("requester", VELO_CHANNEL, platform, "velowerk")
    await scene.quiet()
    return scene


@pytest.fixture
async def both_clients(scene: Scene) -> Scene:
    """Nordlicht Bakery is set up beside Velo Werk."""
    await scene.people.set_up("manager", BAKERY_CHANNEL, BAKERY)
    await scene.quiet()
    return scene


@pytest.fixture
async def line(scene: Scene) -> AsyncIterator[Wire]:
    """A way to send the bot anything."""
    async with wire(scene) as opened:
        yield opened


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A film that both platforms take, made once for a file's stories."""
    return made(tmp_path_factory.mktemp("films"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room() -> AsyncIterator[Scene]:
    """Where one file's stories of posting follow each other."""
    async with newsroom() as scene:
        yield scene


@pytest_asyncio.fixture(loop_scope="module")
async def velo(room: Scene) -> AsyncIterator[Scene]:
    """The room, once what one story left is over."""
    await room.later(2 * MINUTE)
    yield room
    await room.clear_sky()
