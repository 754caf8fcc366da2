"""What a platform gave us to act for an account, with the lifetimes it stated."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.account import Account
from core.domain.observation import Capability
from core.domain.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Tokens and their ends, as the platform said them.

    `refresh` is None where the access token itself is what gets extended (Instagram). `refresh_expires_at` is
    the day after which only a person can help; None where a renewal can always push it on.
    """

    access: Secret
    access_expires_at: datetime
    issued_at: datetime
    refresh: Secret | None = None
    refresh_expires_at: datetime | None = None
    scopes: frozenset[str] = frozenset()

    def same_tokens(self, other: "Credentials") -> bool:
        """True where both are one and the same issue."""
        return (self.access, self.refresh) == (other.access, other.refresh)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """The answer to an exchange or a refresh: new credentials and what they cover.

    `account_id` is the identity the token endpoint named, "" where it named none.
    """

    credentials: Credentials
    granted: frozenset[Capability]
    account_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a look at the platform with these credentials showed: who answers, and what still works."""

    account: Account
    granted: frozenset[Capability]
