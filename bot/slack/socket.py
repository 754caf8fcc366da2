"""Socket mode: for a laptop without a public address. In production Slack calls us over HTTP."""

import asyncio
import logging
from contextlib import suppress

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError, SlackClientError

from core.domain.secret import Secret

_log = structlog.get_logger(__name__)
AGAIN = 3.0
"""Seconds between two attempts to connect the first time; afterwards the library reconnects by itself."""


class Socket:
    """One connection to Slack that opens and closes with the process."""

    def __init__(self, app: AsyncApp, token: Secret) -> None:
        self._app = app
        self._token = token
        self._handler: AsyncSocketModeHandler | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to connect."""
        self._handler = AsyncSocketModeHandler(
            self._app,
            self._token.reveal(),
            logger=logging.getLogger("slack_sdk.socket_mode"),
            web_client=self._app.client,
        )
        self._task = asyncio.create_task(self._connect(self._handler), name="socket to slack")

    async def stop(self) -> None:
        """Disconnect."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._handler is not None:
            await self._handler.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
            self._handler = None

    @property
    def is_up(self) -> bool:
        """True while Slack can reach us; false before the first connection and between two."""
        session = self._handler.client.current_session if self._handler else None
        return session is not None and not session.closed

    async def _connect(self, handler: AsyncSocketModeHandler) -> None:
        while not self.is_up:
            try:
                await handler.connect_async()  # type: ignore[no-untyped-call]  # the same
            except SlackApiError as refused:
                _log.error("socket refused", code=refused.response.get("error"))
            except (SlackClientError, aiohttp.ClientError, TimeoutError) as lost:
                _log.warning("slack unreachable", error=type(lost).__name__)
            else:
                return
            await asyncio.sleep(AGAIN)
