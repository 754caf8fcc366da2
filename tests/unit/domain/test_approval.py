"""Whose yes a post needs: tables of rights and tallies, and what holds whatever people do."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.approval import LAST_CALL, Outcome, Seat, expires_at, next_due, seat, shortage, tally
from core.domain.client import ApprovalPolicy, Substitute
from core.domain.ids import new_id
from core.domain.post import LAWFUL, OPEN, Content, Decision, DecisionKind, Post, PostStep
from core.domain.refusals import Unlawful
from tests.builders import NOW, OUTSIDE, WORKSPACE, a_client, a_person

REQUESTER, MANAGER, COLLEAGUE, THIRD = "U0REQUESTER", "U0MANAGER", "U0COLLEAGUE", "U0THIRD"
OUTSIDER, STAND_IN = "U0OUTSIDER", "U0STANDIN"
HOUR = timedelta(hours=1)
YES, CHANGES, NO = DecisionKind.APPROVED, DecisionKind.CHANGES_REQUESTED, DecisionKind.REJECTED


def client(*managers, needed=1, away=(), **policy):
    """Return a client of these managers; `away` are pairs of a manager and the substitute until in an hour."""
    substitutes = tuple(Substitute(manager=one, user=other, until=NOW + HOUR) for one, other in away)
    rule = ApprovalPolicy(needed=needed, substitutes=substitutes, **policy)
    return a_client(id="cl_bakery", managers=managers or (MANAGER,), policy=rule)


def post(**changes):
    given = {
        "id": "po_1",
        "workspace": WORKSPACE,
        "client_id": "cl_bakery",
        "by": REQUESTER,
        "created_at": NOW,
    }
    return Post(**given | {"content": Content(caption="Bread"), "step": PostStep.REQUESTED} | changes)


def decision(by, kind=YES, about=None, **changes):
    given = {"workspace": WORKSPACE, "post_id": "po_1", "digest": (about or post()).digest, "home": WORKSPACE}
    return Decision(**given | {"id": new_id("de"), "by": by, "kind": kind, "at": NOW} | changes)


@pytest.mark.parametrize(
    ("whose", "person", "right"),
    [
        (client(MANAGER), {"user": MANAGER}, Seat(MANAGER)),
        (client(MANAGER), {"user": COLLEAGUE}, "not_approver"),
        (client(MANAGER), {"user": COLLEAGUE, "is_admin": True}, "not_approver"),
        (client(MANAGER), {"user": MANAGER, "home": OUTSIDE}, "not_approver"),
        (client(MANAGER), {"user": OUTSIDER, "home": OUTSIDE}, "not_approver"),
        (client(MANAGER, outsiders=(OUTSIDER,)), {"user": OUTSIDER, "home": OUTSIDE}, Seat(OUTSIDER)),
        (client(MANAGER, away=[(MANAGER, STAND_IN)]), {"user": STAND_IN}, Seat(STAND_IN, MANAGER)),
        (client(MANAGER, away=[(MANAGER, STAND_IN)]), {"user": MANAGER}, Seat(MANAGER)),
        (client(MANAGER, away=[(MANAGER, STAND_IN)]), {"user": STAND_IN, "home": OUTSIDE}, "not_approver"),
        (client(COLLEAGUE, away=[(MANAGER, STAND_IN)]), {"user": STAND_IN}, "not_approver"),
        (client(REQUESTER), {"user": REQUESTER}, "own_post"),
        (client(REQUESTER, self_approval=True), {"user": REQUESTER}, Seat(REQUESTER)),
        (client(MANAGER, away=[(MANAGER, REQUESTER)]), {"user": REQUESTER}, "own_post"),
    ],
)
def test_who_decides_and_by_what_right(whose, person, right):
    assert seat(whose, post(), a_person(**person), NOW) == right


def test_a_substitute_decides_only_until_the_manager_is_back():
    person = a_person(user=STAND_IN)
    assert seat(client(MANAGER, away=[(MANAGER, STAND_IN)]), post(), person, NOW + HOUR) == "not_approver"


def test_who_edits_a_request_does_not_approve_their_own_words():
    assert (
        seat(client(MANAGER, COLLEAGUE), post(edited_by=MANAGER), a_person(user=MANAGER), NOW) == "own_post"
    )
    assert seat(client(MANAGER, COLLEAGUE), post(edited_by=MANAGER), a_person(user=COLLEAGUE), NOW) == Seat(
        COLLEAGUE
    )


OUTSIDE_YES = decision(OUTSIDER, home=OUTSIDE)
FOR_MANAGER = decision(STAND_IN, instead_of=MANAGER)


@pytest.mark.parametrize(
    ("whose", "decisions", "outcome", "missing", "waiting_for"),
    [
        (client(MANAGER, COLLEAGUE), [], Outcome.WAITING, 1, (MANAGER, COLLEAGUE)),
        (client(MANAGER, COLLEAGUE), [decision(MANAGER)], Outcome.APPROVED, 0, ()),
        (client(MANAGER, COLLEAGUE, needed=2), [decision(MANAGER)], Outcome.WAITING, 1, (COLLEAGUE,)),
        (
            client(MANAGER, COLLEAGUE, needed=2),
            [decision(MANAGER), decision(COLLEAGUE)],
            Outcome.APPROVED,
            0,
            (),
        ),
        (
            client(MANAGER, COLLEAGUE, THIRD, needed=0),
            [decision(MANAGER), decision(COLLEAGUE)],
            Outcome.WAITING,
            1,
            (THIRD,),
        ),
        (
            client(MANAGER, COLLEAGUE, needed=0, outsiders=(OUTSIDER,)),
            [decision(MANAGER), OUTSIDE_YES],
            Outcome.WAITING,
            1,
            (COLLEAGUE,),
        ),
        (client(MANAGER, REQUESTER, needed=0), [decision(MANAGER)], Outcome.APPROVED, 0, ()),
        (
            client(MANAGER, REQUESTER, needed=0, self_approval=True),
            [decision(MANAGER)],
            Outcome.WAITING,
            1,
            (REQUESTER,),
        ),
        (client(REQUESTER, needed=0), [], Outcome.WAITING, 1, ()),
        (client(MANAGER, needed=2, outsiders=(OUTSIDER,)), [OUTSIDE_YES], Outcome.WAITING, 1, (MANAGER,)),
        (client(MANAGER, needed=2), [OUTSIDE_YES], Outcome.WAITING, 2, (MANAGER,)),
        (
            client(MANAGER, COLLEAGUE, needed=2, away=[(MANAGER, STAND_IN)]),
            [],
            Outcome.WAITING,
            2,
            (STAND_IN, COLLEAGUE),
        ),
        (
            client(MANAGER, COLLEAGUE, needed=2, away=[(MANAGER, STAND_IN)]),
            [FOR_MANAGER, decision(MANAGER)],
            Outcome.WAITING,
            1,
            (COLLEAGUE,),
        ),
        (
            client(MANAGER, COLLEAGUE, needed=0, away=[(MANAGER, COLLEAGUE)]),
            [decision(COLLEAGUE)],
            Outcome.APPROVED,
            0,
            (),
        ),
        (
            client(MANAGER, COLLEAGUE, needed=2, away=[(MANAGER, COLLEAGUE)]),
            [decision(COLLEAGUE)],
            Outcome.WAITING,
            1,
            (),
        ),
        (client(COLLEAGUE), [decision(MANAGER)], Outcome.WAITING, 1, (COLLEAGUE,)),
        (client(COLLEAGUE), [FOR_MANAGER], Outcome.WAITING, 1, (COLLEAGUE,)),
        (client(MANAGER), [decision(REQUESTER)], Outcome.WAITING, 1, (MANAGER,)),
        (
            client(MANAGER, COLLEAGUE, needed=2),
            [decision(MANAGER), decision(COLLEAGUE, NO)],
            Outcome.REJECTED,
            1,
            (),
        ),
        (client(MANAGER, COLLEAGUE), [decision(COLLEAGUE, CHANGES)], Outcome.CHANGES_REQUESTED, 1, ()),
        (client(MANAGER), [decision(COLLEAGUE, NO)], Outcome.WAITING, 1, (MANAGER,)),
        (client(MANAGER), [decision(MANAGER, about=post(revision=1))], Outcome.WAITING, 1, (MANAGER,)),
    ],
)
def test_what_decisions_amount_to(whose, decisions, outcome, missing, waiting_for):
    found = tally(whose, post(), decisions, NOW)
    assert (found.outcome, found.missing, found.waiting_for) == (outcome, missing, waiting_for)


@pytest.mark.parametrize(
    ("whose", "lacking"),
    [
        (client(MANAGER), 0),
        (client(REQUESTER), 1),
        (client(REQUESTER, needed=0), 1),
        (client(REQUESTER, self_approval=True), 0),
        (client(REQUESTER, away=[(REQUESTER, STAND_IN)]), 0),
        (client(MANAGER, needed=3), 2),
        (client(MANAGER, needed=2, outsiders=(OUTSIDER,)), 0),
        (client(MANAGER, REQUESTER, needed=2), 1),
    ],
)
def test_a_post_that_nobody_could_approve_is_known_before_it_is_asked_for(whose, lacking):
    assert shortage(whose, post(), NOW) == lacking


people = st.sampled_from([REQUESTER, MANAGER, COLLEAGUE, THIRD, STAND_IN, OUTSIDER])
clients = st.builds(
    client,
    *[st.sampled_from([MANAGER, COLLEAGUE, REQUESTER])],
    needed=st.integers(0, 3),
    away=st.lists(st.tuples(st.sampled_from([MANAGER, COLLEAGUE, THIRD]), people), max_size=2),
    self_approval=st.booleans(),
    outsiders=st.sampled_from([(), (OUTSIDER,)]),
)
decisions = st.lists(
    st.builds(decision, people, st.sampled_from(DecisionKind), home=st.sampled_from([WORKSPACE, OUTSIDE])),
    max_size=6,
    unique_by=lambda each: each.by,
)


@given(clients, decisions)
def test_a_decision_about_another_content_never_counts(whose, told):
    edited = post().edited(Content(caption="Cake"), by=REQUESTER)
    assert tally(whose, edited, told, NOW) == tally(whose, edited, [], NOW)


@given(clients, decisions)
def test_what_was_edited_back_is_asked_for_anew(whose, told):
    back = post().edited(Content(caption="Cake"), by=REQUESTER).edited(post().content, by=REQUESTER)
    assert back.content == post().content
    assert tally(whose, back, told, NOW).approvals == ()


@given(clients, decisions)
def test_nothing_is_approved_by_its_author_alone_or_by_nobody(whose, told):
    found = tally(whose, post(), told, NOW)
    if found.outcome is Outcome.APPROVED:
        voices = {each.by for each in found.approvals}
        assert voices
        assert whose.policy.self_approval or REQUESTER not in voices
        assert len(voices) >= whose.policy.needed


@given(clients, decisions, people)
def test_taking_a_manager_away_never_approves_what_others_than_all_had_to(whose, told, gone):
    fewer = replace(whose, managers=tuple(each for each in whose.managers if each != gone))
    before, after = tally(whose, post(), told, NOW), tally(fewer, post(), told, NOW)
    if whose.policy.needed:
        assert after.missing >= before.missing


@given(clients, decisions)
def test_whoever_is_waited_for_may_decide(whose, told):
    for user in tally(whose, post(), told, NOW).waiting_for:
        home = OUTSIDE if user in whose.policy.outsiders else WORKSPACE
        assert isinstance(seat(whose, post(), a_person(user=user, home=home), NOW), Seat)


@given(clients, decisions)
def test_what_is_short_of_voices_is_never_approved(whose, told):
    if shortage(whose, post(), NOW):
        assert tally(whose, post(), told, NOW).outcome is not Outcome.APPROVED


def asked(**changes):
    given = {"requested_at": NOW, "expires_at": NOW + 72 * HOUR}
    return post(**given | changes)


def test_a_request_ends_after_the_policys_time_but_not_before_its_own():
    policy = ApprovalPolicy(expire_hours=10)
    assert expires_at(policy, post(), NOW) == NOW + 10 * HOUR
    for hours, ends in ((5, 10), (50, 50)):
        timed = post(content=Content(publish_at=NOW + hours * HOUR))
        assert expires_at(policy, timed, NOW) == NOW + ends * HOUR


@pytest.mark.parametrize(
    ("request_", "remind_hours", "hours"),
    [
        (asked(), 24, 24),
        (asked(reminded_at=NOW + 24 * HOUR), 24, 48),
        (asked(reminded_at=NOW + 48 * HOUR), 24, 72),
        (asked(), 0, 72),
        (asked(expires_at=NOW + 12 * HOUR), 24, 12),
        (asked(content=Content(publish_at=NOW + 20 * HOUR)), 24, 18),
        (asked(content=Content(publish_at=NOW + HOUR)), 24, 24),
        (asked(content=Content(publish_at=NOW + 20 * HOUR)), 0, 72),
    ],
)
def test_people_are_reminded_in_time_and_never_after_the_end(request_, remind_hours, hours):
    assert LAST_CALL == 2 * HOUR
    assert next_due(ApprovalPolicy(remind_hours=remind_hours), request_) == NOW + hours * HOUR


def test_a_draft_gives_the_clock_nothing_to_do():
    assert next_due(ApprovalPolicy(), post(step=PostStep.DRAFT)) is None


class TestSteps:
    def test_each_has_its_lawful_next_ones(self):
        assert set(LAWFUL) == set(PostStep)

    @given(st.sampled_from(PostStep), st.sampled_from(PostStep))
    def test_no_other_step_is_possible(self, before, after):
        begun = post(step=before, due_at=NOW)
        if after not in LAWFUL[before]:
            with pytest.raises(Unlawful):
                begun.to(after, NOW)
            return
        reached = begun.to(after, NOW)
        assert (reached.step, reached.due_at) == (after, None)
        assert (reached.settled_at is None) == (after in OPEN)

    def test_a_request_settles_once(self):
        ends = {PostStep.REJECTED, PostStep.EXPIRED, PostStep.WITHDRAWN}
        assert all(not LAWFUL[each] for each in ends)

    def test_a_digest_is_known_by_its_beginning(self):
        whole = post().digest
        assert post().is_about(whole)
        assert post().is_about(whole[:16])
        assert not post().is_about(whole[:15])
        assert not post().is_about("")
        assert not post(revision=1).is_about(whole)
