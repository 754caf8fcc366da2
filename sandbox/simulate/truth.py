"""What is really so, read from the emulators: whether the app could use a link now with what it was given."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from sandbox.instagram.accounts import InstagramAccount
from sandbox.instagram.emulator import InstagramEmulator
from sandbox.instagram.state import BASIC, PUBLISH
from sandbox.simulate.figures import AILING
from sandbox.simulate.fleet import Link
from sandbox.tiktok.accounts import TikTokAccount
from sandbox.tiktok.emulator import TikTokEmulator

TIKTOK_SCOPES = frozenset({"user.info.basic", "video.publish", "video.upload"})
INSTAGRAM_SCOPES = frozenset({BASIC, PUBLISH})
NOTICE = timedelta(days=31)
"""An end that renewals don't push on may be announced so long ahead, and some hours more."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the app has of an account: what renews, and what it reads with until that runs out."""

    value: str = ""
    access: str = ""


class Truth:
    """Remembers which tokens reached the app, and asks the emulators what they are still good for."""

    def __init__(self) -> None:
        self._tiktok: TikTokEmulator | None = None
        self._instagram: InstagramEmulator | None = None
        self._accounts: dict[Link, Any] = {}
        self._given: dict[Any, Held] = {}
        self._loses: set[str] = set()

    def attend(self, links: list[Link], tiktok: TikTokEmulator, instagram: InstagramEmulator) -> None:
        """Begin to watch these links; their accounts exist."""
        self._tiktok, self._instagram = tiktok, instagram
        for link in links:
            of = tiktok.state.accounts.get if link.platform == "tiktok" else instagram.state.accounts.get
            self._accounts[link] = of(link.brand.handle)

    def knows(self, link: Link) -> bool:
        """True for a link of this simulation."""
        return link in self._accounts

    def handle(self, link: Link) -> str:
        """What an account is called now."""
        handle: str = self._accounts[link].handle
        return handle

    def is_busy(self, link: Link) -> bool:
        """True while TikTok takes no more posts of an account today."""
        return getattr(self._accounts[link], "posting", "ok") == "too_many_posts"

    def lose_next_answer(self, link: Link) -> None:
        """Have the answer to this account's next renewal lost on its way."""
        self._loses.add(self._accounts[link].birth)

    def is_losing(self, path: str, body: bytes) -> bool:
        """True, once, for the request whose answer is to be lost."""
        if not self._loses or not path.endswith("/oauth/token/") or self._tiktok is None:
            return False
        value = parse_qs(body.decode()).get("refresh_token", [""])[0]
        token = self._tiktok.state.tokens.known_refresh(value)
        if token is None or token.account.birth not in self._loses:
            return False
        self._loses.discard(token.account.birth)
        return True

    def given(self, path: str, answer: bytes) -> None:
        """Remember the tokens in an answer that reached the app."""
        if not path.endswith(("/oauth/token/", "/access_token", "/refresh_access_token")):
            return
        told = json.loads(answer or b"{}")
        if self._tiktok and (token := self._tiktok.state.tokens.known_refresh(told.get("refresh_token", ""))):
            self._given[token.account.birth, "tiktok"] = Held(token.value, told["access_token"])
        elif self._instagram and "token_type" in told:
            found = self._instagram.state.tokens.find(told["access_token"])
            if found is not None:
                self._given[found.account.birth, "instagram"] = Held(found.value)

    def held(self, link: Link) -> Held:
        """Return the tokens that the app has of an account."""
        return self._given.get((self._accounts[link].birth, link.platform), Held())

    def holds(self, link: Link, held: Held) -> None:
        """Correct what the app has: not everything that reached it was kept."""
        self._given[self._accounts[link].birth, link.platform] = held

    def trouble(self, link: Link) -> tuple[str, datetime | None]:
        """Return why a link can't do its job now, "" where it can, and since when, if time alone ended it."""
        account, held = self._accounts[link], self.held(link)
        if isinstance(account, TikTokAccount):
            return self._of_tiktok(account, held)
        return self._of_instagram(link, account, held.value)

    def ends_soon(self, link: Link) -> bool:
        """True where only a person can push on an end that is near."""
        if link.platform != "tiktok" or self._tiktok is None:
            return False
        state = self._tiktok.state
        token = state.tokens.known_refresh(self.held(link).value)
        if token is None:
            return False
        left = token.expires - self._now()
        slides = state.switches.text("refresh_life") == "slides"
        return left <= 0 or (not slides and left < NOTICE.total_seconds())

    def _of_tiktok(self, account: TikTokAccount, held: Held) -> tuple[str, datetime | None]:
        assert self._tiktok is not None
        tokens = self._tiktok.state.tokens
        token, access = tokens.known_refresh(held.value), tokens.known_access(held.access)
        if token is None or token.grant.ended:
            return "removed", None
        ends = max(token.expires, access.expires if access else 0.0)
        if ends <= self._now():
            return "dead", _moment(ends)
        if not TIKTOK_SCOPES.issubset(token.granted):
            return "narrowed", None
        if account.answers_as:
            return "swapped", None
        if account.posting == "banned" or account.condition != "normal":
            return "held", None
        return AILING if account.ailing else "", None

    def _of_instagram(self, link: Link, account: InstagramAccount, value: str) -> tuple[str, datetime | None]:
        assert self._instagram is not None
        token = self._instagram.state.tokens.find(value)
        if token is None or token.grant.ended:
            return "removed", None
        if token.expires <= self._now():
            return "dead", _moment(token.expires)
        if token.ended:
            return "dead", None
        if account.answers_as:
            return "swapped", None
        if account.condition != "normal" or account.type == "PERSONAL":
            return "held", None
        if not INSTAGRAM_SCOPES.issubset(token.granted):
            return "narrowed", None
        return self._of_profile(link, account), None

    def _of_profile(self, link: Link, account: InstagramAccount) -> str:
        if account.ailing:
            return AILING
        return "hidden" if link.brand.shows_link and not self._is_shown(link, account) else ""

    def _is_shown(self, link: Link, account: InstagramAccount) -> bool:
        """What the profile should show is the other half as it is called now."""
        other = self._accounts.get(Link(link.brand, "tiktok"))
        return other is None or (account.bio_link or "").rstrip("/").endswith(f"/@{other.handle}")

    def _now(self) -> float:
        assert self._tiktok is not None
        return self._tiktok.state.world.clock.timestamp()


def _moment(timestamp: float) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)
