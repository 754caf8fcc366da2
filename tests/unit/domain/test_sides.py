"""Sides: evidence in any order, ends that are announced, renewals that never got their answer."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.domain.observation import Capability, Credential, Grant, Observation, Standing, Visible, Wanted
from core.domain.sides import SAME_END, WARN_AHEAD, Sides
from tests.builders import NOW, credentials

MOMENTS = st.integers(0, 10_000).map(lambda minutes: NOW + timedelta(minutes=minutes))


def maybe(enum):
    return st.none() | st.sampled_from(list(enum))


OBSERVATIONS = st.builds(
    Observation,
    credential=maybe(Credential),
    grant=maybe(Grant),
    visible=maybe(Visible),
    account=maybe(Standing),
    wanted=maybe(Wanted),
    granted=st.none() | st.frozensets(st.sampled_from(list(Capability))),
)
DATED = st.lists(st.tuples(MOMENTS, OBSERVATIONS), max_size=6, unique_by=lambda dated: dated[0])


def after(dated) -> Sides:
    sides = Sides()
    for at, seen in dated:
        sides = sides.observe(seen, at)
    return sides


@given(DATED, st.randoms(use_true_random=False))
def test_it_does_not_matter_in_which_order_evidence_arrives(dated, chance):
    shuffled = list(dated)
    chance.shuffle(shuffled)
    assert after(shuffled) == after(sorted(dated, key=lambda each: each[0]))


@given(DATED, st.tuples(MOMENTS, OBSERVATIONS))
def test_the_same_evidence_twice_is_once(dated, again):
    assert after([*dated, again, again]) == after([*dated, again])


@given(MOMENTS, MOMENTS)
def test_the_last_proof_never_goes_back(one, other):
    assert Sides().proved(one).proved(other).proved_at == max(one, other)


def test_a_late_removal_does_not_undo_a_newer_grant():
    sides = Sides().observe(Observation(grant=Grant.PRESENT), NOW)
    assert sides.observe(Observation(grant=Grant.WITHDRAWN), NOW - timedelta(seconds=1)) == sides


def test_of_two_at_the_same_moment_the_one_learned_last_counts():
    sides = Sides().observe(Observation(grant=Grant.PRESENT), NOW)
    assert sides.observe(Observation(grant=Grant.WITHDRAWN), NOW).grant is Grant.WITHDRAWN


def test_nothing_observed_changes_nothing():
    assert not Observation()
    assert Sides().observe(Observation(), NOW) == Sides()


def held(**given) -> Sides:
    return Sides(credential=Credential.HELD).holding(credentials(**given))


def test_an_end_is_announced_a_month_ahead():
    sides = held(refresh_expires_at=NOW + timedelta(days=180))
    eve = NOW + timedelta(days=180) - WARN_AHEAD
    assert sides.credential_at(eve - timedelta(seconds=1)) is Credential.HELD
    assert sides.credential_at(eve) is Credential.EXPIRING


def test_a_short_life_is_announced_in_its_last_quarter():
    sides = held(refresh=None, refresh_expires_at=None, access_expires_at=NOW + timedelta(days=60))
    assert sides.credential_at(NOW + timedelta(days=44)) is Credential.HELD
    assert sides.credential_at(NOW + timedelta(days=46)) is Credential.EXPIRING


def renewed_daily(days: int, refresh_life_from) -> Sides:
    """Return sides after a renewal a day; `refresh_life_from` says for a day when the refresh token ends."""
    sides = held(refresh_expires_at=refresh_life_from(0))
    for day in range(1, days + 1):
        drift = timedelta(seconds=day)
        renewal = credentials(
            issued_at=NOW + timedelta(days=day), refresh_expires_at=refresh_life_from(day) + drift
        )
        sides = sides.holding(renewal)
    return sides


def test_an_end_that_renewals_dont_push_on_is_announced_all_the_same():
    sides = renewed_daily(151, lambda _: NOW + timedelta(days=180))
    assert sides.credential_at(NOW + timedelta(days=151)) is Credential.EXPIRING


def test_an_end_that_renewals_push_on_is_never_announced():
    sides = renewed_daily(300, lambda day: NOW + timedelta(days=day + 14))
    assert sides.credential_at(NOW + timedelta(days=301)) is Credential.HELD


def test_ends_a_moment_apart_are_one():
    sides = held(refresh_expires_at=NOW + timedelta(days=180))
    same = credentials(
        issued_at=NOW + timedelta(days=9), refresh_expires_at=NOW + timedelta(days=180) + SAME_END
    )
    assert sides.holding(same).seen["end"] == NOW


def test_without_a_stated_end_nothing_runs_out():
    assert Sides(credential=Credential.HELD).credential_at(NOW) is Credential.HELD


def test_what_was_refused_stays_refused_before_its_end():
    assert (
        held().observe(Observation(credential=Credential.EXPIRED), NOW).credential_at(NOW)
        is Credential.EXPIRED
    )


def test_the_first_unanswered_renewal_is_remembered_until_one_is_answered():
    asked = held().asking_renewal(NOW).asking_renewal(NOW + timedelta(hours=1))
    assert asked.seen["renewal"] == NOW
    assert not asked.renewal_answered().is_renewal_unanswered
    assert not asked.holding(credentials()).is_renewal_unanswered


def test_what_cannot_be_renewed_ends_with_its_access_token():
    sides = held().unrenewable(NOW)
    assert sides.ends_at == NOW + timedelta(days=1)
    assert sides.credential_at(NOW) is Credential.EXPIRING
    assert sides.credential_at(NOW + timedelta(days=1)) is Credential.EXPIRED


def test_erased_sides_keep_no_end_and_old_evidence_brings_nothing_back():
    sides = held().erased(NOW).observe(Observation(credential=Credential.HELD), NOW - timedelta(seconds=1))
    assert (sides.credential, sides.ends_at) == (Credential.NONE, None)
