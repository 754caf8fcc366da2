"""What a developer does in Meta's dashboard and what Meta's webhooks do, as control calls."""

import secrets

import aiohttp
from aiohttp import web
from yarl import URL

from sandbox import asked
from sandbox.instagram.state import VERIFY_TOKEN, State


class Portal:
    """POST /_sandbox/webhooks/instagram/handshake and …/event."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def handshake(self, request: web.Request) -> web.Response:
        """Verify the webhook address as the dashboard does; `{verify_token?}` tries another token.

        Answers `{status, verified}`; verified needs 200 and the challenge, as plain text.
        """
        body = await asked.read_json(request)
        asked.only(body, ("verify_token",))
        challenge = str(secrets.randbelow(10**9))
        query = {
            "hub.mode": "subscribe",
            "hub.challenge": challenge,
            "hub.verify_token": asked.text(body, "verify_token", VERIFY_TOKEN),
        }
        status, text = await self._get(URL(self._state.registration.url("webhook_url")).with_query(query))
        verified = (status, text) == (200, challenge)
        self._state.webhook_verified = self._state.webhook_verified or verified
        return web.json_response({"status": status, "verified": verified})

    async def event(self, request: web.Request) -> web.Response:
        """Send `{handle, field, value}` if the account is subscribed to that field and the handshake succeeded."""
        body = await asked.read_json(request)
        asked.only(body, ("handle", "field", "value"))
        account, field = self._state.accounts.get(asked.text(body, "handle")), asked.text(body, "field")
        if not self._state.webhook_verified:
            raise asked.AskedError("The webhook address isn't verified; make the handshake first.")
        if field not in account.subscribed:
            raise asked.AskedError(f"{account.handle!r} isn't subscribed to {field!r}.")
        self._state.notify(account, field, body.get("value"))
        return web.json_response({"sent": True})

    async def _get(self, url: URL) -> tuple[int, str]:
        try:
            async with self._state.world.session.get(url, allow_redirects=False) as answer:
                return answer.status, await answer.text(errors="replace")
        except (aiohttp.ClientError, TimeoutError):
            return 0, ""
