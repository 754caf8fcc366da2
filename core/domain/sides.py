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
SAME_END = timedelta(minutes=5)
"""Two stated ends that differ by no more are one: platforms state them as seconds from now."""

_OBSERVED = ("credential", "grant", "visible", "account", "wanted", "granted")
_END = "end"
_RENEWAL = "renewal"
_NAME = "name"
_UNSHOWN = "unshown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Each side as last seen. `seen` says when, by side's name: older evidence does not change it.

    `granted` is what the grant covers. `access_expires_at` and `refresh_expires_at` are the platform's words.
    `proved_at` is the last time the platform itself confirmed identity and grant. `seen` also keeps since when
    the present end has been known (`end`), when a renewal was asked that never got its answer (`renewal`), when the
    account's name was last told (`name`), and since when a profile link is missed (`unshown`).
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

    @property
    def notice_from(self) -> datetime | None:
        """When held credentials begin to count as expiring, unless they are renewed before.

        The notice is a part of the whole term. Counted from the last renewal it would shrink with each one, and an
        end that renewals don't push on would arrive unannounced.
        """
        if self.ends_at is None:
            return None
        known_since = self.seen.get(_END) or self.issued_at or self.ends_at
        return self.ends_at - min(WARN_AHEAD, (self.ends_at - known_since) / 4)

    @property
    def is_renewal_unanswered(self) -> bool:
        """True where a renewal was asked and its answer never stored: what we hold may have been replaced."""
        return _RENEWAL in self.seen

    @property
    def named_at(self) -> datetime | None:
        """When the platform last said what the account is called."""
        return self.seen.get(_NAME)

    @property
    def unshown_since(self) -> datetime | None:
        """When a profile link was first missed that may only be called otherwise now; None where none is missed."""
        return self.seen.get(_UNSHOWN)

    def credential_at(self, at: datetime) -> Credential:
        """What our side amounts to at a moment: held credentials age, refused ones stay refused."""
        if self.credential not in {Credential.HELD, Credential.EXPIRING} or self.ends_at is None:
            return self.credential
        if at >= self.ends_at:
            return Credential.EXPIRED
        return Credential.EXPIRING if at >= (self.notice_from or self.ends_at) else self.credential

    def observe(self, seen: Observation, at: datetime) -> "Sides":
        """Return the sides after an observation made at its source at `at`.

        A side that was seen later than `at` keeps its value: a late webhook does not undo a newer link.
        """
        changes: dict[str, object] = {}
        times = dict(self.seen)
        for name in _OBSERVED:
            value = getattr(seen, name)
            if value is not None and at >= times.get(name, at):
                changes[name] = value
                times[name] = at
        if seen.handle:
            times[_NAME] = max(at, times.get(_NAME, at))
        if seen.visible is not None:
            times.pop(_UNSHOWN, None)
        return replace(self, seen=times, **changes)  # type: ignore[arg-type]  # the names are the fields' own

    def proved(self, at: datetime) -> "Sides":
        """Return the sides after the platform confirmed identity and grant at `at`."""
        return replace(self, proved_at=max(at, self.proved_at or at))

    def unshown(self, at: datetime) -> "Sides":
        """Return the sides once a profile link was missed at `at`. The first time is remembered."""
        return replace(self, seen={_UNSHOWN: at, **self.seen})

    def asking_renewal(self, at: datetime) -> "Sides":
        """Return the sides once a renewal is about to be asked. The first unanswered one is remembered."""
        return replace(self, seen={_RENEWAL: at, **self.seen})

    def renewal_answered(self) -> "Sides":
        """Return the sides once a renewal was answered, whatever the answer."""
        return replace(self, seen={name: at for name, at in self.seen.items() if name != _RENEWAL})

    def holding(self, credentials: Credentials) -> "Sides":
        """Return the sides once these credentials are stored."""
        answered = self.renewal_answered()
        end = credentials.refresh_expires_at or credentials.access_expires_at
        is_pushed_on = self.ends_at is None or end - self.ends_at > SAME_END
        known_since = credentials.issued_at if is_pushed_on else self.seen.get(_END, credentials.issued_at)
        return replace(
            answered,
            issued_at=credentials.issued_at,
            access_expires_at=credentials.access_expires_at,
            refresh_expires_at=credentials.refresh_expires_at,
            seen={**answered.seen, _END: known_since},
        )

    def unrenewable(self, at: datetime) -> "Sides":
        """Return the sides once renewing was refused for good: the access token is all that is left."""
        seen = self.observe(Observation(credential=Credential.EXPIRING), at)
        return replace(seen.renewal_answered(), refresh_expires_at=self.access_expires_at)

    def erased(self, at: datetime) -> "Sides":
        """Return the sides once our copy of the credentials is gone."""
        gone = replace(self.renewal_answered(), credential=Credential.NONE, issued_at=None)
        return replace(
            gone, access_expires_at=None, refresh_expires_at=None, seen={**gone.seen, "credential": at}
        )
