"""A process that is asked to end: what it had begun is somebody else's work at once, not when a lease is over."""

from pathlib import Path

from sandbox.seed import VELO
from tests.scenario.scene import HOUR, VELO_CHANNEL, until
from tests.scenario.stage import FOREVER, STARTS_WITHIN, Bot, Stage, stage

AHEAD = 13 * HOUR
"""After so long a look is due, and begins with a renewal."""


async def test_a_worker_that_ends_gives_back_what_it_was_looking_at(database_url: str, tmp_path: Path):
    async with stage(tmp_path, database_url) as (opened, sandbox):
        async with opened.here(sandbox.world.clock):
            await opened.people.install()
            await opened.people.set_up("manager", VELO_CHANNEL, VELO)
            await opened.people.link("requester", VELO_CHANNEL, "tiktok", "velowerk")
        first = await _looking(opened)
        await first.stop()
        assert first.process.returncode == 0
        await _looking(opened)


async def _looking(opened: Stage) -> Bot:
    """Start a worker, and return it once it is in a look that does not end."""
    await opened.tap("tiktok.creator_info", FOREVER)
    worker = await opened.start(role="worker", ahead=AHEAD, until_well=False)
    await until(opened.is_tapped, "nobody looked at the link", seconds=STARTS_WITHIN)
    return worker
