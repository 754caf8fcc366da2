"""Socket mode: for a laptop without a public address. In production Slack calls us over HTTP."""

import logging

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from core.domain.secret import Secret


class Socket:
    """One connection to Slack that opens and closes with the process."""

    def __init__(self, app: AsyncApp, token: Secret) -> None:
        self._app = app
        self._token = token
        self._handler: AsyncSocketModeHandler | None = None

    async def start(self) -> None:
        """Connect; the library keeps the connection up from then on."""
        self._handler = AsyncSocketModeHandler(
            self._app,
            self._token.reveal(),
            logger=logging.getLogger("slack_sdk.socket_mode"),
            web_client=self._app.client,
        )
        await self._handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped

    async def stop(self) -> None:
        """Disconnect."""
        if self._handler is not None:
            await self._handler.close_async()  # type: ignore[no-untyped-call]  # the same
            self._handler = None

    @property
    def is_up(self) -> bool:
        """True while Slack can reach us; false before `start` and between connections."""
        session = self._handler.client.current_session if self._handler else None
        return session is not None and not session.closed
