"""What every Graph call passes first: which token it is, whether it still lives, and how much traffic it caused."""

import json
import re

from aiohttp import web

from sandbox.instagram.accounts import APP_ID, InstagramAccount
from sandbox.instagram.errors import IG_API, Refused, unsupported
from sandbox.instagram.state import InstagramToken, State
from sandbox.instagram.switches import DAY
from sandbox.window import SlidingWindow

CALLS_PER_IMPRESSION = 4_800
QUIET_CALLS = 10
"""Usage headers appear only after some traffic (S15a); how much is our guess."""

NOT_BUSINESS = "The user is not an Instagram Business."
UNREADABLE = "Invalid OAuth access token - Cannot parse access token"
READABLE = re.compile(r"IGAA[A-Za-z0-9]{20,}")


class Gate:
    def __init__(self, state: State) -> None:
        self._state = state
        self._calls = SlidingWindow(state.world.clock, limit=CALLS_PER_IMPRESSION, seconds=DAY)

    def token(self, value: str) -> InstagramToken:
        """The living token of this text; raises Refused with 190 and the subcode of what ended it."""
        token = self._state.tokens.find(value)
        if token is None:
            raise Refused(190, None, "" if READABLE.fullmatch(value) else UNREADABLE)
        switches = self._state.switches
        if token.grant.ended:
            removed = switches.text("removed_subcode")
            raise Refused(190, None if removed == "none" else int(removed))
        if token.ended == "password":
            raise Refused(190, switches.number("password_subcode"))
        if token.ended:
            raise Refused(190, 467)
        if token.expires <= self._state.world.clock.timestamp():
            raise Refused(190, 463)
        self._check_person(token.account)
        return token

    def admit(self, account: InstagramAccount) -> None:
        """Count one call of the account; raises Refused when 4,800 times its impressions were made in 24 hours."""
        if not self._calls.admit(account.user_id, self._budget(account)):
            raise Refused(80002)

    def must_be_professional(self, token: InstagramToken, method: str) -> None:
        """A personal account was seen to get the answer of a path that doesn't exist (postiz issue 638)."""
        if token.account.type == "PERSONAL":
            answer = self._state.switches.text("personal_account")
            raise unsupported(method) if answer == IG_API else Refused(int(answer), None, NOT_BUSINESS)

    def need(self, token: InstagramToken, *permissions: str) -> None:
        if any(permission not in token.granted for permission in permissions):
            raise Refused(self._state.switches.number("missing_permission"))

    def report(self, response: web.Response, account: InstagramAccount) -> web.Response:
        """Put the usage headers on, percentages and minutes, once there was some traffic."""
        used, budget = self._calls.used(account.user_id), self._budget(account)
        if used <= QUIET_CALLS:
            return response
        percent = min(100, used * 100 // max(1, budget))
        minutes = round(self._calls.wait(account.user_id) / 60) if used >= budget else 0
        load = {"call_count": percent, "total_cputime": 1, "total_time": 1}
        case = {"type": "instagram", **load, "estimated_time_to_regain_access": minutes}
        response.headers["X-App-Usage"] = json.dumps(load)
        response.headers["X-Business-Use-Case-Usage"] = json.dumps({APP_ID: [case]})
        return response

    @staticmethod
    def _check_person(account: InstagramAccount) -> None:
        if account.condition == "checkpoint":
            raise Refused(190, 459)
        if account.condition == "unconfirmed":
            raise Refused(190, 464)
        if account.condition == "banned":
            raise Refused(190, 0)
        if account.ailing:
            raise Refused(100, 33)

    def _budget(self, account: InstagramAccount) -> int:
        least = self._state.switches.number("calls_without_impressions")
        return max(least, CALLS_PER_IMPRESSION * account.impressions)
