"""Our relation to one account over one provider. Never a boolean."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zlib import crc32

from core.domain.account import CAPPED, Account, Platform
from core.domain.credentials import Credentials
from core.domain.observation import Credential, Grant, Observation, Standing, Visible, Wanted
from core.domain.sides import Sides
from core.domain.verdict import Reason, State, Verdict, judge

PROBE_EVERY = timedelta(hours=6)
"""The longest time between two looks at a connection."""
REFRESH_AT = 0.5
"""The fraction of the access token's stated life after which it is renewed."""
FIRST_RETRY = timedelta(minutes=2)
LAST_RETRY = timedelta(minutes=30)
"""Between the tries of a look that got no answer: from the first to the longest wait."""
ENDING_LOOK = timedelta(minutes=15)
"""How soon an unlink that only a person can finish is looked at again; later each time."""
SOONEST = timedelta(minutes=1)
"""No plan is nearer than this, whatever lifetimes a platform states."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One relation, with its last verdict. Saving compares `version`: a late writer is refused.

    `provider` is the road (`tiktok`, `instagram`, …). `account` stays when credentials are erased, so that a
    relink can insist on the same one. `due_at` is when the scheduler looks next; None means never.
    `failures` counts the looks in a row that got no answer.
    """

    id: str
    workspace: str
    client_id: str
    platform: Platform
    provider: str
    created_at: datetime
    account: Account | None = None
    sides: Sides = field(default_factory=Sides)
    state: State = State.PENDING
    reason: Reason = Reason.NEVER_LINKED
    since: datetime | None = None
    due_at: datetime | None = None
    refresh_at: datetime | None = None
    failures: int = 0
    version: int = 0

    @property
    def is_held(self) -> bool:
        """True while we hold credentials at all, good or bad."""
        return self.sides.credential is not Credential.NONE

    @property
    def is_ending(self) -> bool:
        """True between the wish to unlink and its end, when the credentials are erased."""
        return self.sides.wanted is Wanted.UNLINKED and self.is_held

    @property
    def is_in_use(self) -> bool:
        """True where people want this link and we hold something of it: its grant must not be revoked."""
        return self.is_held and not self.is_ending

    def is_renewal_due(self, now: datetime) -> bool:
        """True where the credentials should be renewed now and can be."""
        renewable = self.sides.credential in {Credential.HELD, Credential.EXPIRING}
        planned = self.refresh_at is not None and now >= self.refresh_at
        return planned and renewable and self.sides.grant is not Grant.WITHDRAWN

    def is_freshly_proved(self, now: datetime) -> bool:
        """True where it works and the last proof is younger than the time between two looks."""
        proved_at = self.sides.proved_at
        is_well = self.state is State.AUTHORIZED and proved_at is not None
        return is_well and now - (proved_at or now) < PROBE_EVERY * 0.9

    def verdict(self, at: datetime) -> Verdict:
        """Return what the sides amount to now; the stored state is only the last one that was noticed."""
        return judge(self.sides, at)

    def observed(self, seen: Observation, *, at: datetime, now: datetime) -> "Connection":
        """Return the connection after an observation made at `at`, judged at `now`.

        A source whose clock runs ahead does not outvote what is seen from now on.
        """
        return self._seeing(seen, min(at, now)).judged(now)

    def linked(
        self, account: Account, credentials: Credentials, seen: Observation, now: datetime
    ) -> "Connection":
        """Return the connection after new credentials were proved for this account.

        Every side begins afresh at `now`, so that no evidence about the former link speaks against this one;
        only what the same profile was seen to show stays.
        """
        is_same = self.account is not None and self.account.same_as(account)
        visible = self.sides.visible if is_same else Visible.UNKNOWN
        proof = replace(
            seen,
            credential=Credential.HELD,
            account=Standing.NORMAL,
            wanted=Wanted.LINKED,
            visible=seen.visible or visible,
        )
        sides = Sides().observe(proof, at=now).holding(credentials).proved(now)
        fresh = replace(self, account=account, sides=sides, failures=0, refresh_at=_renewal_time(credentials))
        return fresh.judged(now).scheduled(now)

    def asking_renewal(self, at: datetime) -> "Connection":
        """Return the connection once a renewal is about to be asked at `at`."""
        return replace(self, sides=self.sides.asking_renewal(at))

    def renewal_answered(self) -> "Connection":
        """Return the connection once a renewal was answered, though not with credentials."""
        return replace(self, sides=self.sides.renewal_answered())

    def renewed(
        self, credentials: Credentials, seen: Observation, *, at: datetime, now: datetime
    ) -> "Connection":
        """Return the connection after its credentials were renewed, asked at `at`.

        That answers no look for a proof: where one is due it stays due, should nobody come to it after all.
        """
        sides = self.sides.observe(replace(seen, credential=Credential.HELD), at).holding(credentials)
        fresh = replace(self, sides=sides, refresh_at=_renewal_time(credentials)).judged(now)
        return replace(fresh, failures=0).scheduled(now) if fresh.is_freshly_proved(now) else fresh

    def unrenewable(self, *, at: datetime, now: datetime) -> "Connection":
        """Return the connection once only the access token is left, and nothing will follow it."""
        left = replace(self, sides=self.sides.unrenewable(at), refresh_at=None, failures=0)
        return left.judged(now).scheduled(now)

    def confirmed(self, seen: Observation, *, at: datetime, now: datetime) -> "Connection":
        """Return the connection after the platform answered a look made at `at`."""
        if self.sides.credential is Credential.EXPIRED and seen.account is not Standing.CHANGED:
            seen = replace(seen, credential=Credential.HELD)  # refused once, and answering again
        after = self._seeing(seen, min(at, now))
        sides = after.sides if seen.account is Standing.CHANGED else after.sides.proved(at)
        return replace(after, sides=sides, failures=0).judged(now).scheduled(now)

    def described(self, told: Account) -> "Connection":
        """Return the connection with what its account last said it allows; silence changes nothing."""
        if self.account is None or not told.details or not self.account.same_as(told):
            return self
        is_all = told.details.get(CAPPED) != "yes"
        details = told.details if is_all else {**self.account.details, **told.details}
        return replace(self, account=replace(self.account, details=details))

    def unshown(self, at: datetime) -> "Connection":
        """Return the connection once its profile link was missed, for a reason that another look may tell."""
        return replace(self, sides=self.sides.unshown(at))

    def refused(self, seen: Observation, *, at: datetime, now: datetime) -> "Connection":
        """Return the connection after a definitive answer against it. Only time or a person changes that."""
        after = replace(self.observed(seen, at=at, now=now), failures=0)
        return after.scheduled(now, renewing=False)

    def postponed(self, now: datetime, until: datetime | None = None) -> "Connection":
        """Return the connection after a look that got no answer: tried again soon, then ever later.

        `until` is when the platform asked to come back. It is believed for the time between two looks: a removal
        meanwhile must not stay unnoticed for longer. What is broken already is not hurried.
        """
        longest = LAST_RETRY if self.state in {State.AUTHORIZED, State.REFRESH_REQUIRED} else PROBE_EVERY
        wait = min(FIRST_RETRY * 2 ** min(self.failures, 10), longest) * self._spread()
        due = max(now + wait, min(until or now, now + PROBE_EVERY))
        return replace(self, failures=self.failures + 1, due_at=due).judged(now)

    def still_granted(self, *, at: datetime, now: datetime) -> "Connection":
        """Return the connection that should end, after the platform answered at `at` that it still grants."""
        asked_at = self.sides.seen.get("wanted", now)
        wait = max(ENDING_LOOK, min((now - asked_at) / 4, PROBE_EVERY))
        return replace(
            self.observed(Observation(grant=Grant.PRESENT), at=at, now=now), due_at=now + wait, failures=0
        )

    def erased(self, now: datetime) -> "Connection":
        """Return the connection once our credentials are gone: there is nothing left to look with."""
        return replace(self, sides=self.sides.erased(now), refresh_at=None, due_at=None, failures=0).judged(
            now
        )

    def judged(self, now: datetime) -> "Connection":
        """Return the connection with its stored state brought up to `now`."""
        verdict = judge(self.sides, now)
        since = self.since if (verdict.state, verdict.reason) == (self.state, self.reason) else now
        return replace(self, state=verdict.state, reason=verdict.reason, since=since or now)

    def scheduled(self, now: datetime, *, renewing: bool = True) -> "Connection":
        """Return the connection with its next look planned: the usual one, its renewal, or its end, whichever is first.

        A renewal is worth a look of its own only where the credentials would end without it. An access token with a
        refresh token behind it may run out between two looks: whoever needs one renews it first, and each renewal
        spared is an answer less to be lost after the platform has replaced the refresh token. `renewing` is False
        where nothing is to be gained from the planned renewal.
        """
        due = now + PROBE_EVERY * self._spread()
        if renewing and self.refresh_at is not None and self.sides.refresh_expires_at is None:
            due = min(due, max(self.refresh_at, now + SOONEST))
        ends_at = self.sides.ends_at
        if ends_at is not None and ends_at > now:
            due = min(due, ends_at)  # an end is noticed when it happens
        return replace(self, due_at=due)

    def hastened(self, at: datetime) -> "Connection":
        """Return the connection with a look at `at`, unless an earlier one is planned."""
        return replace(self, due_at=min(self.due_at or at, at))

    def _seeing(self, seen: Observation, at: datetime) -> "Connection":
        """Return the connection after an observation, not judged yet."""
        account = self.account
        if seen.handle and account:
            account = replace(account, handle=seen.handle)
        return replace(self, sides=self.sides.observe(seen, at), account=account)

    def _spread(self) -> float:
        """A number of this connection's own, from 0.9 to 0.97: what failed together is not tried together.

        What is left of the interval is for looking twice, where the first look was ambiguous.
        """
        return 0.9 + crc32(self.id.encode()) % 1000 / 1000 * 0.07


def _renewal_time(credentials: Credentials) -> datetime:
    return credentials.issued_at + (credentials.access_expires_at - credentials.issued_at) * REFRESH_AT
