"""What counts as a symptom of a link, at which reading of the clock, and what never does."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.account import Platform
from core.domain.alerts import DAYS_AHEAD, AlertPolicy
from core.domain.observation import Credential, Grant, Observation, Standing, Visible, Wanted
from core.domain.sides import WARN_AHEAD
from core.domain.symptom import LOOKS_IN_VAIN, SPLIT_SETTLES, UNLINK_TAKES, Condition, next_change, symptoms
from core.domain.verdict import PROOF_LASTS, UNPROVED_AFTER, Reason, State
from tests.builders import NOW, a_linked_connection
from tests.unit.domain.incidents import CLIENT, DAY, HOUR, LINKED, MINUTE, REMOVED, SILENT, after, proved


class TestSymptoms:
    @pytest.mark.parametrize(
        ("seen", "reason"),
        [
            (REMOVED, Reason.REMOVED_AT_PLATFORM),
            (Observation(grant=Grant.NARROWED), Reason.PERMISSION_WITHDRAWN),
            (Observation(account=Standing.CHANGED), Reason.OTHER_ACCOUNT_ANSWERS),
            (Observation(account=Standing.CHECKPOINT), Reason.CHECKPOINT),
            (Observation(account=Standing.RESTRICTED), Reason.RESTRICTED),
            (Observation(visible=Visible.HIDDEN), Reason.PROFILE_LINK_HIDDEN),
            (Observation(credential=Credential.EXPIRED), Reason.RAN_OUT),
            (Observation(credential=Credential.NONE), Reason.WE_LET_GO),
            (Observation(credential=Credential.NONE, grant=Grant.WITHDRAWN), Reason.GONE_BOTH_SIDES),
        ],
    )
    def test_whatever_breaks_a_wanted_link_is_broken(self, seen, reason):
        (found,) = symptoms(CLIENT, [after(seen)], NOW)
        assert (found.condition, found.reason, found.act_by) == (Condition.BROKEN, reason, None)
        assert found.is_urgent is (reason is not Reason.PROFILE_LINK_HIDDEN)

    @pytest.mark.parametrize("silent", [HOUR, DAY, UNPROVED_AFTER - MINUTE])
    def test_no_outage_of_days_is_a_symptom(self, silent):
        assert LINKED.verdict(NOW + silent).state in {State.AUTHORIZED, State.REFRESH_REQUIRED}
        assert symptoms(CLIENT, [LINKED], NOW + silent) == ()

    def test_a_link_that_nobody_can_prove_for_days_is_one(self):
        (found,) = symptoms(CLIENT, [SILENT], NOW + UNPROVED_AFTER)
        assert (found.condition, found.reason, found.since) == (Condition.UNPROVED, Reason.UNPROVED, NOW)
        assert (found.act_by, found.is_urgent) == (None, False)

    def test_one_that_runs_out_meanwhile_is_told_of_as_both(self):
        at = SILENT.sides.ends_at - DAY
        assert {each.condition for each in symptoms(CLIENT, [SILENT], at)} == {
            Condition.ENDING,
            Condition.UNPROVED,
        }

    @pytest.mark.parametrize("failures", range(LOOKS_IN_VAIN))
    def test_where_nobody_looked_nothing_is_silent(self, failures):
        assert symptoms(CLIENT, [replace(LINKED, failures=failures)], NOW + 30 * DAY) == ()

    @pytest.mark.parametrize("seen", [REMOVED, Observation(wanted=Wanted.UNLINKED)])
    def test_what_is_known_to_be_over_need_not_be_proved(self, seen):
        found = symptoms(CLIENT, [after(seen, SILENT)], NOW + 9 * DAY)
        assert Condition.UNPROVED not in {each.condition for each in found}

    def test_an_end_is_told_at_the_thresholds(self):
        end = LINKED.sides.ends_at
        levels = {}
        for days in (31, 30, 29, 14, 8, 7, 3, 1, 0.5):
            at = end - days * DAY
            found = symptoms(CLIENT, [proved(at)], at)
            levels[days] = found[0].threshold if found else None
        assert levels == {31: None, 30: 30, 29: 30, 14: 14, 8: 14, 7: 7, 3: 3, 1: 1, 0.5: 1}
        assert [each.condition for each in symptoms(CLIENT, [LINKED], end)] == [Condition.BROKEN]

    def test_the_thresholds_are_the_clients(self):
        own = replace(CLIENT, alerts=AlertPolicy(days=(3,)))
        end = LINKED.sides.ends_at
        lately = proved(end - 4 * DAY)
        assert symptoms(own, [lately], end - 4 * DAY) == ()
        assert symptoms(own, [lately], end - 3 * DAY)[0].threshold == 3

    def test_no_threshold_is_longer_than_the_notice(self):
        assert max(DAYS_AHEAD) * DAY <= WARN_AHEAD

    def test_an_unlink_that_stays_unproved_is_told_after_a_moment(self):
        ending = after(Observation(wanted=Wanted.UNLINKED))
        assert symptoms(CLIENT, [ending], NOW) == ()
        (found,) = symptoms(CLIENT, [ending], NOW + UNLINK_TAKES)
        assert (found.condition, found.is_urgent) == (Condition.UNLINKING, False)

    def test_a_pair_of_which_one_half_was_let_go_is_split(self):
        other = a_linked_connection(CLIENT, id="cn_instagram", platform=Platform.INSTAGRAM)
        gone = after(Observation(wanted=Wanted.UNLINKED, grant=Grant.WITHDRAWN)).erased(NOW)
        assert symptoms(CLIENT, [gone, other], NOW) == ()
        (found,) = symptoms(CLIENT, [gone, other], NOW + SPLIT_SETTLES)
        assert (found.condition, found.subject) == (Condition.SPLIT, CLIENT.id)

    def test_a_half_that_its_owner_removed_is_broken_and_not_split_too(self):
        other = a_linked_connection(CLIENT, id="cn_instagram", platform=Platform.INSTAGRAM)
        gone = after(Observation(credential=Credential.NONE, grant=Grant.WITHDRAWN))
        found = symptoms(CLIENT, [gone, other], NOW + DAY)
        assert [each.condition for each in found] == [Condition.BROKEN]

    @settings(max_examples=200, deadline=None)
    @given(st.integers(0, 400 * 24 * 60))
    def test_between_two_looks_time_changes_nothing(self, minutes):
        at = NOW + PROOF_LASTS + timedelta(seconds=1) + minutes * MINUTE
        upcoming = next_change(CLIENT, [LINKED], at)
        if upcoming is None:
            assert at >= LINKED.sides.ends_at
            return

        def seen(moment):
            return [(each.condition, each.threshold) for each in symptoms(CLIENT, [LINKED], moment)]

        assert at < upcoming
        assert seen(upcoming - timedelta(microseconds=1)) == seen(at)
