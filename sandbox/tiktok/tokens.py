"""TikTok's tokens: issued in pairs, ended by time, rotation, revocation or the owner's removal of the app."""

from dataclasses import dataclass, field

from sandbox.accounts import Grant
from sandbox.emulator import World
from sandbox.switches import Switches
from sandbox.tiktok.accounts import TikTokAccount
from sandbox.tiktok.switches import LIFETIMES
from sandbox.tokens import Shelf, Token

TikTokToken = Token[TikTokAccount]
REVOKED = "revoked"
"""How a grant ended that the app itself gave back."""


@dataclass(frozen=True, slots=True)
class Pair:
    access: TikTokToken
    refresh: TikTokToken


@dataclass(slots=True)
class Ledger:
    """Every token that was issued, and which of them still work."""

    world: World
    switches: Switches
    _access: Shelf[TikTokToken] = field(init=False)
    _refresh: Shelf[TikTokToken] = field(init=False)
    _rotations: int = 0

    def __post_init__(self) -> None:
        clock, remembered = self.world.clock, self.world.memory.dead_tokens
        self._access, self._refresh = Shelf(clock, remembered), Shelf(clock, remembered)

    def issue(self, account: TikTokAccount, grant: Grant, scopes: tuple[str, ...]) -> Pair:
        """A new pair with the lifetimes of the regime that the switch names."""
        refresh = self._new_refresh(account, grant, scopes, self._now() + self._lifetimes()[1])
        return Pair(self._new_access(account, grant, scopes), refresh)

    def access(self, value: str) -> TikTokToken | None:
        """The living access token of this value."""
        return self._if_alive(self._access.find(value))

    def known_access(self, value: str) -> TikTokToken | None:
        """The access token of this value though it expired, unless its grant is over."""
        token = self._access.find(value)
        return token if token is not None and not token.grant.ended else None

    def known_refresh(self, value: str) -> TikTokToken | None:
        """The refresh token of this value, dead or alive."""
        return self._refresh.find(value)

    def rotate(self, value: str) -> Pair | None:
        """Spend a refresh token; None when it is unknown, replaced, expired, or its grant is over.

        By switch it outlives the app's own revoke, though what it brings opens nothing.
        """
        old = self._refresh.find(value)
        if old is None or (self._if_alive(old) is None and not self._is_spared(old)):
            return None
        if self.switches.on("refresh_kills_access"):
            self._end(self._access, old.grant)
        access = self._new_access(old.account, old.grant, old.granted)
        return Pair(access, self._replace(old) if self._rotates() else old)

    def end_all(self, grant: Grant) -> None:
        """End the tokens of a grant that itself goes on."""
        self._end(self._access, grant)
        self._end(self._refresh, grant)

    def seconds_left(self, token: TikTokToken) -> int:
        return max(0, round(token.expires - self._now()))

    def expiries(self, grant: Grant) -> tuple[float | None, float | None]:
        """When the last living access and refresh token of the grant expire."""
        return self._access.last_expiry(grant), self._refresh.last_expiry(grant)

    def _replace(self, old: TikTokToken) -> TikTokToken:
        slides = self.switches.text("refresh_life") == "slides"
        expires = self._now() + self._lifetimes()[1] if slides else old.expires
        old.expires = min(old.expires, self._now() + self.switches.number("rotation_grace_seconds"))
        return self._new_refresh(old.account, old.grant, old.granted, expires)

    def _rotates(self) -> bool:
        self._rotations += 1
        policy = self.switches.text("rotation")
        return policy == "always" or (policy == "every_other" and self._rotations % 2 == 1)

    def _new_access(self, account: TikTokAccount, grant: Grant, scopes: tuple[str, ...]) -> TikTokToken:
        value, expires = self.world.mint.tiktok_access_token(), self._now() + self._lifetimes()[0]
        return self._access.put(
            Token(value=value, account=account, grant=grant, scopes=scopes, expires=expires)
        )

    def _new_refresh(
        self, account: TikTokAccount, grant: Grant, scopes: tuple[str, ...], expires: float
    ) -> TikTokToken:
        value = self.world.mint.tiktok_refresh_token()
        return self._refresh.put(
            Token(value=value, account=account, grant=grant, scopes=scopes, expires=expires)
        )

    def _if_alive(self, token: TikTokToken | None) -> TikTokToken | None:
        if token is None or token.grant.ended or token.expires <= self._now():
            return None
        return token

    def _is_spared(self, token: TikTokToken) -> bool:
        given_back = token.grant.ended == REVOKED and token.expires > self._now()
        return given_back and self.switches.on("revoke_spares_refresh")

    def _end(self, shelf: Shelf[TikTokToken], grant: Grant) -> None:
        for token in shelf.alive(grant):
            token.expires = self._now()

    def _lifetimes(self) -> tuple[int, int]:
        return LIFETIMES[self.switches.text("lifetimes")]

    def _now(self) -> float:
        return self.world.clock.timestamp()
