"""What the sides of a connection amount to: one state, one reason, what works, and who must act by when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.domain.observation import Capability, Credential, Grant, Standing, Visible, Wanted
from core.domain.sides import Sides

PROOF_LASTS = timedelta(hours=26)
"""A proof older than this is not called fresh: more than a day of looks and retries has failed."""
UNPROVED_AFTER = timedelta(days=3)
"""A proof older than this is none any more: what passes by itself has had its time."""


class State(StrEnum):
    """What a connection amounts to. A state never travels without its reason."""

    PENDING = "pending"
    AUTHORIZED = "authorized"
    REFRESH_REQUIRED = "refresh_required"
    EXPIRED = "expired"
    PARTIALLY_REVOKED = "partially_revoked"
    REVOKED = "revoked"
    CLOSED = "closed"


BROKEN = frozenset({State.EXPIRED, State.PARTIALLY_REVOKED})
"""A person must act now."""
ENDED = frozenset({State.REVOKED, State.CLOSED})
"""Gone on both sides."""


class Reason(StrEnum):
    """Why a connection is in its state. Every reason has a sentence in `bot.views.words`."""

    NEVER_LINKED = "never_linked"
    WORKING = "working"
    RUNS_OUT = "runs_out"
    PROOF_DUE = "proof_due"
    UNPROVED = "unproved"
    RAN_OUT = "ran_out"
    REMOVED_AT_PLATFORM = "removed_at_platform"
    PERMISSION_WITHDRAWN = "permission_withdrawn"
    NOT_PROFESSIONAL = "not_professional"
    OTHER_ACCOUNT_ANSWERS = "other_account_answers"
    CHECKPOINT = "checkpoint"
    RESTRICTED = "restricted"
    PROFILE_LINK_HIDDEN = "profile_link_hidden"
    WE_LET_GO = "we_let_go"
    UNLINK_UNPROVED = "unlink_unproved"
    UNLINK_PROVED = "unlink_proved"
    GONE_BOTH_SIDES = "gone_both_sides"
    ENDED = "ended"


class Block(StrEnum):
    """Why a capability is not there now."""

    NOT_LINKED = "not_linked"
    CREDENTIALS_GONE = "credentials_gone"
    GRANT_GONE = "grant_gone"
    NOT_GRANTED = "not_granted"
    WRONG_ACCOUNT = "wrong_account"
    ACCOUNT_HELD = "account_held"
    UNLINKING = "unlinking"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`capabilities` maps each capability to None (ok) or to what blocks it.

    `act_by` is the moment by which a person must act: that of the judgement where it is already broken. Of what works
    it is the end that only a person can push on, before which nobody has to act; None where there is none.
    """

    state: State
    reason: Reason
    capabilities: Mapping[Capability, Block | None]
    act_by: datetime | None


def judge(sides: Sides, at: datetime) -> Verdict:
    """Return the one verdict on these sides at this moment. Total: every combination has exactly one."""
    credential = sides.credential_at(at)
    if sides.wanted is Wanted.UNLINKED:
        state, reason = _unlinked(sides, credential)
    elif credential is Credential.NONE:
        state, reason = _without_credentials(sides)
    else:
        state, reason = _linked(sides, credential, at)
    return Verdict(
        state=state,
        reason=reason,
        capabilities={each: _block(each, sides, credential, state) for each in Capability},
        act_by=_act_by(state, reason, sides, at),
    )


def _unlinked(sides: Sides, credential: Credential) -> tuple[State, Reason]:
    gone = credential is Credential.NONE
    match sides.grant:
        case Grant.WITHDRAWN:
            return (State.CLOSED, Reason.ENDED) if gone else (State.REVOKED, Reason.UNLINK_PROVED)
        case Grant.UNKNOWN if gone:
            return State.CLOSED, Reason.ENDED
        case _ if gone:
            return State.PARTIALLY_REVOKED, Reason.WE_LET_GO
        case _:
            return State.PARTIALLY_REVOKED, Reason.UNLINK_UNPROVED


def _without_credentials(sides: Sides) -> tuple[State, Reason]:
    match sides.grant:
        case Grant.UNKNOWN:
            return State.PENDING, Reason.NEVER_LINKED
        case Grant.WITHDRAWN:
            return State.REVOKED, Reason.GONE_BOTH_SIDES
        case _:
            return State.PARTIALLY_REVOKED, Reason.WE_LET_GO


def _linked(sides: Sides, credential: Credential, at: datetime) -> tuple[State, Reason]:
    broken = (
        (sides.account is Standing.CHANGED, Reason.OTHER_ACCOUNT_ANSWERS),
        (sides.grant is Grant.WITHDRAWN, Reason.REMOVED_AT_PLATFORM),
        (credential is Credential.EXPIRED, Reason.RAN_OUT),
        # What doesn't even say who it is any more has left the API: only personal accounts do.
        (
            sides.grant is Grant.NARROWED and Capability.IDENTIFY not in sides.granted,
            Reason.NOT_PROFESSIONAL,
        ),
        (sides.grant is Grant.NARROWED, Reason.PERMISSION_WITHDRAWN),
        (sides.account is Standing.CHECKPOINT, Reason.CHECKPOINT),
        (sides.account is Standing.RESTRICTED, Reason.RESTRICTED),
        (sides.visible is Visible.HIDDEN, Reason.PROFILE_LINK_HIDDEN),
    )
    for holds, reason in broken:
        if holds:
            return (State.EXPIRED if reason is Reason.RAN_OUT else State.PARTIALLY_REVOKED), reason
    if credential is Credential.EXPIRING:
        return State.REFRESH_REQUIRED, Reason.RUNS_OUT
    is_fresh = sides.proved_at is not None and at - sides.proved_at <= PROOF_LASTS
    if sides.grant is Grant.PRESENT and is_fresh:
        return State.AUTHORIZED, Reason.WORKING
    is_overdue = sides.proved_at is not None and at - sides.proved_at >= UNPROVED_AFTER
    return State.REFRESH_REQUIRED, Reason.UNPROVED if is_overdue else Reason.PROOF_DUE


def _block(capability: Capability, sides: Sides, credential: Credential, state: State) -> Block | None:
    unwanted = sides.wanted is Wanted.UNLINKED
    blocks = (
        (unwanted and state is State.PARTIALLY_REVOKED, Block.UNLINKING),
        (credential is Credential.NONE, Block.NOT_LINKED),
        (unwanted, Block.UNLINKING),
        (sides.account is Standing.CHANGED, Block.WRONG_ACCOUNT),
        (sides.grant is Grant.WITHDRAWN, Block.GRANT_GONE),
        (credential is Credential.EXPIRED, Block.CREDENTIALS_GONE),
        (sides.account is Standing.CHECKPOINT, Block.ACCOUNT_HELD),
        (sides.account is Standing.RESTRICTED and capability is not Capability.IDENTIFY, Block.ACCOUNT_HELD),
        (capability not in sides.granted, Block.NOT_GRANTED),
    )
    return next((block for holds, block in blocks if holds), None)


def _act_by(state: State, reason: Reason, sides: Sides, at: datetime) -> datetime | None:
    """A proof that is due is the scheduler's work; what runs out is a person's where renewing has not helped."""
    if state in BROKEN:
        return at
    if reason is Reason.RUNS_OUT:
        return sides.ends_at or at
    return sides.refresh_expires_at if state in {State.AUTHORIZED, State.REFRESH_REQUIRED} else None
