"""Tokens as every platform has them, on a shelf that forgets the long dead ones."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from sandbox.accounts import AnAccount, Grant
from sandbox.clock import TurnableClock


@dataclass(slots=True, eq=False, kw_only=True)
class Token(Generic[AnAccount]):
    """`scopes` is what was consented to when it was issued, `expires` a time of the epoch that may move forward."""

    value: str
    account: AnAccount
    grant: Grant
    scopes: tuple[str, ...]
    expires: float

    @property
    def granted(self) -> tuple[str, ...]:
        """What it still opens: the owner may have withdrawn a scope since."""
        return tuple(scope for scope in self.scopes if scope in self.grant.scopes)


AToken = TypeVar("AToken", bound=Token)  # type: ignore[type-arg] # a TypeVar's bound can't be generic


class Shelf(Generic[AToken]):
    """Tokens by value, compared exactly, and by grant. Dead ones are remembered for a while."""

    def __init__(self, clock: TurnableClock, remembered: float) -> None:
        self._clock = clock
        self._remembered = remembered
        self._by_value: dict[str, AToken] = {}
        self._by_grant: dict[Grant, list[AToken]] = {}

    def put(self, token: AToken) -> AToken:
        horizon = self._clock.timestamp() - self._remembered
        kept = [one for one in self._by_grant.get(token.grant, ()) if one.expires > horizon]
        for one in self._by_grant.get(token.grant, ()):
            if one.expires <= horizon:
                del self._by_value[one.value]
        self._by_grant[token.grant] = [*kept, token]
        self._by_value[token.value] = token
        return token

    def find(self, value: str) -> AToken | None:
        """The token of this value, dead or alive."""
        return self._by_value.get(value)

    def alive(self, grant: Grant) -> list[AToken]:
        """The tokens of a grant that have not expired."""
        now = self._clock.timestamp()
        return [token for token in self._by_grant.get(grant, ()) if token.expires > now]

    def last_expiry(self, grant: Grant) -> float | None:
        return max((token.expires for token in self.alive(grant)), default=None)
