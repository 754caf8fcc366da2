"""Who people are in Slack: keeps the Directory port."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from core.domain.errors import PlatformDown, Unreachable
from core.ports import Clock

KNOWN_FOR = timedelta(seconds=60)
"""A person who stops being an admin may act as one for this long."""
KNOWN = 5000

Clients = Callable[[str], Awaitable[AsyncWebClient | None]]
"""The client that speaks as us in a workspace; None where the app isn't installed any more."""


class SlackDirectory:
    """Asks `users.info`, and remembers the answer for a minute."""

    def __init__(self, *, clients: Clients, clock: Clock) -> None:
        self._clients = clients
        self._clock = clock
        self._known: OrderedDict[tuple[str, str], tuple[datetime, bool]] = OrderedDict()

    async def is_admin(self, workspace: str, user: str) -> bool:
        """Reads whether a person administers the workspace. Raises Passing."""
        key, now = (workspace, user), self._clock.now()
        known = self._known.get(key)
        if known is not None and timedelta() <= now - known[0] < KNOWN_FOR:
            return known[1]
        answer = await self._ask(workspace, user)
        self._known.pop(key, None)
        self._known[key] = (now, answer)
        while len(self._known) > KNOWN:
            self._known.popitem(last=False)
        return answer

    async def _ask(self, workspace: str, user: str) -> bool:
        client = await self._clients(workspace)
        if client is None:
            return False
        try:
            answer = await client.users_info(user=user)
        except SlackApiError as error:
            code = str(error.response.get("error", "unknown"))
            if code in {"user_not_found", "user_not_visible"}:
                return False
            raise PlatformDown(f"slack_{code}") from error
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            raise Unreachable("slack_unreachable") from error
        person = answer.get("user") or {}
        if person.get("team_id") not in {None, workspace} and not workspace.startswith("E"):
            return False
        return bool(person.get("is_admin") or person.get("is_owner"))
