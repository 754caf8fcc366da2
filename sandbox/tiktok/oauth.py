"""POST /v2/oauth/token/ and /v2/oauth/revoke/: flat answers, form bodies, no Authorization header."""

import hashlib
import re
from collections.abc import Mapping

from aiohttp import web

from sandbox.oauth import bearer
from sandbox.tiktok.accounts import CLIENT_KEY
from sandbox.tiktok.errors import oauth_refusal, unsupported_path
from sandbox.tiktok.state import CLIENT_SECRET, REASONS, Consent, State
from sandbox.tiktok.tokens import Pair

FORM = "application/x-www-form-urlencoded"
CLIENT_TOKEN_SECONDS = 7_200
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class OAuth:
    """Exchange, refresh, the client's own token, revoke."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def token(self, request: web.Request) -> web.Response:
        if request.content_type != FORM:
            return self._refuse("invalid_request", f"Content-Type must be {FORM}.")
        form = {name: str(value) for name, value in (await request.post()).items()}
        grants = {
            "authorization_code": self._exchange,
            "refresh_token": self._refresh,
            "client_credentials": self._client,
        }
        if missing := [name for name in ("client_key", "client_secret", "grant_type") if not form.get(name)]:
            return self._refuse("invalid_request", f"{missing[0]} is missing.")
        if (form["client_key"], form["client_secret"]) != (CLIENT_KEY, CLIENT_SECRET):
            return self._refuse("invalid_client")
        if form["grant_type"] not in grants:
            return self._refuse("unsupported_grant_type")
        return grants[form["grant_type"]](form)

    async def revoke(self, request: web.Request) -> web.Response:
        """Ends the grant of the access token in `token`; it must still live, see revoke_takes_expired."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        switches = self._state.switches
        if request.content_type != FORM or bearer(request.headers.get("Authorization", "")):
            return self._refuse("invalid_request", "Send the token as a form field.")
        secret = form.get("client_secret", "" if switches.on("revoke_needs_secret") else CLIENT_SECRET)
        if (form.get("client_key"), secret) != (CLIENT_KEY, CLIENT_SECRET):
            return self._refuse("invalid_client")
        value, tokens = form.get("token", ""), self._state.tokens
        find = tokens.known_access if switches.on("revoke_takes_expired") else tokens.access
        if (token := find(value)) is None:
            return self._refuse(switches.text("revoke_dead_token"), "Access token is invalid or not found.")
        self._state.unlink(token.account, REASONS["developer"], tell=switches.on("own_revoke_webhook"))
        return web.Response(
            text="{}" if switches.text("revoke_answer") == "{}" else "", content_type="application/json"
        )

    async def without_slash(self, _request: web.Request) -> web.Response:
        return unsupported_path()

    def _exchange(self, form: Mapping[str, str]) -> web.Response:
        consent = self._state.codes.spend(form.get("code", ""))
        if consent is None:
            return self._refuse("invalid_grant", "Authorization code is expired or was used.")
        if form.get("redirect_uri") != consent.redirect_uri:
            code = self._state.switches.text("redirect_mismatch_error")
            return self._refuse(code, "Redirect_uri is not matched with the uri when requesting code.")
        if consent.challenge and not _proves(form.get("code_verifier", ""), consent):
            return self._refuse("invalid_request", "Code verifier or code challenge is invalid.")
        grant = self._state.link(consent.account, consent.scopes)
        return self._answer(self._state.tokens.issue(consent.account, grant, consent.scopes))

    def _refresh(self, form: Mapping[str, str]) -> web.Response:
        pair = self._state.tokens.rotate(form.get("refresh_token", ""))
        if pair is None:
            return self._refuse("invalid_grant", "Refresh token is invalid or expired.")
        return self._answer(pair)

    def _client(self, _form: Mapping[str, str]) -> web.Response:
        """A token for TikTok's research products; it opens nothing here."""
        token = self._state.world.mint.tiktok_client_token()
        return web.json_response(
            {"access_token": token, "expires_in": CLIENT_TOKEN_SECONDS, "token_type": "Bearer"}
        )

    def _answer(self, pair: Pair) -> web.Response:
        """Both lifetimes count down what is left."""
        tokens = self._state.tokens
        return web.json_response(
            {
                "access_token": pair.access.value,
                "expires_in": tokens.seconds_left(pair.access),
                "open_id": pair.access.account.open_id,
                "refresh_expires_in": tokens.seconds_left(pair.refresh),
                "refresh_token": pair.refresh.value,
                "scope": ",".join(pair.access.granted),
                "token_type": "Bearer",
            },
            headers={"Cache-Control": "no-store"},
        )

    def _refuse(self, code: str, description: str = "") -> web.Response:
        return oauth_refusal(self._state, code, description)


def _proves(verifier: str, consent: Consent) -> bool:
    """TikTok's challenge is lower-case hex of SHA-256, not the base64url of RFC 7636 (LKD)."""
    return bool(VERIFIER.fullmatch(verifier)) and (
        hashlib.sha256(verifier.encode()).hexdigest() == consent.challenge
    )
