"""No token, code or secret of an app gets into a log line, an error or a repr, whatever goes wrong."""

import logging
from traceback import format_exception, walk_tb

import pytest

from core.domain.account import Platform
from core.domain.errors import Trouble
from tests.builders import EVERYTHING, an_account
from tests.contract.provider_stages import emulated, linked

MISHAPS = [
    None,
    {"what": "drop_after"},
    {"what": "reset"},
    {"what": "corrupt"},
    {"what": "throttle"},
    {"what": "refuse", "code": "190/458"},
    {"what": "refuse", "code": "http_502"},
]


def talkative(error):
    """Return what the most talkative error reporter prints: every local of every frame of ours."""
    frames = [frame for frame, _ in walk_tb(error.__traceback__) if "/core/" in frame.f_code.co_filename]
    # The one clear argument of the port: single use, and spent by the time that anybody reads of it.
    return [repr(value) for frame in frames for name, value in frame.f_locals.items() if name != "code"]


async def everything(stage, shown):
    """Do all that a provider can, and keep what is answered and what each failure would print."""

    async def attempt(work):
        try:
            shown.append(repr(await work))
        except Trouble as trouble:
            shown.extend([repr(trouble), "".join(format_exception(trouble)), *talkative(trouble)])

    issued = await linked(stage)
    shown.append(repr((issued, stage.provider)))
    stage.advance(hours=25)
    issued = await stage.provider.refresh(issued.credentials, now=stage.clock.now())
    for mishap in MISHAPS:
        await attempt(mishappening(stage, mishap, linked))
        await attempt(
            mishappening(
                stage, mishap, lambda at: at.provider.refresh(issued.credentials, now=at.clock.now())
            )
        )
        await attempt(
            mishappening(stage, mishap, lambda at: at.provider.prove(issued.credentials, needs=EVERYTHING))
        )
        await attempt(stage.provider.visible_link(issued.credentials, an_account(Platform.TIKTOK)))
    await attempt(stage.provider.revoke(issued.credentials))
    await attempt(stage.provider.prove(issued.credentials, needs=EVERYTHING))


async def mishappening(stage, mishap, act):
    if mishap:
        for operation in ("oauth", "me", "user_info"):
            stage.fault(f"{stage.platform}.{operation}", **mishap)
    try:
        return await act(stage)
    finally:
        stage.sandbox.world.faults.clear()


@pytest.mark.parametrize("platform", Platform)
async def test_nothing_secret_shows(platform, caplog):
    for name in (None, "httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, logger=name)
    shown = []
    async with emulated(platform) as stage:
        await everything(stage, shown)
        secrets = [*stage.sandbox.world.mint.minted(), "sandbox-tiktok-secret", "sandbox-instagram-secret"]
    # The emulator's own web server logs the addresses that it is asked for; it is no part of the product.
    lines = [each.getMessage() for each in caplog.records if each.name != "aiohttp.access"]
    assert [each for each in lines if "send_request_headers" in each]
    everything_shown = "\n".join([*lines, *shown])
    assert [each for each in secrets if each in everything_shown] == []
    assert len(secrets) > 10
