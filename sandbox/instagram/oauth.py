"""The three token calls: code for a short token, short for long, long for fresh. The first answers flat."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox.instagram.accounts import APP_ID
from sandbox.instagram.errors import Refused, flat_refusal, graph_refusal, unsupported
from sandbox.instagram.gate import Gate
from sandbox.instagram.state import BASIC, SECRETS, Consent, InstagramToken, State
from sandbox.instagram.switches import DAY
from sandbox.oauth import bearer

NEEDED = ("client_id", "client_secret", "grant_type", "redirect_uri", "code")
OTHER_REDIRECT = (
    "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in "
    "the OAuth dialog request"
)


class OAuth:
    """POST api.instagram.com/oauth/access_token, GET graph.instagram.com/access_token and /refresh_access_token."""

    def __init__(self, state: State, gate: Gate) -> None:
        self._state = state
        self._gate = gate

    async def short(self, request: web.Request) -> web.Response:
        """Spends a code, single use and one hour old at most, for a token of one hour."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        if missing := [name for name in NEEDED if not form.get(name)]:
            return flat_refusal(f"Missing required field {missing[0]}")
        if form["client_id"] != APP_ID:
            return flat_refusal("Invalid platform app")
        if form["client_secret"] != SECRETS["instagram"]:
            return flat_refusal("Error validating client secret.")
        if form["grant_type"] != "authorization_code":
            return flat_refusal("Invalid grant_type")
        consent = self._state.codes.spend(form["code"])
        if consent is None:
            return flat_refusal("Matching code was not found or was already used")
        if form["redirect_uri"] != consent.redirect_uri:
            return flat_refusal(OTHER_REDIRECT)
        return web.json_response(self._short_answer(consent))

    async def long(self, request: web.Request) -> web.Response:
        """Only a living short token of a professional account becomes a long one."""
        try:
            token = self._exchangeable(request)
        except Refused as refused:
            return graph_refusal(self._state, refused)
        return self._long_answer(self._state.issue(token.account, token.grant, token.granted, short=False))

    async def refresh(self, request: web.Request) -> web.Response:
        """A long token, a day old at least, not expired, with the basic permission (S6)."""
        try:
            token = self._renewable(request)
        except Refused as refused:
            return graph_refusal(self._state, refused)
        return self._long_answer(self._renew(token))

    def _exchangeable(self, request: web.Request) -> InstagramToken:
        token = self._checked(request, "ig_exchange_token")
        if request.query.get("client_secret") != SECRETS["instagram"]:
            raise Refused(1, None, "Error validating client secret.")
        if not token.short:
            raise Refused(100, None, "The access token is already long-lived.")
        return token

    def _renewable(self, request: web.Request) -> InstagramToken:
        token = self._checked(request, "ig_refresh_token")
        if token.short:
            raise Refused(100, None, "Only long-lived access tokens can be refreshed.")
        self._gate.need(token, BASIC)
        young = self._state.world.clock.timestamp() - token.issued < DAY
        answer = self._state.switches.text("young_refresh")
        if young and answer != "accepted":
            raise Refused(
                int(answer.removeprefix("code_")), None, "The access token is less than 24 hours old."
            )
        return token

    def _checked(self, request: web.Request, grant_type: str) -> InstagramToken:
        if request.query.get("grant_type") != grant_type:
            raise unsupported(request.method)
        header = bearer(request.headers.get("Authorization", ""))
        token = self._gate.token(header or request.query.get("access_token", ""))
        self._gate.must_be_professional(token, request.method)
        return token

    def _renew(self, token: InstagramToken) -> InstagramToken:
        switches, now = self._state.switches, self._state.world.clock.timestamp()
        if switches.text("refresh_string") == "same":
            token.issued, token.expires = now, now + switches.number("long_seconds")
            return token
        if not switches.on("refresh_keeps_old"):
            token.ended = "replaced"
        return self._state.issue(token.account, token.grant, token.granted, short=False)

    def _short_answer(self, consent: Consent) -> Mapping[str, Any]:
        switches, account = self._state.switches, consent.account
        grant = self._state.link(account, consent.scopes)
        token = self._state.issue(account, grant, consent.scopes, short=True)
        user_id = account.id if switches.text("token_user_id") == "app_scoped" else account.user_id
        scopes = list(consent.scopes)
        answer = {
            "access_token": token.value,
            "user_id": int(user_id) if switches.text("token_user_id_type") == "number" else user_id,
            "permissions": scopes if switches.text("token_permissions") == "list" else ",".join(scopes),
        }
        return {"data": [answer]} if switches.text("token_answer") == "data" else answer

    def _long_answer(self, token: InstagramToken) -> web.Response:
        left = round(token.expires - self._state.world.clock.timestamp())
        return web.json_response({"access_token": token.value, "token_type": "bearer", "expires_in": left})
