"""A person was asked to link an account: from the button in Slack to the platform's answer."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.domain.account import Account, Platform
from core.domain.observation import Capability
from core.domain.refusals import Unlawful
from core.domain.secret import Secret

INVITATION_LIFE = timedelta(minutes=30)
"""How long a button works: as long as Slack lets us replace the message that holds it."""
STATE_LIFE = timedelta(minutes=10)
"""How long a person may stay on the platform's page."""
ARRIVAL_TAKES = timedelta(minutes=2)
"""How long taking in what came back may take at most: an invitation outlasts its attempts by that."""
HELD_LIFE = timedelta(minutes=10)
"""How long a wrong account waits for a decision."""


class InvitationStep(StrEnum):
    """Where an invitation stands; past tense once it is over."""

    OPEN = "open"
    HELD = "held"
    LINKED = "linked"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    SUPERSEDED = "superseded"
    TIMED_OUT = "timed_out"


LAWFUL: dict[InvitationStep, frozenset[InvitationStep]] = {
    InvitationStep.OPEN: frozenset(
        {
            InvitationStep.HELD,
            InvitationStep.LINKED,
            InvitationStep.CANCELLED,
            InvitationStep.REFUSED,
            InvitationStep.SUPERSEDED,
            InvitationStep.TIMED_OUT,
        }
    ),
    InvitationStep.HELD: frozenset(
        {InvitationStep.LINKED, InvitationStep.REFUSED, InvitationStep.SUPERSEDED, InvitationStep.TIMED_OUT}
    ),
    InvitationStep.LINKED: frozenset(),
    InvitationStep.CANCELLED: frozenset(),
    InvitationStep.REFUSED: frozenset(),
    InvitationStep.SUPERSEDED: frozenset(),
    InvitationStep.TIMED_OUT: frozenset(),
}


class LinkOutcome(StrEnum):
    """What came of one attempt; each has its own words on the page and in Slack.

    With FEWER_PERMISSIONS the account is linked all the same. With TOO_FEW_PERMISSIONS what is missing also kept the
    platform from telling whether it is the expected account, so nothing is kept. An UNNAMED_ACCOUNT grants all that
    is needed and yet shows no handle to compare: it is held aside like a wrong one.
    """

    LINKED = "linked"
    RELINKED = "relinked"
    ADOPTED = "adopted"
    CANCELLED = "cancelled"
    FEWER_PERMISSIONS = "fewer_permissions"
    TOO_FEW_PERMISSIONS = "too_few_permissions"
    WRONG_ACCOUNT = "wrong_account"
    UNNAMED_ACCOUNT = "unnamed_account"
    WRONG_ACCOUNT_DROPPED = "wrong_account_dropped"
    ACCOUNT_IN_USE = "account_in_use"
    NOT_PROFESSIONAL = "not_professional"
    ACCOUNT_HELD = "account_held"
    PLATFORM_DOWN = "platform_down"
    PLATFORM_REFUSED = "platform_refused"
    TIMED_OUT = "timed_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """One person's invitation to link one connection. At most one is unsettled per connection.

    `token_hash` recognises the address in the button; `token` draws that button anew, and is gone once it leads
    nowhere. `slip` names the private message that holds the button: those asked for at once share one. `response_url`
    answers the person privately; `replaceable`: in place of the slip. Both it and `token` are capabilities, sealed at
    rest. `relink` says that the connection had an account before. `missing` is what came back switched off.
    `decided_by` is who decided about a held account, "" where time did. `news` are the messages that asked people
    to decide, as Slack names them: channel and ts.
    """

    id: str
    workspace: str
    client_id: str
    connection_id: str
    platform: Platform
    person: str
    channel: str
    token_hash: str
    created_at: datetime
    expires_at: datetime
    token: Secret | None = None
    slip: str = ""
    step: InvitationStep = InvitationStep.OPEN
    relink: bool = False
    response_url: Secret | None = None
    replaceable: bool = False
    found: Account | None = None
    outcome: LinkOutcome | None = None
    missing: frozenset[Capability] = frozenset()
    settled_at: datetime | None = None
    decided_by: str = ""
    news: tuple[tuple[str, str], ...] = ()
    version: int = 0

    def to(
        self,
        step: InvitationStep,
        *,
        at: datetime,
        outcome: LinkOutcome | None = None,
        found: Account | None = None,
    ) -> "Invitation":
        """Return the invitation one lawful step further. Raises Unlawful."""
        if step not in LAWFUL[self.step]:
            raise Unlawful(f"{self.step} -> {step}")
        settled = at if not LAWFUL[step] else None
        return replace(
            self,
            step=step,
            outcome=outcome or self.outcome,
            found=found or self.found,
            settled_at=settled,
            token=None,
        )

    def outlasting(self, until: datetime) -> "Invitation":
        """Return the invitation with enough life for an attempt that ends at `until`."""
        return replace(self, expires_at=max(self.expires_at, until))

    def letting_go(self, at: datetime, *, by: str = "") -> "Invitation":
        """Return the invitation once nobody can adopt the held account any more, and it is to be let go.

        It stays unsettled and overdue, so that a letting go which is interrupted is taken up again; that changes
        nothing about whose decision it was.
        """
        if self.step is not InvitationStep.HELD:
            raise Unlawful(f"{self.step} holds no account")
        return replace(
            self,
            outcome=LinkOutcome.WRONG_ACCOUNT_DROPPED,
            expires_at=min(at, self.expires_at),
            decided_by=self.decided_by if self.is_let_go else by,
        )

    @property
    def is_let_go(self) -> bool:
        """True once it is decided that the held account goes, done or not."""
        return self.outcome is LinkOutcome.WRONG_ACCOUNT_DROPPED

    def is_open(self, at: datetime) -> bool:
        """True while the button still leads somewhere."""
        return self.step is InvitationStep.OPEN and at < self.expires_at

    def awaits_decision(self, at: datetime) -> bool:
        """True while a wrong account is held aside for a person to decide about."""
        return self.step is InvitationStep.HELD and not self.is_let_go and at < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthState:
    """The value that travels to the platform and back: single use, short, bound to one browser.

    Only hashes are kept: of the value itself and of the cookie of the browser that began.
    """

    state_hash: str
    invitation_id: str
    browser_hash: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
