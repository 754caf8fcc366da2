"""Who people are, by what Slack says of them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.directory import KNOWN_FOR, SlackDirectory
from core.domain.errors import Passing
from tests.builders import WORKSPACE
from tests.fakes import FrozenClock

GRID = "E0COMPANY"


class Slack:
    """Says the same of everybody."""

    def __init__(self, told: Mapping[str, Any] | Exception) -> None:
        self.told = told
        self.asked = 0

    async def users_info(self, *, user: str) -> Mapping[str, Any]:
        self.asked += 1
        if isinstance(self.told, Exception):
            raise self.told
        return {"user": {"id": user, **self.told}}


def refused(code: str) -> Exception:
    return SlackApiError("no", {"ok": False, "error": code})


def directory(slack: Slack | None, clock: FrozenClock | None = None) -> SlackDirectory:
    async def client(_workspace: str) -> Any:
        return slack

    return SlackDirectory(clients=client, clock=clock or FrozenClock())


@pytest.mark.parametrize(
    ("workspace", "told", "is_colleague", "is_admin"),
    [
        (WORKSPACE, {"team_id": WORKSPACE}, True, False),
        (WORKSPACE, {"team_id": WORKSPACE, "is_admin": True}, True, True),
        (WORKSPACE, {"team_id": WORKSPACE, "is_owner": True}, True, True),
        (WORKSPACE, {"team_id": "T0ELSEWHERE", "is_admin": True}, False, False),
        (WORKSPACE, {"team_id": WORKSPACE, "is_bot": True}, False, False),
        (WORKSPACE, {"team_id": WORKSPACE, "deleted": True}, False, False),
        (WORKSPACE, refused("user_not_found"), False, False),
        (GRID, {"team_id": "T0ELSEWHERE", "is_admin": True}, True, True),
    ],
)
async def test_people_are_who_slack_says(workspace, told, is_colleague, is_admin):
    known = directory(Slack(told))
    assert await known.is_colleague(workspace, "U1") is is_colleague
    assert await known.is_admin(workspace, "U1") is is_admin


async def test_nobody_is_known_where_the_app_is_gone():
    assert not await directory(None).is_colleague(WORKSPACE, "U1")
    assert not await directory(None).is_admin(WORKSPACE, "U1")


@pytest.mark.parametrize("error", [refused("ratelimited"), aiohttp.ClientError(), TimeoutError()])
async def test_what_slack_does_not_say_is_no_answer(error):
    with pytest.raises(Passing):
        await directory(Slack(error)).is_colleague(WORKSPACE, "U1")
    with pytest.raises(Passing):
        await directory(Slack(error)).is_admin(WORKSPACE, "U1")


async def test_an_admin_is_one_for_a_minute():
    clock, slack = FrozenClock(), Slack({"team_id": WORKSPACE, "is_admin": True})
    known = directory(slack, clock)
    assert await known.is_admin(WORKSPACE, "U1")
    slack.told = {"team_id": WORKSPACE}
    assert await known.is_admin(WORKSPACE, "U1")
    clock.turn(KNOWN_FOR + timedelta(seconds=1))
    assert not await known.is_admin(WORKSPACE, "U1")
    assert slack.asked == 2
