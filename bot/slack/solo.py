"""One workspace, served by its bot token: whose it is, is asked once."""

import asyncio
from contextlib import suppress
from itertools import count

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.slack.api import Api
from bot.slack.authorize import Installations, Installed
from core.domain.secret import Secret

_log = structlog.get_logger(__name__)
_PAUSES = (0.1, 0.3, 1.0, 3.0, 10.0)


class Solo:
    """Asks `auth.test` beside the start, and again while Slack can't be reached."""

    def __init__(self, *, token: Secret, api: Api, installations: Installations) -> None:
        self._token = token
        self._api = api
        self._installations = installations
        self._task: asyncio.Task[None] | None = None
        self.problem: str | None = "Slack hasn't said yet whose bot token this is."

    def start(self) -> None:
        """Begin asking."""
        self._task = asyncio.create_task(self._run(), name="whose bot token")

    async def stop(self) -> None:
        """Stop asking."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def ask(self) -> Installed:
        """Return the workspace of the token. Raises SlackApiError for a token that is none."""
        answer = await self._api.client(self._token).auth_test()
        org = answer.get("enterprise_id") if answer.get("is_enterprise_install") else None
        return Installed(
            workspace=str(org or answer["team_id"]),
            token=self._token,
            bot_id=str(answer.get("bot_id") or ""),
            bot_user=str(answer["user_id"]),
        )

    async def _run(self) -> None:
        for attempt in count():
            try:
                self._installations.serve_only(await self.ask())
            except SlackApiError as refused:
                self.problem = f"Slack refuses the bot token: {refused.response.get('error')}."
                _log.error("bot token refused", code=refused.response.get("error"))
            except (SlackClientError, aiohttp.ClientError, TimeoutError) as lost:
                _log.warning("slack unreachable", error=type(lost).__name__)
            else:
                self.problem = None
                return
            await asyncio.sleep(_PAUSES[min(attempt, len(_PAUSES) - 1)])
