"""Incidents: their lawful moves, and what a plan does about a symptom, whatever happened before."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.alert_plan import ChangeKind, next_look, plan
from core.domain.alerts import AlertPolicy
from core.domain.incident import LAWFUL, IncidentOutcome, IncidentStep
from core.domain.observation import Credential, Grant, Observation, Standing, Wanted
from core.domain.refusals import Unlawful
from core.domain.symptom import Condition, symptoms
from core.domain.verdict import Reason
from tests.builders import EVERYTHING, NOW, a_linked_connection, an_incident
from tests.unit.domain.incidents import (
    BROKEN,
    CLIENT,
    DAY,
    HOUR,
    LINKED,
    MINUTE,
    REMOVED,
    after,
    kinds,
    opened,
    planned,
    proved,
    scene,
)


class TestLawfulMoves:
    def test_every_step_has_a_row_and_ends_can_be_reached(self):
        assert set(LAWFUL) == set(IncidentStep)
        assert [step for step, row in LAWFUL.items() if not row] == [IncidentStep.CLOSED]
        assert all(IncidentStep.CLOSED in row for step, row in LAWFUL.items() if row)

    def test_what_is_over_stays_over(self):
        over = an_incident().closed(IncidentOutcome.RECOVERED, NOW)
        for act in (
            lambda: over.acknowledged("U0ONCALL", NOW),
            lambda: over.snoozed("U0ONCALL", NOW, NOW + HOUR),
            lambda: over.closed(IncidentOutcome.RECOVERED, NOW),
        ):
            with pytest.raises(Unlawful):
                act()

    def test_it_says_how_long_it_lasted(self):
        assert an_incident(since=NOW - HOUR).closed(IncidentOutcome.RECOVERED, NOW + HOUR).lasted == 2 * HOUR


class TestPlan:
    def test_a_symptom_opens_one_incident(self):
        (change,) = planned(scene(BROKEN))
        assert (change.kind, change.incident.key) == (ChangeKind.OPENED, (LINKED.id, Condition.BROKEN))
        assert planned(scene(BROKEN, incidents=[change.incident])) == ()

    @pytest.mark.parametrize(
        ("seen", "outcome"),
        [
            (Observation(grant=Grant.PRESENT), IncidentOutcome.RECOVERED),
            (Observation(wanted=Wanted.UNLINKED), IncidentOutcome.UNLINKED),
        ],
    )
    def test_it_closes_by_itself_once_the_symptom_is_gone(self, seen, outcome):
        healed = after(seen, BROKEN, NOW + HOUR)
        (change,) = planned(scene(healed, incidents=opened(BROKEN), at=NOW + HOUR))
        assert (change.kind, change.incident.outcome) == (ChangeKind.CLOSED, outcome)
        assert change.incident.lasted == HOUR

    def test_a_relink_closes_it_as_one(self):
        again = a_linked_connection(CLIENT, id="cn_tiktok", linked_at=NOW + HOUR)
        (change,) = planned(scene(again, incidents=opened(BROKEN), at=NOW + HOUR))
        assert change.incident.outcome is IncidentOutcome.RELINKED

    def test_an_end_that_came_closes_its_warning_and_opens_the_real_thing(self):
        end = LINKED.sides.ends_at
        lately = proved(end - DAY)
        warning = opened(lately, at=end - DAY)
        changes = planned(scene(lately, incidents=warning, at=end))
        assert kinds(changes) == [ChangeKind.CLOSED, ChangeKind.OPENED]
        assert changes[0].incident.outcome is IncidentOutcome.BROKE
        assert changes[1].incident.reason is Reason.RAN_OUT

    def test_each_threshold_reminds_once_and_asks_anew(self):
        end = LINKED.sides.ends_at
        (incident,) = opened(proved(end - 30 * DAY), at=end - 30 * DAY)
        reminded = 0
        for days in (30, 29, 14, 13, 7, 3, 3, 1):
            at = end - days * DAY
            for change in planned(scene(proved(at), incidents=[incident], at=at)):
                assert change.kind is ChangeKind.REMINDED
                incident = change.incident
                assert incident.step is IncidentStep.OPEN
                incident = incident.acknowledged("U0MANAGER", at)
                reminded += 1
        assert reminded == 4

    def test_those_on_call_are_rung_when_nobody_answers_in_time(self):
        (incident,) = opened(BROKEN)
        assert planned(scene(BROKEN, incidents=[incident], at=NOW + 29 * MINUTE)) == ()
        (change,) = planned(scene(BROKEN, incidents=[incident], at=NOW + 30 * MINUTE))
        assert change.kind is ChangeKind.RUNG
        assert planned(scene(BROKEN, incidents=[change.incident], at=NOW + DAY)) == ()

    def test_an_answer_keeps_it_quiet(self):
        (incident,) = opened(BROKEN)
        answered = incident.acknowledged("U0MANAGER", NOW + MINUTE)
        assert planned(scene(BROKEN, incidents=[answered], at=NOW + 9 * DAY)) == ()

    def test_never_is_a_patience_too(self):
        patient = replace(CLIENT, alerts=AlertPolicy(patience=None))
        incidents = opened(BROKEN, client=patient)
        assert planned(scene(BROKEN, client=patient, incidents=incidents, at=NOW + 9 * DAY)) == ()

    def test_a_snooze_ends_and_rings_again_after_the_same_patience(self):
        (incident,) = opened(BROKEN)
        snoozed = incident.snoozed("U0MANAGER", NOW, NOW + HOUR)
        assert planned(scene(BROKEN, incidents=[snoozed], at=NOW + 59 * MINUTE)) == ()
        (woke,) = planned(scene(BROKEN, incidents=[snoozed], at=NOW + HOUR))
        assert (woke.kind, woke.incident.step) == (ChangeKind.WOKE, IncidentStep.OPEN)
        (rung,) = planned(scene(BROKEN, incidents=[woke.incident], at=NOW + 90 * MINUTE))
        assert rung.kind is ChangeKind.RUNG

    def test_a_snoozed_warning_stays_silent_at_thresholds(self):
        end = LINKED.sides.ends_at
        (incident,) = opened(proved(end - 30 * DAY), at=end - 30 * DAY)
        snoozed = incident.snoozed("U0MANAGER", end - 30 * DAY, end - DAY)
        (change,) = planned(scene(proved(end - 14 * DAY), incidents=[snoozed], at=end - 14 * DAY))
        assert (change.kind, change.incident.step) == (ChangeKind.UPDATED, IncidentStep.SNOOZED)

    def test_another_reason_is_news_even_of_what_was_answered(self):
        incident = opened(BROKEN)[0].acknowledged("U0MANAGER", NOW)
        changed = after(Observation(account=Standing.CHANGED), BROKEN)
        (change,) = planned(scene(changed, incidents=[incident]))
        assert (change.kind, change.incident.answered_by) == (ChangeKind.CHANGED, "")

    @settings(max_examples=150, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(
                    [
                        REMOVED,
                        Observation(grant=Grant.PRESENT),
                        Observation(account=Standing.CHECKPOINT),
                        Observation(account=Standing.NORMAL),
                        Observation(wanted=Wanted.UNLINKED),
                        Observation(wanted=Wanted.LINKED, granted=EVERYTHING),
                        Observation(credential=Credential.EXPIRED),
                        Observation(credential=Credential.HELD),
                        None,
                    ]
                ),
                st.sampled_from([timedelta(), MINUTE, HOUR, DAY, 40 * DAY, 300 * DAY]),
                st.sampled_from(["", "acknowledge", "snooze"]),
            ),
            max_size=12,
        )
    )
    def test_whatever_happens_incidents_are_the_symptoms_and_nothing_spins(self, story):
        connection, at, incidents, names = LINKED, NOW, {}, count(1)
        for seen, passed, answer in story:
            at += passed
            connection = connection.observed(seen or Observation(), at=at, now=at)
            for _ in range(4):
                now = scene(connection, incidents=list(incidents.values()), at=at)
                changes = plan(now, lambda: f"ic_{next(names)}")
                for change in changes:
                    incidents[change.incident.key] = change.incident
                incidents = {key: each for key, each in incidents.items() if each.is_open}
                if not changes:
                    break
            assert not changes, "a plan that is carried out leaves nothing to do"
            assert set(incidents) == {each.key for each in symptoms(CLIENT, [connection], at)}
            soon = next_look(scene(connection, incidents=list(incidents.values()), at=at))
            assert soon is None or soon > at
            for key, each in incidents.items():
                if answer == "acknowledge" and each.step is not IncidentStep.ACKNOWLEDGED:
                    incidents[key] = each.acknowledged("U0MANAGER", at)
                if answer == "snooze":
                    incidents[key] = each.snoozed("U0MANAGER", at, at + HOUR)
