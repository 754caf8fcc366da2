"""What every data endpoint asks first: whose token this is, how often it came, and what it may open."""

from aiohttp import web

from sandbox.oauth import bearer
from sandbox.tiktok.accounts import CLIENT_KEY, TikTokAccount
from sandbox.tiktok.errors import Refused
from sandbox.tiktok.state import State
from sandbox.tiktok.tokens import TikTokToken
from sandbox.window import SlidingWindow

MINUTE = 60


class Gate:
    def __init__(self, state: State) -> None:
        self._state = state

    def window(self, a_minute: int) -> SlidingWindow:
        """How an endpoint counts the requests of one token (RL)."""
        return SlidingWindow(self._state.world.clock, limit=a_minute, seconds=MINUTE)

    def token(self, request: web.Request, window: SlidingWindow, *, of_app: bool = False) -> TikTokToken:
        """The living token of the request, counted by itself or with all others `of_app`. Raises Refused."""
        value = bearer(request.headers.get("Authorization", ""))
        if (token := self._state.tokens.access(value)) is None:
            raise Refused("access_token_invalid", "The access token is invalid or not found in the request.")
        if not window.admit(CLIENT_KEY if of_app else value):
            raise Refused("rate_limit_exceeded", "The API rate limit was exceeded. Please try again later.")
        if token.account.ailing:
            raise Refused("internal_error", "Something is wrong. Please try again later.")
        return token

    def need(self, token: TikTokToken, *scopes: str) -> None:
        """Raises Refused unless app and user gave one of these scopes."""
        approved = [scope for scope in scopes if scope in self._state.registration.scopes]
        if not approved:
            raise Refused("scope_permission_missed", f"The app has no permission for {scopes[0]}.")
        if not set(approved) & set(token.granted):
            raise Refused("scope_not_authorized", f"The user did not authorize the scope {scopes[0]}.")

    def offered(self, account: TikTokAccount) -> list[str]:
        """The privacy levels that creator_info names and init takes."""
        switches = self._state.switches
        only_self = not switches.on("audited") and switches.text("unaudited_privacy") == "self_only"
        return ["SELF_ONLY"] if only_self else account.privacy_levels
