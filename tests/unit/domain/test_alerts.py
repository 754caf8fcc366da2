"""When people are spoken to: quiet hours, snoozes and digests, at the hours of the client's place."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.alert_plan import ChangeKind, next_look
from core.domain.alerts import AlertPolicy, QuietHours, Rhythm, Snooze, snooze_until, zone_of
from tests.builders import NOW
from tests.unit.domain.incidents import (
    BERLIN,
    CLIENT,
    DAY,
    HOUR,
    REMOVED,
    after,
    kinds,
    opened,
    planned,
    scene,
)

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
