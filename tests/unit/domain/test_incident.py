"""Incidents: their lawful moves, what makes them, and what a plan does about them, whatever happened before."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.account import Platform
from core.domain.alert_plan import COMPARE_AGAIN, ChangeKind, Scene, next_look, plan, unexplained
from core.domain.alerts import DAYS_AHEAD, AlertPolicy, QuietHours, Rhythm, Snooze, snooze_until, zone_of
from core.domain.incident import LAWFUL, IncidentOutcome, IncidentStep
from core.domain.observation import Credential, Grant, Observation, Standing, Visible, Wanted
from core.domain.refusals import Unlawful
from core.domain.sides import WARN_AHEAD
from core.domain.silence import ALONE_FOR, MOST, Silence
from core.domain.symptom import LOOKS_IN_VAIN, SPLIT_SETTLES, UNLINK_TAKES, Condition, next_change, symptoms
from core.domain.verdict import PROOF_LASTS, UNPROVED_AFTER, Reason, State
from tests.builders import EVERYTHING, NOW, a_client, a_linked_connection, an_incident

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
BERLIN = "Europe/Berlin"
CLIENT = a_client(id="cl_bakery", time_zone=BERLIN)
REMOVED = Observation(grant=Grant.WITHDRAWN)
LINKED = a_linked_connection(CLIENT, id="cn_tiktok")


def after(seen, connection=LINKED, at=NOW):
    return connection.observed(seen, at=at, now=at)


def proved(at, connection=LINKED):
    """The connection as it is while the platform answers."""
    return replace(connection, sides=connection.sides.proved(at), failures=0)


BROKEN = after(REMOVED)
SILENT = replace(LINKED, failures=LOOKS_IN_VAIN)
OTHERS = {Platform.TIKTOK: Silence(proved=8, silent=1)}


def scene(*connections, client=CLIENT, incidents=(), at=NOW, awaited=(), silences=OTHERS):
    return Scene(
        client=client,
        connections=connections,
        incidents=incidents,
        at=at,
        awaited=frozenset(awaited),
        silences=silences,
    )


def planned(given_scene):
    names = count(1)
    return plan(given_scene, lambda: f"ic_{next(names)}")


def kinds(changes):
    return [each.kind for each in changes]


def opened(*connections, client=CLIENT, at=NOW):
    return tuple(each.incident for each in planned(scene(*connections, client=client, at=at)))


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


UNWELL = {Platform.TIKTOK: Silence(proved=3, silent=297)}
LATE = NOW + UNPROVED_AFTER


class TestSilence:
    @pytest.mark.parametrize(
        ("proved", "silent", "lasted", "own"),
        [
            (1, 1, UNPROVED_AFTER, True),
            (299, 1, UNPROVED_AFTER, True),
            (299, 0, UNPROVED_AFTER, True),
            (40, 10, UNPROVED_AFTER, True),
            (40, 11, UNPROVED_AFTER, False),
            (40, 11, ALONE_FOR, True),
            (3, 2, UNPROVED_AFTER, False),
            (3, 2, ALONE_FOR, True),
            (0, 2, 30 * DAY, False),
            (0, 300, 30 * DAY, False),
            (0, 1, UNPROVED_AFTER, False),
            (0, 1, ALONE_FOR, True),
            (0, 0, ALONE_FOR, True),
            (4 * MOST, MOST, 30 * DAY, False),
        ],
    )
    def test_is_a_links_own_where_most_others_are_confirmed(self, proved, silent, lasted, own):
        assert Silence(proved=proved, silent=silent).is_own(lasted) is own

    def test_opens_one_incident_that_closes_by_itself_on_proof(self):
        (change,) = planned(scene(SILENT, at=LATE))
        assert (change.kind, change.incident.condition) == (ChangeKind.OPENED, Condition.UNPROVED)
        incidents, ever = [change.incident], NOW + 90 * DAY
        assert change.incident.ring_at is None
        assert planned(scene(SILENT, incidents=incidents, at=ever)) == ()
        (over,) = planned(scene(proved(ever), incidents=incidents, at=ever))
        assert (over.kind, over.incident.outcome) == (ChangeKind.CLOSED, IncidentOutcome.RECOVERED)
        assert over.incident.lasted == ever - NOW

    def test_of_a_whole_platform_opens_none_and_is_compared_again(self):
        unwell = scene(SILENT, at=LATE, silences=UNWELL)
        assert planned(unwell) == ()
        assert unexplained(unwell) == {Platform.TIKTOK}
        assert next_look(unwell) == LATE + COMPARE_AGAIN

    def test_an_open_one_goes_on_while_the_platform_is_unwell(self):
        incidents = opened(SILENT, at=LATE)
        unwell = scene(SILENT, incidents=incidents, at=LATE + DAY, silences=UNWELL)
        assert planned(unwell) == ()
        assert unexplained(unwell) == frozenset()

    @pytest.mark.parametrize(
        ("seen", "outcome"),
        [
            (REMOVED, IncidentOutcome.EXPLAINED),
            (Observation(wanted=Wanted.UNLINKED), IncidentOutcome.UNLINKED),
        ],
    )
    def test_a_definitive_answer_or_an_unlink_ends_it(self, seen, outcome):
        known = after(seen, SILENT, LATE + HOUR)
        changes = planned(scene(known, incidents=opened(SILENT, at=LATE), at=LATE + HOUR))
        assert changes[0].incident.outcome is outcome
        assert [each.incident.condition for each in changes[1:]] == [Condition.BROKEN] * (seen is REMOVED)

    def test_a_relink_ends_it_as_one(self):
        again = a_linked_connection(CLIENT, id="cn_tiktok", linked_at=LATE + HOUR)
        (change,) = planned(scene(again, incidents=opened(SILENT, at=LATE), at=LATE + HOUR))
        assert change.incident.outcome is IncidentOutcome.RELINKED


QUIET = replace(CLIENT, alerts=AlertPolicy(quiet=QuietHours(begins=time(22), ends=time(7))))
NIGHT = datetime(2026, 11, 2, 23, 30, tzinfo=zone_of(BERLIN)).astimezone(UTC)
MORNING = datetime(2026, 11, 3, 7, 0, tzinfo=zone_of(BERLIN)).astimezone(UTC)


class TestQuietHours:
    def test_nobody_is_rung_before_the_morning(self):
        broken = after(REMOVED, at=NIGHT)
        incidents = opened(broken, client=QUIET, at=NIGHT)
        at_night = scene(broken, client=QUIET, incidents=incidents, at=NIGHT + HOUR)
        assert planned(at_night) == ()
        assert next_look(at_night) == MORNING
        assert not at_night.may_ring(incidents[0])
        assert kinds(planned(replace(at_night, at=MORNING))) == [ChangeKind.RUNG]

    def test_posts_that_wait_break_through(self):
        broken = after(REMOVED, at=NIGHT)
        incidents = opened(broken, client=QUIET, at=NIGHT)
        at_night = scene(broken, client=QUIET, incidents=incidents, at=NIGHT + HOUR, awaited=[broken.id])
        assert at_night.may_ring(incidents[0])
        assert kinds(planned(at_night)) == [ChangeKind.RUNG]

    @pytest.mark.parametrize(
        ("begins", "ends", "local", "quiet"),
        [
            (22, 7, 23, True),
            (22, 7, 6, True),
            (22, 7, 7, False),
            (22, 7, 12, False),
            (12, 14, 12, True),
            (12, 14, 14, False),
        ],
    )
    def test_they_may_span_midnight(self, begins, ends, local, quiet):
        policy = AlertPolicy(quiet=QuietHours(begins=time(begins), ends=time(ends)))
        moment = datetime(2026, 11, 2, local, tzinfo=zone_of(BERLIN))
        assert policy.is_quiet(moment, BERLIN) is quiet
        assert timedelta() <= policy.ring_at(moment, BERLIN) - moment <= DAY

    def test_alike_ends_are_the_whole_day_so_nobody_is_ever_rung(self):
        always = replace(CLIENT, alerts=AlertPolicy(quiet=QuietHours(begins=time(9), ends=time(9))))
        broken = after(REMOVED, at=NIGHT)
        incidents = opened(broken, client=always, at=NIGHT)
        for days in range(3):
            later = scene(broken, client=always, incidents=incidents, at=NIGHT + days * DAY + 12 * HOUR)
            assert not later.may_ring(incidents[0])
            assert planned(later) == ()

    def test_a_day_that_is_quiet_throughout_is_broken_through_by_posts_that_wait(self):
        always = replace(CLIENT, alerts=AlertPolicy(quiet=QuietHours(begins=time(9), ends=time(9))))
        broken = after(REMOVED, at=NIGHT)
        incidents = opened(broken, client=always, at=NIGHT)
        waiting = scene(broken, client=always, incidents=incidents, at=NIGHT + HOUR, awaited=[broken.id])
        assert kinds(planned(waiting)) == [ChangeKind.RUNG]


class TestSnooze:
    def test_an_hour_is_an_hour(self):
        assert snooze_until(Snooze.HOUR, NOW, BERLIN, None) == NOW + HOUR

    @pytest.mark.parametrize(
        ("at", "zone", "until"),
        [
            (datetime(2026, 11, 2, 12, tzinfo=UTC), BERLIN, datetime(2026, 11, 3, 8, tzinfo=UTC)),
            (datetime(2026, 11, 2, 23, 30, tzinfo=UTC), BERLIN, datetime(2026, 11, 4, 8, tzinfo=UTC)),
            (datetime(2026, 11, 2, 12, tzinfo=UTC), "Asia/Tokyo", datetime(2026, 11, 3, 0, tzinfo=UTC)),
            (datetime(2026, 3, 28, 12, tzinfo=UTC), BERLIN, datetime(2026, 3, 29, 7, tzinfo=UTC)),
            (datetime(2026, 11, 2, 12, tzinfo=UTC), "Mars/Olympus", datetime(2026, 11, 3, 9, tzinfo=UTC)),
        ],
    )
    def test_tomorrow_is_nine_oclock_where_the_client_is(self, at, zone, until):
        assert snooze_until(Snooze.TOMORROW, at, zone, None) == until

    def test_a_day_before_the_end_exists_while_it_is_ahead(self):
        assert snooze_until(Snooze.DAY_BEFORE, NOW, BERLIN, NOW + 9 * DAY) == NOW + 8 * DAY
        assert snooze_until(Snooze.DAY_BEFORE, NOW, BERLIN, NOW + DAY) is None
        assert snooze_until(Snooze.DAY_BEFORE, NOW, BERLIN, None) is None


class TestDigest:
    @pytest.mark.parametrize(
        ("rhythm", "hour", "due"),
        [
            (Rhythm.DAILY, 12, datetime(2026, 11, 2, 11, tzinfo=UTC)),
            (Rhythm.DAILY, 9, datetime(2026, 11, 3, 8, tzinfo=UTC)),
            (Rhythm.WEEKLY, 12, datetime(2026, 11, 2, 11, tzinfo=UTC)),
            (Rhythm.WEEKLY, 9, datetime(2026, 11, 9, 8, tzinfo=UTC)),
            (Rhythm.NEVER, 9, None),
        ],
    )
    def test_comes_at_the_clients_hour(self, rhythm, hour, due):
        """NOW is a Monday, shortly after ten in Berlin."""
        assert AlertPolicy(digest=rhythm, hour=hour).next_digest(NOW, BERLIN) == due

    @given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), st.sampled_from([Rhythm.DAILY, Rhythm.WEEKLY]))  # fmt: skip
    def test_is_always_ahead_and_never_skips_one(self, moment, rhythm):
        policy, at = AlertPolicy(digest=rhythm), moment.replace(tzinfo=UTC)
        due = policy.next_digest(at, BERLIN)
        assert at < due <= at + policy.digest_covers + HOUR
        assert due.astimezone(zone_of(BERLIN)).time() == time(9)
