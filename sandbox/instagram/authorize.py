"""Instagram Login's consent page, /oauth/authorize: what is asked, what the person decides, and where it leads."""

import re
from dataclasses import dataclass

from aiohttp import web
from multidict import MultiMapping

from sandbox import asked, browser
from sandbox.accounts import APP
from sandbox.browser import AS, field
from sandbox.emulator import OUTCOME
from sandbox.instagram.accounts import APP_ID, InstagramAccount
from sandbox.instagram.skin import SKIN
from sandbox.instagram.state import BASIC, CODE_SECONDS, SCOPES, Consent, State
from sandbox.oauth import Permission, read_decision, returned

SUFFIX = "_"
"""`#_` is appended to the redirect and is no part of the code (S1)."""


class OwnPage(Exception):
    """Instagram shows its own error page with this text and never calls back."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request for consent that is fit to be shown to a person."""

    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    fresh_login: bool
    facebook: bool

    @property
    def permissions(self) -> list[Permission]:
        return [Permission(scope, SCOPES[scope], required=scope == BASIC) for scope in self.scopes]


class Authorize:
    """GET shows the consent; POST takes `account`, `scopes` (repeated) and `decision`."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def show(self, request: web.Request) -> web.Response:
        """`&as=handle` preselects the account, `&as=` asks for the chooser."""
        try:
            ask = self._read(request.query)
        except OwnPage as fault:
            return own_page(str(fault))
        session = "" if ask.fresh_login else browser.signed_in(request, SKIN)
        handle = request.query.get(AS, session)
        account = self._state.accounts.find(handle) if handle else None
        if account is None or account.condition == "deleted":
            people = self._state.accounts.present()
            return browser.chooser(request, SKIN, people, to=APP, facebook=ask.facebook)
        if ask.fresh_login and self._state.switches.text("force_reauth") == "drops_on_feed":
            sentence = "You are logged in. Nothing leads back to the app from here."
            return browser.problem(SKIN, "Your feed", sentence, code="feed", status=200)
        return self._hindrance(account) or browser.consent(request, SKIN, account, ask.permissions)

    async def decide(self, request: web.Request) -> web.Response:
        try:
            ask = self._read(request.query)
            form = await request.post()
            decision = read_decision(form, ask.permissions, browser.signed_in(request, SKIN))
            account = self._state.accounts.get(decision.handle)
        except OwnPage as fault:
            return own_page(str(fault))
        except asked.AskedError as strange:
            return browser.problem(SKIN, "That form can’t be sent", str(strange))
        if not decision.allowed:
            return self._cancelled(ask)
        return self._hindrance(account) or self._allow(ask, account, decision.scopes)

    def _read(self, query: MultiMapping[str]) -> Ask:
        scopes = tuple(dict.fromkeys(scope for scope in re.split(r"[,\s]+", field(query, "scope")) if scope))
        registration = self._state.registration
        if field(query, "client_id") != APP_ID:
            raise OwnPage("Invalid platform app")
        if field(query, "redirect_uri") not in registration.redirect_uris:
            raise OwnPage("Invalid redirect_uri")
        if field(query, "response_type") != "code":
            raise OwnPage("Invalid response_type")
        unknown = [one for one in scopes if one not in SCOPES or one not in registration.scopes]
        if unknown or BASIC not in scopes:
            raise OwnPage(f"Invalid Scopes: {unknown[0] if unknown else BASIC + ' is missing'}")
        return Ask(
            redirect_uri=field(query, "redirect_uri"),
            scopes=scopes,
            state=field(query, "state"),
            fresh_login=field(query, "force_reauth") == "true",
            facebook=field(query, "enable_fb_login") not in {"false", "0"},
        )

    def _hindrance(self, account: InstagramAccount) -> web.Response | None:
        if account.condition in {"checkpoint", "unconfirmed"}:
            sentence = "Open Instagram and confirm that it is you, then try again."
            return browser.problem(SKIN, "Help us confirm it’s you", sentence, code=account.condition)
        if account.condition in {"banned", "deleted"}:
            sentence = "This account is disabled and can’t authorize apps."
            return browser.problem(SKIN, "Account unavailable", sentence, code=account.condition)
        if not self._state.registration.admits(account.handle):
            return own_page("Insufficient developer role")
        return None

    def _allow(self, ask: Ask, account: InstagramAccount, scopes: tuple[str, ...]) -> web.Response:
        consent = Consent(account, scopes, ask.redirect_uri)
        code = self._state.codes.issue(self._state.world.mint.instagram_code(), consent, CODE_SECONDS)
        location = returned(ask.redirect_uri, _with_state({"code": code}, ask), SUFFIX)
        response = web.Response(status=302, headers={"Location": location})
        return browser.sign_in(response, SKIN, account.handle)

    def _cancelled(self, ask: Ask) -> web.Response:
        answer = {
            "error": "access_denied",
            "error_reason": "user_denied",
            "error_description": "The user denied your request.",
        }
        location = returned(ask.redirect_uri, _with_state(answer, ask))
        response = web.Response(status=302, headers={"Location": location})
        response[OUTCOME] = "access_denied"
        return response


def own_page(text: str) -> web.Response:
    """Instagram's page for developers' mistakes; the browser stays there."""
    sentence = "The link that brought you here has a mistake. The app’s developer can correct it."
    response = browser.problem(SKIN, "Sorry, this page isn’t available", sentence, code=text)
    response[OUTCOME] = text
    return response


def _with_state(answer: dict[str, str], ask: Ask) -> dict[str, str]:
    return {**answer, "state": ask.state} if ask.state else answer
