"""A connection through its life: linked, renewed, looked at, refused, ended, and when it is looked at next."""

from datetime import timedelta

import pytest

from core.domain.connection import ENDING_LOOK, FIRST_RETRY, LAST_RETRY, PROBE_EVERY, SOONEST
from core.domain.observation import Capability, Credential, Grant, Observation, Standing, Visible, Wanted
from core.domain.verdict import Reason, State
from tests.builders import EVERYTHING, NOW, a_connection, a_linked_connection, an_account, credentials

LATER = NOW + timedelta(hours=3)
WITHDRAWN = Observation(grant=Grant.WITHDRAWN)
CONFIRMED = Observation(grant=Grant.PRESENT, granted=EVERYTHING, account=Standing.NORMAL)
CHANGED = Observation(account=Standing.CHANGED)
UNWANTED = Observation(wanted=Wanted.UNLINKED)
PROOF = Observation(grant=Grant.PRESENT, granted=EVERYTHING)


def linked(**changes):
    return a_linked_connection(id="cn_1", **changes)


def relinked(connection, account=None, at=LATER):
    return connection.linked(account or connection.account, credentials(issued_at=at), PROOF, at)


def observed(connection, seen, at=LATER):
    return connection.observed(seen, at=at, now=max(at, LATER))


def test_linking_authorizes():
    assert (linked().state, linked().reason, linked().since) == (State.AUTHORIZED, Reason.WORKING, NOW)


def test_relinking_repairs_the_same_connection():
    repaired = relinked(observed(linked(), WITHDRAWN, NOW + timedelta(hours=1)))
    assert (repaired.id, repaired.state) == ("cn_1", State.AUTHORIZED)


@pytest.mark.parametrize("before", [WITHDRAWN, UNWANTED, CHANGED, Observation(account=Standing.CHECKPOINT)])
def test_no_evidence_about_the_former_link_speaks_against_a_new_one(before):
    repaired = relinked(linked())
    assert observed(repaired, before, LATER - timedelta(seconds=1)).state is State.AUTHORIZED


def test_a_link_counts_even_where_a_former_source_was_ahead_of_time():
    ahead = linked().observed(WITHDRAWN, at=NOW + timedelta(days=9), now=NOW)
    assert relinked(ahead, at=NOW).state is State.AUTHORIZED


def test_a_source_ahead_of_time_does_not_outvote_what_is_seen_from_now_on():
    ahead = linked().observed(WITHDRAWN, at=NOW + timedelta(days=9), now=NOW)
    assert observed(ahead, CONFIRMED).sides.grant is Grant.PRESENT


def test_relinking_keeps_what_the_same_profile_shows():
    shown = observed(linked(), Observation(visible=Visible.SHOWN))
    assert relinked(shown).sides.visible is Visible.SHOWN
    assert relinked(shown, an_account(handle="velo.fanpage")).sides.visible is Visible.UNKNOWN


def test_since_moves_only_with_state_or_reason():
    broken = observed(linked(), WITHDRAWN)
    assert broken.since == LATER
    assert observed(broken, WITHDRAWN, LATER + timedelta(hours=1)).since == LATER


def test_a_new_handle_of_the_same_account_is_noted():
    assert observed(linked(), Observation(handle="renamed")).account.handle == "renamed"


def test_a_look_proves():
    looked = linked().confirmed(CONFIRMED, at=LATER, now=LATER)
    assert (looked.sides.proved_at, looked.failures) == (LATER, 0)


def test_another_accounts_answer_proves_nothing():
    looked = linked().confirmed(CHANGED, at=LATER, now=LATER)
    assert (looked.sides.proved_at, looked.reason) == (NOW, Reason.OTHER_ACCOUNT_ANSWERS)


def test_credentials_that_were_refused_and_answer_again_are_held_again():
    refused = linked().refused(Observation(credential=Credential.EXPIRED), at=NOW, now=NOW)
    assert refused.state is State.EXPIRED
    assert refused.confirmed(CONFIRMED, at=LATER, now=LATER).state is State.AUTHORIZED


def test_credentials_that_cannot_be_renewed_are_not_made_renewable_by_answering():
    left = linked().unrenewable(at=NOW, now=NOW)
    assert left.confirmed(CONFIRMED, at=LATER, now=LATER).reason is Reason.RUNS_OUT


def test_a_usual_look_comes_within_the_interval_and_not_much_earlier():
    connection = linked()
    wait = connection.due_at - NOW
    assert PROBE_EVERY * 0.9 <= wait <= PROBE_EVERY


def test_looks_at_different_connections_are_spread():
    dues = {a_linked_connection().due_at for _ in range(20)}
    assert len(dues) > 10


def test_renewal_is_planned_by_the_life_that_the_platform_states():
    short = credentials(access_expires_at=NOW + timedelta(hours=2), refresh_expires_at=None)
    assert linked(credentials=short).refresh_at == NOW + timedelta(hours=1)
    assert linked(credentials=short).due_at == NOW + timedelta(hours=1)


def test_what_a_refresh_token_renews_is_renewed_at_the_next_look():
    short = credentials(access_expires_at=NOW + timedelta(hours=2))
    assert linked(credentials=short).refresh_at == NOW + timedelta(hours=1)
    assert linked(credentials=short).due_at >= NOW + PROBE_EVERY * 0.9


def test_a_life_of_nothing_is_not_renewed_without_pause():
    assert linked(credentials=credentials(access_expires_at=NOW)).due_at >= NOW + SOONEST


def test_renewal_is_due_only_while_something_can_be_renewed():
    due = NOW + timedelta(days=1)
    assert linked().is_renewal_due(due)
    assert not linked().is_renewal_due(NOW)
    assert not observed(linked(), WITHDRAWN).is_renewal_due(due)
    assert not observed(linked(), Observation(credential=Credential.EXPIRED)).is_renewal_due(due)
    assert not a_connection().is_renewal_due(due)


def test_an_end_is_looked_at_when_it_comes():
    left = linked().unrenewable(at=NOW, now=NOW + timedelta(hours=20))
    assert left.due_at == NOW + timedelta(days=1)


def test_what_was_refused_is_not_renewed_again_and_again():
    due = NOW + timedelta(days=1)
    refused = linked().refused(Observation(account=Standing.CHECKPOINT), at=due, now=due)
    assert refused.due_at >= due + PROBE_EVERY * 0.9


def test_without_an_answer_the_next_try_is_soon_and_then_ever_later():
    connection, waits = linked(), []
    for _ in range(12):
        connection = connection.postponed(NOW)
        waits.append(connection.due_at - NOW)
    assert waits == sorted(waits)
    assert waits[0] <= FIRST_RETRY < waits[-1] <= LAST_RETRY


def test_what_is_broken_already_is_not_hurried():
    broken = observed(linked(), WITHDRAWN)
    for _ in range(12):
        broken = broken.postponed(NOW)
    assert broken.due_at - NOW >= PROBE_EVERY * 0.9


def test_an_end_that_is_over_is_not_looked_at_for_ever():
    over = linked().judged(NOW + timedelta(days=400)).scheduled(NOW + timedelta(days=400))
    assert over.due_at > NOW + timedelta(days=400)


def test_a_platform_that_asks_to_wait_is_waited_for():
    assert linked().postponed(NOW, until=LATER).due_at == LATER


def test_a_platform_that_asks_to_wait_for_weeks_is_looked_at_all_the_same():
    assert linked().postponed(NOW, until=NOW + timedelta(days=11)).due_at == NOW + PROBE_EVERY


def test_silence_becomes_a_state_when_the_proof_is_too_old():
    silent = linked().postponed(NOW + timedelta(days=2))
    assert silent.reason is Reason.PROOF_DUE


@pytest.mark.parametrize(("later", "left"), [(timedelta(hours=3), 0), (timedelta(days=2), 4)])
def test_a_renewal_answers_a_look_only_where_no_proof_was_due(later, left):
    silent, at = linked(), NOW + later
    for _ in range(4):
        silent = silent.postponed(at)
    renewed = silent.renewed(credentials(issued_at=at), PROOF, at=at, now=at)
    assert renewed.failures == left


def test_a_renewal_leaves_a_look_due_that_is_still_to_come():
    connection, at = linked(), NOW + timedelta(days=1)
    assert connection.renewed(credentials(issued_at=at), PROOF, at=at, now=at).due_at == connection.due_at


def test_an_unlink_that_only_a_person_can_finish_is_looked_at_ever_later():
    ending = observed(linked(), UNWANTED, NOW)
    first = ending.still_granted(at=NOW, now=NOW)
    later = ending.still_granted(at=NOW, now=NOW + timedelta(days=9))
    assert first.due_at == NOW + ENDING_LOOK
    assert later.due_at == NOW + timedelta(days=9) + PROBE_EVERY


def test_an_unlink_is_ending_until_the_credentials_are_erased():
    ending = observed(linked(), UNWANTED)
    assert ending.is_ending
    assert observed(ending, WITHDRAWN).is_ending
    assert not ending.erased(LATER).is_ending


def test_an_account_is_in_use_while_it_is_held_and_wanted():
    assert linked().is_in_use
    assert not observed(linked(), UNWANTED).is_in_use
    assert not a_connection().is_in_use


def test_erased_means_nothing_left_to_look_with():
    erased = observed(linked(), UNWANTED).erased(LATER)
    assert (erased.due_at, erased.refresh_at, erased.is_held) == (None, None, False)


def test_a_proof_is_fresh_only_while_all_is_well():
    assert linked().is_freshly_proved(LATER)
    assert not linked().is_freshly_proved(NOW + PROBE_EVERY)
    assert not observed(linked(), WITHDRAWN).is_freshly_proved(LATER)


def test_a_verdict_is_of_the_moment_it_is_asked_for():
    connection = linked()
    assert connection.verdict(NOW + timedelta(days=400)).state is State.EXPIRED
    assert connection.state is State.AUTHORIZED
    assert connection.verdict(NOW).capabilities[Capability.PUBLISH] is None
