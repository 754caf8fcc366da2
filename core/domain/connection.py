"""Our relation to one account over one provider. Never a boolean."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.domain.account import Account, Platform
from core.domain.credentials import Credentials
from core.domain.observation import Credential, Grant, Observation, Wanted
from core.domain.sides import Sides
from core.domain.verdict import Reason, State, Verdict, judge

PROBE_EVERY = timedelta(hours=6)
REFRESH_AT = 0.5
"""The fraction of the access token's stated life after which it is renewed."""
REFRESH_NOT_BEFORE = timedelta(hours=25)
"""Instagram refuses to extend a token younger than 24 h (facts: instagram §1.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One relation, with its last verdict. Saving compares `version`: a late writer is refused.

    `provider` is the road (`tiktok`, `instagram`, …). `account` stays when credentials are erased, so that a
    relink can insist on the same one. `due_at` is when the scheduler looks next; None means never.
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

    def verdict(self, at: datetime) -> Verdict:
        """Return what the sides amount to now; the stored state is only the last one that was noticed."""
        return judge(self.sides, at)

    def observed(self, seen: Observation, *, at: datetime, now: datetime) -> "Connection":
        """Return the connection after an observation made at `at`, judged at `now`."""
        account = self.account
        if seen.handle and account:
            account = replace(account, handle=seen.handle)
        return replace(self, sides=self.sides.observe(seen, at), account=account).judged(now)

    def linked(
        self, account: Account, credentials: Credentials, seen: Observation, now: datetime
    ) -> "Connection":
        """Return the connection after new credentials were proved for this account. Starts its clock afresh."""
        sides = (
            Sides(visible=self.sides.visible, seen=self.sides.seen)
            .observe(
                replace(seen, credential=Credential.HELD, wanted=Wanted.LINKED, account=seen.account), at=now
            )
            .holding(credentials)
            .proved(now)
        )
        fresh = replace(self, account=account, sides=sides, failures=0)
        return fresh.scheduled(now).judged(now)

    def renewed(self, credentials: Credentials, seen: Observation, now: datetime) -> "Connection":
        """Return the connection after its credentials were renewed."""
        sides = self.sides.observe(replace(seen, credential=Credential.HELD), at=now).holding(credentials)
        return replace(self, sides=sides, failures=0).scheduled(now).judged(now)

    def erased(self, now: datetime) -> "Connection":
        """Return the connection once our credentials are gone."""
        return replace(self, sides=self.sides.erased(), refresh_at=None).judged(now)

    def judged(self, now: datetime) -> "Connection":
        """Return the connection with its stored state brought up to `now`."""
        verdict = judge(self.sides, now)
        since = self.since if (verdict.state, verdict.reason) == (self.state, self.reason) else now
        return replace(self, state=verdict.state, reason=verdict.reason, since=since or now)

    def scheduled(self, now: datetime) -> "Connection":
        """Return the connection with its next looks planned from the lifetimes the platform stated."""
        sides = self.sides
        refresh_at = None
        if sides.credential is Credential.HELD and sides.issued_at and sides.access_expires_at:
            life = sides.access_expires_at - sides.issued_at
            refresh_at = sides.issued_at + max(life * REFRESH_AT, min(REFRESH_NOT_BEFORE, life * 0.75))
        due = now + PROBE_EVERY
        return replace(self, refresh_at=refresh_at, due_at=min(due, refresh_at) if refresh_at else due)

    @property
    def is_held(self) -> bool:
        """True while we hold credentials at all, good or bad."""
        return self.sides.credential is not Credential.NONE

    @property
    def is_ending(self) -> bool:
        """True between the wish to unlink and its proof."""
        return self.sides.wanted is Wanted.UNLINKED and self.sides.grant is not Grant.WITHDRAWN
