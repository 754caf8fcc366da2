"""No token and no upload address gets into a log line, an error or a repr, whatever goes wrong with a post."""

import logging
from traceback import format_exception

import pytest

from core.domain.account import Platform
from core.domain.errors import Trouble
from core.domain.post import Form
from tests.contract.publisher_stages import InMemory, for_instagram, for_tiktok, publishing
from tests.contract.test_provider_secrets import MISHAPS, talkative
from tests.unit.sandbox.films import film

FILM = film()


async def attempted(work, shown):
    """Do it, keep what its answer or its failure would print, and return the answer."""
    try:
        answer = await work
    except Trouble as trouble:
        shown.extend([repr(trouble), "".join(format_exception(trouble)), *talkative(trouble)])
        return None
    shown.append(repr(answer))
    return answer


async def every_step(at, cargo, source, shown):
    """Do each step in each mishap."""
    for mishap in MISHAPS:
        for call in ("prepare", "upload", "ask", "look"):
            at.stage.advance(minutes=2)
            ticket = await at.ready(cargo, source)
            if mishap:
                at.fault(call, **mishap)
            await attempted(at.prepare(cargo), shown)
            await attempted(at.upload(cargo, ticket, source), shown)
            await attempted(at.ask(cargo, ticket, source), shown)
            await attempted(at.look(cargo, ticket), shown)
            at.stage.sandbox.world.faults.clear()


@pytest.mark.parametrize("platform", Platform)
async def test_nothing_secret_shows(platform, caplog):
    for name in (None, "httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, logger=name)
    shown = []
    async with publishing(platform) as at:
        at.stage.switch(**({"posts_a_day": 1_000} if platform is Platform.TIKTOK else {"quota_total": 1_000}))
        if platform is Platform.TIKTOK:
            cargo, source = for_tiktok(len(FILM)), InMemory(FILM)
        else:
            cargo, source = for_instagram(Form.REEL, at.shelf.put("a.mp4", FILM)), None
        await every_step(at, cargo, source, shown)
        secrets = at.stage.sandbox.world.mint.minted()
    lines = [each.getMessage() for each in caplog.records if each.name != "aiohttp.access"]
    everything_shown = "\n".join([*lines, *shown])
    assert "send_request_headers" in everything_shown
    assert [each for each in secrets if each in everything_shown] == []
