"""The sides of a connection as they were last seen, and how evidence changes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.domain.credentials import Credentials
from core.domain.observation import (
    Capability,
    Credential,
    Grant,
    Observation,
    Standing,
    Visible,
    Wanted,
)

WARN_AHEAD = timedelta(days=30)
"""The longest notice of an end that only a person can push on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Each side as last seen. `seen` says when, by side's name: older evidence does not change it.

    `granted` is what the grant covers. `access_expires_at` and `refresh_expires_at` are the platform's words.
    `proved_at` is the last time the platform itself confirmed identity and grant.
    """

    credential: Credential = Credential.NONE
    grant: Grant = Grant.UNKNOWN
    visible: Visible = Visible.UNKNOWN
    account: Standing = Standing.NORMAL
    wanted: Wanted = Wanted.LINKED
    granted: frozenset[Capability] = frozenset()
    issued_at: datetime | None = None
    access_expires_at: datetime | None = None
    refresh_expires_at: datetime | None = None
    proved_at: datetime | None = None
    seen: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def ends_at(self) -> datetime | None:
        """When the credentials run out for good unless they are renewed before."""
        return self.refresh_expires_at or self.access_expires_at

    def credential_at(self, at: datetime) -> Credential:
        """What our side amounts to at a moment: held credentials age, refused ones stay refused."""
        if self.credential not in {Credential.HELD, Credential.EXPIRING} or self.ends_at is None:
            return self.credential
        if at >= self.ends_at:
            return Credential.EXPIRED
        life = self.ends_at - (self.issued_at or self.ends_at)
        notice = min(WARN_AHEAD, life / 4)
        return Credential.EXPIRING if at >= self.ends_at - notice else self.credential

    def observe(self, seen: Observation, at: datetime) -> "Sides":
        """Return the sides after an observation made at its source at `at`.

        A side that was seen later than `at` keeps its value: a late webhook does not undo a newer link.
        """
        changes: dict[str, object] = {}
        times = dict(self.seen)
        for name in ("credential", "grant", "visible", "account", "wanted", "granted"):
            value = getattr(seen, name)
            if value is not None and at >= times.get(name, at):
                changes[name] = value
                times[name] = at
        return replace(self, seen=times, **changes)  # type: ignore[arg-type]  # the names are the fields' own

    def proved(self, at: datetime) -> "Sides":
        """Return the sides after the platform confirmed identity and grant at `at`."""
        return replace(self, proved_at=max(at, self.proved_at or at))

    def holding(self, credentials: Credentials) -> "Sides":
        """Return the sides once these credentials are stored."""
        return replace(
            self,
            issued_at=credentials.issued_at,
            access_expires_at=credentials.access_expires_at,
            refresh_expires_at=credentials.refresh_expires_at,
        )

    def erased(self) -> "Sides":
        """Return the sides once our copy of the credentials is gone."""
        return replace(
            self, credential=Credential.NONE, issued_at=None, access_expires_at=None, refresh_expires_at=None
        )
