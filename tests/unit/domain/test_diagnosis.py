"""The three questions of a broken link, for every way in which it can break."""

from datetime import timedelta

import pytest

from core.domain.diagnosis import Answer, NextStep, diagnose
from core.domain.evidence import Source
from core.domain.invitation import LinkOutcome
from core.domain.observation import Capability, Credential, Grant, Observation, Standing, Visible, Wanted
from core.domain.verdict import Reason
from tests.builders import (
    EVERYTHING,
    NOW,
    a_connection,
    a_linked_connection,
    an_evidence,
    an_invitation,
)

Y, N, U = Answer.YES, Answer.NO, Answer.UNKNOWN
UNWANTED = Observation(wanted=Wanted.UNLINKED)


def seen(connection, **what):
    return connection.observed(Observation(**what), at=NOW, now=NOW)


def erased(**what):
    return seen(a_linked_connection(), **what).erased(NOW)


def aged(days):
    return a_linked_connection(linked_at=NOW - timedelta(days=days))


CASES = [
    (a_connection(), Reason.NEVER_LINKED, (U, U, N), NextStep.LINK),
    (a_linked_connection(), Reason.WORKING, (N, N, N), NextStep.NOTHING),
    (aged(2), Reason.PROOF_DUE, (N, U, N), NextStep.WAIT),
    (aged(3), Reason.UNPROVED, (N, U, N), NextStep.PROVE),
    (aged(340), Reason.RUNS_OUT, (N, N, N), NextStep.RELINK),
    (aged(400), Reason.RAN_OUT, (N, Y, N), NextStep.RELINK),
    (
        seen(a_linked_connection(), grant=Grant.WITHDRAWN),
        Reason.REMOVED_AT_PLATFORM,
        (N, Y, Y),
        NextStep.RELINK,
    ),
    (
        seen(a_linked_connection(), grant=Grant.NARROWED, granted=frozenset({Capability.IDENTIFY})),
        Reason.PERMISSION_WITHDRAWN,
        (Y, N, N),
        NextStep.RELINK_WITH_ALL_PERMISSIONS,
    ),
    (
        seen(a_linked_connection(), account=Standing.CHANGED),
        Reason.OTHER_ACCOUNT_ANSWERS,
        (N, N, N),
        NextStep.RELINK,
    ),
    (
        seen(a_linked_connection(), grant=Grant.NARROWED, granted=frozenset()),
        Reason.NOT_PROFESSIONAL,
        (Y, N, N),
        NextStep.MAKE_PROFESSIONAL,
    ),
    (
        seen(a_linked_connection(), account=Standing.CHECKPOINT),
        Reason.CHECKPOINT,
        (N, N, N),
        NextStep.OPEN_THE_APP,
    ),
    (
        seen(a_linked_connection(), account=Standing.RESTRICTED),
        Reason.RESTRICTED,
        (N, N, N),
        NextStep.OPEN_THE_APP,
    ),
    (
        seen(a_linked_connection(), visible=Visible.HIDDEN),
        Reason.PROFILE_LINK_HIDDEN,
        (N, N, N),
        NextStep.SHOW_PROFILE_LINK,
    ),
    (erased(), Reason.WE_LET_GO, (U, U, Y), NextStep.RELINK),
    (erased(wanted=Wanted.UNLINKED), Reason.WE_LET_GO, (U, U, Y), NextStep.FINISH_UNLINK),
    (
        seen(a_linked_connection(), wanted=Wanted.UNLINKED),
        Reason.UNLINK_UNPROVED,
        (N, N, Y),
        NextStep.FINISH_UNLINK,
    ),
    (
        seen(a_linked_connection(), wanted=Wanted.UNLINKED, grant=Grant.WITHDRAWN),
        Reason.UNLINK_PROVED,
        (N, Y, N),
        NextStep.NOTHING,
    ),
    (erased(grant=Grant.WITHDRAWN), Reason.GONE_BOTH_SIDES, (U, U, N), NextStep.LINK),
    (erased(wanted=Wanted.UNLINKED, grant=Grant.WITHDRAWN), Reason.ENDED, (U, U, N), NextStep.LINK),
]


def diagnosed(connection, last=None, evidence=(), **options):
    return diagnose(connection, EVERYTHING, evidence, last, NOW, **options)


def answered(diagnosis, number):
    found = diagnosis.answers[number]
    return found.answer, found.because, found.seen_at


def test_every_reason_is_diagnosed():
    assert {reason for _, reason, _, _ in CASES} == set(Reason)


@pytest.mark.parametrize(("connection", "reason", "answers", "step"), CASES)
def test_each_reason_has_its_answers_and_its_step(connection, reason, answers, step):
    diagnosis = diagnosed(connection)
    assert diagnosis.verdict.reason is reason
    assert tuple(each.answer for each in diagnosis.answers) == answers
    assert diagnosis.next_step is step


def test_a_missing_permission_is_named():
    narrowed = seen(a_linked_connection(), granted=frozenset({Capability.IDENTIFY}))
    assert answered(diagnosed(narrowed), 0) == (Y, "not_granted:publish,publish_draft", NOW)


def failed(outcome):
    return an_invitation(outcome=outcome, settled_at=NOW)


def test_a_personal_account_is_why_the_option_is_missing():
    diagnosis = diagnosed(a_connection(), failed(LinkOutcome.NOT_PROFESSIONAL))
    assert answered(diagnosis, 0) == (Y, "not_professional", NOW)
    assert diagnosis.next_step is NextStep.MAKE_PROFESSIONAL


def test_a_failed_attempt_is_why_authorization_fails():
    assert answered(diagnosed(a_connection(), failed(LinkOutcome.CANCELLED)), 1) == (
        Y,
        "attempt:cancelled",
        NOW,
    )


def test_a_failed_attempt_says_nothing_about_a_link_that_works():
    diagnosis = diagnosed(a_linked_connection(), failed(LinkOutcome.NOT_PROFESSIONAL))
    assert [each.answer for each in diagnosis.answers] == [N, N, N]
    assert diagnosis.next_step is NextStep.NOTHING


def test_a_failed_attempt_says_nothing_about_a_link_that_is_being_let_go():
    ending = seen(a_linked_connection(), wanted=Wanted.UNLINKED)
    assert answered(diagnosed(ending, failed(LinkOutcome.CANCELLED)), 1)[0] is N


def test_a_refusal_is_dated_by_the_evidence_for_it():
    connection = seen(a_linked_connection(), credential=Credential.EXPIRED)
    word = an_evidence(connection, source=Source.PERSON, at=NOW)
    refusal = an_evidence(connection, at=NOW - timedelta(hours=1))
    diagnosis = diagnosed(connection, evidence=[word, refusal])
    assert answered(diagnosis, 1) == (Y, "refused:ran_out", NOW - timedelta(hours=1))


def test_the_profile_is_the_last_resort():
    assert diagnosed(a_linked_connection()).fallback == "https://www.tiktok.com/@nordlicht.bakery"
    assert diagnosed(a_connection(), expected="velowerk").fallback == "https://www.tiktok.com/@velowerk"
    assert diagnosed(a_connection()).fallback is None
