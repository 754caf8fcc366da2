"""The three questions of a broken link, answered from evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.account import profile_url
from core.domain.connection import Connection
from core.domain.evidence import Evidence, Source
from core.domain.invitation import Invitation, LinkOutcome
from core.domain.observation import Capability, Grant, Wanted
from core.domain.verdict import Block, Reason, State, Verdict


class Question(StrEnum):
    """What people ask when a link is broken."""

    OPTION_MISSING = "option_missing"
    AUTHORIZATION_FAILS = "authorization_fails"
    UNLINK_DID_NOT_UNLINK = "unlink_did_not_unlink"


class Answer(StrEnum):
    """What the evidence says to a question."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class NextStep(StrEnum):
    """The one thing to do now."""

    NOTHING = "nothing"
    LINK = "link"
    RELINK = "relink"
    RELINK_WITH_ALL_PERMISSIONS = "relink_with_all_permissions"
    MAKE_PROFESSIONAL = "make_professional"
    OPEN_THE_APP = "open_the_app"
    SHOW_PROFILE_LINK = "show_profile_link"
    PROVE = "prove"
    FINISH_UNLINK = "finish_unlink"
    WAIT = "wait"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question, its answer, what it rests on, and when that was seen (None: nothing was seen yet)."""

    question: Question
    answer: Answer
    because: str
    seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """All three answers, the next step, and the profile's address for when nothing else helps."""

    verdict: Verdict
    answers: tuple[Answered, ...]
    next_step: NextStep
    fallback: str | None


_FAILED_ATTEMPTS = frozenset(
    {
        LinkOutcome.CANCELLED,
        LinkOutcome.NOT_PROFESSIONAL,
        LinkOutcome.PLATFORM_REFUSED,
        LinkOutcome.TIMED_OUT,
        LinkOutcome.TOO_FEW_PERMISSIONS,
        LinkOutcome.UNNAMED_ACCOUNT,
        LinkOutcome.WRONG_ACCOUNT,
        LinkOutcome.WRONG_ACCOUNT_DROPPED,
        LinkOutcome.ACCOUNT_IN_USE,
        LinkOutcome.ACCOUNT_HELD,
    }
)


def diagnose(
    connection: Connection,
    needs: frozenset[Capability],
    evidence: Sequence[Evidence],
    last: Invitation | None,
    at: datetime,
    *,
    expected: str | None = None,
) -> Diagnosis:
    """Answer the three questions about a connection.

    `evidence` is newest first; `last` the latest invitation; `expected` the handle that people named beforehand.
    """
    verdict = connection.verdict(at)
    handle = (connection.account.handle if connection.account else None) or expected
    failed = last if _is_about_now(last, verdict) else None
    return Diagnosis(
        verdict=verdict,
        answers=(
            _option_missing(connection, needs, failed),
            _authorization_fails(connection, verdict, evidence, failed),
            _unlink_did_not_unlink(connection, verdict),
        ),
        next_step=_next_step(verdict, failed),
        fallback=profile_url(connection.platform, handle) if handle else None,
    )


def _is_about_now(last: Invitation | None, verdict: Verdict) -> bool:
    """A failed attempt explains a link that doesn't work; it says nothing about one that does, or that was let go."""
    blocked = verdict.capabilities[Capability.IDENTIFY]
    return last is not None and last.outcome in _FAILED_ATTEMPTS and blocked not in {None, Block.UNLINKING}


def _option_missing(
    connection: Connection, needs: frozenset[Capability], failed: Invitation | None
) -> Answered:
    seen = connection.sides.seen.get("granted")

    def answered(answer: Answer, because: str, at: datetime | None = seen) -> Answered:
        return Answered(question=Question.OPTION_MISSING, answer=answer, because=because, seen_at=at)

    if failed and failed.outcome is LinkOutcome.NOT_PROFESSIONAL:
        return answered(Answer.YES, "not_professional", failed.settled_at)
    if failed and failed.outcome is LinkOutcome.TOO_FEW_PERMISSIONS:
        return answered(Answer.YES, f"attempt:{failed.outcome}", failed.settled_at)
    if not connection.is_held or seen is None:
        return answered(Answer.UNKNOWN, "never_seen")
    missing = needs - connection.sides.granted
    if missing:
        return answered(Answer.YES, "not_granted:" + ",".join(sorted(missing)))
    return answered(Answer.NO, "all_granted")


def _authorization_fails(
    connection: Connection, verdict: Verdict, evidence: Sequence[Evidence], failed: Invitation | None
) -> Answered:
    def answered(answer: Answer, because: str, at: datetime | None) -> Answered:
        return Answered(question=Question.AUTHORIZATION_FAILS, answer=answer, because=because, seen_at=at)

    if failed:
        return answered(Answer.YES, f"attempt:{failed.outcome}", failed.settled_at)
    if not connection.is_held:
        return answered(Answer.UNKNOWN, "never_tried", None)
    if verdict.state is State.EXPIRED or connection.sides.grant is Grant.WITHDRAWN:
        proof = next((each for each in evidence if each.source is not Source.PERSON), None)
        return answered(Answer.YES, f"refused:{verdict.reason}", proof.at if proof else None)
    if verdict.reason in {Reason.PROOF_DUE, Reason.UNPROVED}:
        return answered(Answer.UNKNOWN, "proof_due", connection.sides.proved_at)
    return answered(Answer.NO, "proved", connection.sides.proved_at)


def _unlink_did_not_unlink(connection: Connection, verdict: Verdict) -> Answered:
    seen = connection.sides.seen.get("grant")

    def answered(answer: Answer, because: str) -> Answered:
        return Answered(question=Question.UNLINK_DID_NOT_UNLINK, answer=answer, because=because, seen_at=seen)

    if verdict.reason in {Reason.UNLINK_UNPROVED, Reason.WE_LET_GO}:
        return answered(Answer.YES, "platform_still_holds")
    if verdict.reason is Reason.REMOVED_AT_PLATFORM:
        return answered(Answer.YES, "we_still_hold")
    if connection.sides.wanted is Wanted.UNLINKED:
        return answered(Answer.NO, "proved_gone")
    return answered(Answer.NO, "nobody_unlinked")


_STEPS: dict[Reason, NextStep] = {
    Reason.NEVER_LINKED: NextStep.LINK,
    Reason.WORKING: NextStep.NOTHING,
    Reason.RUNS_OUT: NextStep.RELINK,
    Reason.PROOF_DUE: NextStep.WAIT,
    Reason.UNPROVED: NextStep.PROVE,
    Reason.RAN_OUT: NextStep.RELINK,
    Reason.REMOVED_AT_PLATFORM: NextStep.RELINK,
    Reason.PERMISSION_WITHDRAWN: NextStep.RELINK_WITH_ALL_PERMISSIONS,
    Reason.NOT_PROFESSIONAL: NextStep.MAKE_PROFESSIONAL,
    Reason.OTHER_ACCOUNT_ANSWERS: NextStep.RELINK,
    Reason.CHECKPOINT: NextStep.OPEN_THE_APP,
    Reason.RESTRICTED: NextStep.OPEN_THE_APP,
    Reason.PROFILE_LINK_HIDDEN: NextStep.SHOW_PROFILE_LINK,
    Reason.WE_LET_GO: NextStep.FINISH_UNLINK,
    Reason.UNLINK_UNPROVED: NextStep.FINISH_UNLINK,
    Reason.UNLINK_PROVED: NextStep.NOTHING,
    Reason.GONE_BOTH_SIDES: NextStep.LINK,
    Reason.ENDED: NextStep.LINK,
}


def next_step(verdict: Verdict) -> NextStep:
    """Return the one useful step for a verdict: what the button beside a connection does."""
    if (
        verdict.reason is Reason.WE_LET_GO
        and verdict.capabilities[Capability.IDENTIFY] is not Block.UNLINKING
    ):
        return NextStep.RELINK  # we lost hold of what people still want
    return _STEPS[verdict.reason]


def _next_step(verdict: Verdict, failed: Invitation | None) -> NextStep:
    if failed and failed.outcome is LinkOutcome.NOT_PROFESSIONAL:
        return NextStep.MAKE_PROFESSIONAL
    return next_step(verdict)
