"""The way to Slack's Web API: one session for all calls, one client per token."""

import aiohttp
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from core.domain.secret import Secret

TIMEOUT = aiohttp.ClientTimeout(total=15, connect=5)


class Api:
    """Makes clients. They share a session, and wait out one rate limit: so they are used after acks only."""

    def __init__(self, base_url: str) -> None:
        self.bare = AsyncWebClient(base_url=base_url, retry_handlers=self._retries())

    @staticmethod
    def _retries() -> list[AsyncRetryHandler]:
        return [
            AsyncConnectionErrorRetryHandler(max_retry_count=1),
            AsyncRateLimitErrorRetryHandler(max_retry_count=1),
            AsyncServerErrorRetryHandler(max_retry_count=1),
        ]

    def client(self, token: Secret) -> AsyncWebClient:
        """Return a client that speaks as the bot this token belongs to."""
        return AsyncWebClient(
            token=token.reveal(),
            base_url=self.bare.base_url,
            session=self.bare.session,
            retry_handlers=self._retries(),
        )

    def hook(self, url: str) -> AsyncWebhookClient:
        """Return a client for a response address."""
        return AsyncWebhookClient(url, session=self.bare.session, retry_handlers=self._retries())

    async def start(self) -> None:
        """Open the session; it belongs to the running event loop."""
        self.bare.session = aiohttp.ClientSession(timeout=TIMEOUT)

    async def stop(self) -> None:
        """Close the session."""
        if self.bare.session is not None:
            await self.bare.session.close()
            self.bare.session = None
