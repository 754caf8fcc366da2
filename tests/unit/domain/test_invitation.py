"""Invitations move by one table, end, and are decided once."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.invitation import LAWFUL, InvitationStep, LinkOutcome
from core.domain.refusals import Unlawful
from tests.builders import NOW, an_account, an_invitation

Step = InvitationStep
FINAL = {step for step, moves in LAWFUL.items() if not moves}
SECOND = timedelta(seconds=1)


def held():
    return an_invitation().to(Step.HELD, at=NOW, outcome=LinkOutcome.WRONG_ACCOUNT, found=an_account())


def test_every_step_has_its_row():
    assert set(LAWFUL) == set(Step)


def test_only_open_and_held_are_unsettled():
    assert set(Step) - FINAL == {Step.OPEN, Step.HELD}


@given(st.lists(st.sampled_from(Step), max_size=20))
def test_any_lawful_path_ends_after_two_moves(steps):
    moves, invitation = 0, an_invitation()
    for step in steps:
        if step in LAWFUL[invitation.step]:
            invitation, moves = invitation.to(step, at=NOW), moves + 1
    assert moves <= 2


@pytest.mark.parametrize("before", Step)
@pytest.mark.parametrize("after", Step)
def test_a_move_is_made_or_refused_by_the_table(before, after):
    invitation = an_invitation(step=before)
    if after in LAWFUL[before]:
        assert invitation.to(after, at=NOW).step is after
    else:
        with pytest.raises(Unlawful):
            invitation.to(after, at=NOW)


def test_it_is_settled_when_it_is_over():
    assert an_invitation().to(Step.LINKED, at=NOW).settled_at == NOW
    assert held().settled_at is None


def test_what_was_found_and_what_came_of_it_stay():
    over = held().to(Step.REFUSED, at=NOW)
    assert (over.found, over.outcome) == (an_account(), LinkOutcome.WRONG_ACCOUNT)


def test_it_is_open_until_its_time_is_over():
    invitation = an_invitation()
    assert invitation.is_open(invitation.expires_at - SECOND)
    assert not invitation.is_open(invitation.expires_at)
    assert not held().is_open(NOW)


def test_an_attempt_can_lengthen_its_life_but_not_shorten_it():
    invitation = an_invitation()
    assert invitation.outlasting(invitation.expires_at + SECOND).expires_at == invitation.expires_at + SECOND
    assert invitation.outlasting(NOW) == invitation


def test_what_is_being_let_go_can_no_longer_be_adopted():
    assert held().awaits_decision(NOW)
    assert not held().letting_go(NOW).awaits_decision(NOW - SECOND)
    assert not an_invitation().awaits_decision(NOW)


def test_what_is_being_let_go_is_overdue_until_it_is_gone():
    going = held().letting_go(NOW)
    assert (going.step, going.expires_at) == (Step.HELD, NOW)


def test_an_invitation_that_holds_nothing_lets_nothing_go():
    with pytest.raises(Unlawful):
        an_invitation().letting_go(NOW)
