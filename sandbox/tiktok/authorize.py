"""TikTok's consent page, /v2/auth/authorize/: what is asked, what the person decides, and where it leads."""

import re
from dataclasses import dataclass

from aiohttp import web
from multidict import MultiMapping

from sandbox import asked, browser
from sandbox.accounts import APP
from sandbox.browser import AS, field
from sandbox.emulator import OUTCOME
from sandbox.oauth import Decision, Permission, is_loopback, read_decision, returned
from sandbox.tiktok.accounts import CLIENT_KEY, TikTokAccount
from sandbox.tiktok.skin import SKIN
from sandbox.tiktok.state import SCOPES, Consent, State

HEX_CHALLENGE = re.compile(r"[0-9a-f]{64}")
ALWAYS = "user.info.basic"
"""Login Kit adds it by default (UI, SCO), and nobody can untick it."""


class OwnPage(Exception):
    """TikTok shows its own error page about this parameter and never calls back (postiz-app issue 1161)."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request for consent that is fit to be shown to a person."""

    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    challenge: str
    silent: bool

    @property
    def permissions(self) -> list[Permission]:
        return [Permission(scope, SCOPES[scope], required=scope == ALWAYS) for scope in self.scopes]


class Authorize:
    """GET shows or silently repeats the consent; POST takes `account`, `scopes` (repeated) and `decision`."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def show(self, request: web.Request) -> web.Response:
        """`&as=handle` preselects the account, `&as=` asks for the chooser."""
        try:
            ask = self._read(request.query)
        except OwnPage as fault:
            return own_page(str(fault))
        handle = request.query.get(AS, browser.signed_in(request, SKIN))
        account = self._state.accounts.find(handle) if handle else None
        if account is None or account.condition == "deleted":
            return browser.chooser(request, SKIN, self._state.accounts.present(), to=APP)
        if (hindrance := self._hindrance(account)) is not None:
            return hindrance
        if ask.silent and AS not in request.query and self._covers(account, ask):
            return self._allow(ask, account, ask.scopes)
        return browser.consent(request, SKIN, account, ask.permissions)

    async def decide(self, request: web.Request) -> web.Response:
        try:
            ask = self._read(request.query)
            decision = self._decision(request, await request.post(), ask)
            account = self._state.accounts.get(decision.handle)
        except OwnPage as fault:
            return own_page(str(fault))
        except asked.AskedError as strange:
            return browser.problem(SKIN, "That form can't be sent", str(strange))
        if not decision.allowed:
            error = self._state.switches.text("cancel_error")
            return self._redirect(
                ask, {"error": error, "error_description": "User denied the authorization."}
            )
        if (hindrance := self._hindrance(account)) is not None:
            return hindrance
        return self._allow(ask, account, decision.scopes)

    def _read(self, query: MultiMapping[str]) -> Ask:
        scopes = field(query, "scope").split(",")
        registration = self._state.registration
        if field(query, "client_key") != CLIENT_KEY:
            raise OwnPage("client_key")
        if field(query, "response_type") != "code":
            raise OwnPage("response_type")
        if field(query, "redirect_uri") not in registration.redirect_uris:
            raise OwnPage("redirect_uri")
        # A list joined by spaces is one unknown scope to TikTok (arctic PR 251).
        if any(scope not in SCOPES or scope not in registration.scopes for scope in scopes):
            raise OwnPage("scope")
        return Ask(
            redirect_uri=field(query, "redirect_uri"),
            scopes=tuple(dict.fromkeys((ALWAYS, *scopes))),
            state=field(query, "state"),
            challenge=self._challenge(query),
            silent=field(query, "disable_auto_auth") != "1",
        )

    def _challenge(self, query: MultiMapping[str]) -> str:
        """The challenge that the exchange will have to match, "" for none."""
        policy, challenge = self._state.switches.text("pkce"), field(query, "code_challenge")
        loopback = is_loopback(field(query, "redirect_uri"))
        demanded = policy == "always" or (policy == "loopback" and loopback)
        if not demanded and (policy == "off" or not loopback or not challenge):
            return ""
        if not HEX_CHALLENGE.fullmatch(challenge) or field(query, "code_challenge_method") != "S256":
            raise OwnPage("code_challenge")
        return challenge

    def _decision(self, request: web.Request, form: MultiMapping[object], ask: Ask) -> Decision:
        return read_decision(form, ask.permissions, browser.signed_in(request, SKIN))

    def _covers(self, account: TikTokAccount, ask: Ask) -> bool:
        return account.grant is not None and set(ask.scopes) <= set(account.grant.scopes)

    def _hindrance(self, account: TikTokAccount) -> web.Response | None:
        if account.condition in {"banned", "deleted"}:
            return browser.problem(
                SKIN, "Account unavailable", "This account can't authorize apps.", code="banned"
            )
        if account.condition == "checkpoint":
            sentence = "Open TikTok and confirm that it is you, then try again."
            return browser.problem(SKIN, "Verify it’s you", sentence, code="checkpoint")
        if not self._state.registration.admits(account.handle):
            # As in TikTok's own sandbox mode for people who weren't invited (postiz-docs 80).
            return own_page("non_sandbox_target")
        return None

    def _allow(self, ask: Ask, account: TikTokAccount, scopes: tuple[str, ...]) -> web.Response:
        consent = Consent(account, scopes, ask.redirect_uri, ask.challenge)
        seconds = self._state.switches.number("code_lifetime_seconds")
        code = self._state.codes.issue(self._state.world.mint.tiktok_code(), consent, seconds)
        response = self._redirect(ask, {"code": code, "scopes": ",".join(scopes)})
        return browser.sign_in(response, SKIN, account.handle)

    def _redirect(self, ask: Ask, answer: dict[str, str]) -> web.Response:
        location = returned(ask.redirect_uri, {**answer, "state": ask.state})
        response = web.Response(status=302, headers={"Location": location})
        response[OUTCOME] = answer.get("error", "ok")
        return response


def own_page(parameter: str) -> web.Response:
    """TikTok's page for developers' mistakes; the browser stays there."""
    response = browser.problem(
        SKIN,
        "Something went wrong",
        "We couldn’t log you in. This may be due to the app’s settings. If you are its developer, correct this "
        "parameter and try again.",
        code=parameter,
    )
    response[OUTCOME] = parameter
    return response
