"""Who people are in Slack: keeps the Directory port."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspaces import is_org
from core.domain.errors import PlatformDown, Unreachable
from core.ports import Clock

KNOWN_FOR = timedelta(seconds=60)
"""A person who stops being an admin may act as one for this long."""
KNOWN = 5000

Clients = Callable[[str], Awaitable[AsyncWebClient | None]]
"""The client that speaks as us in a workspace; None where the app isn't installed any more."""


class SlackDirectory:
    """Asks `users.info`, and remembers for a minute who is an admin."""

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
        person = await self._own(workspace, user)
        answer = bool(person.get("is_admin") or person.get("is_owner"))
        self._known.pop(key, None)
        self._known[key] = (now, answer)
        while len(self._known) > KNOWN:
            self._known.popitem(last=False)
        return answer

    async def is_colleague(self, workspace: str, user: str) -> bool:
        """Reads whether somebody is one of the workspace's own people. Raises Passing."""
        person = await self._own(workspace, user)
        return bool(person) and not person.get("is_bot") and not person.get("deleted")

    async def _own(self, workspace: str, user: str) -> Mapping[str, Any]:
        """Reads a person of the workspace as Slack has them; nothing where they are none of its own."""
        client = await self._clients(workspace)
        if client is None:
            return {}
        try:
            answer = await client.users_info(user=user)
        except SlackApiError as error:
            code = str(error.response.get("error", "unknown"))
            if code in {"user_not_found", "user_not_visible"}:
                return {}
            raise PlatformDown(f"slack_{code}") from error
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            raise Unreachable("slack_unreachable") from error
        person: Mapping[str, Any] = answer.get("user") or {}
        is_own = person.get("team_id") in {None, workspace} or is_org(workspace)
        return person if is_own else {}
