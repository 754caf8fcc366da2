"""A link that goes unproved: told where it is the link's own trouble, not where the platform answers nobody."""

import pytest

from core.domain.account import Platform
from core.domain.alert_plan import COMPARE_AGAIN, ChangeKind, next_look, unexplained
from core.domain.incident import IncidentOutcome
from core.domain.observation import Observation, Wanted
from core.domain.silence import ALONE_FOR, MOST, Silence
from core.domain.symptom import Condition
from core.domain.verdict import UNPROVED_AFTER
from tests.builders import NOW, a_linked_connection
from tests.unit.domain.incidents import (
    CLIENT,
    DAY,
    HOUR,
    REMOVED,
    SILENT,
    after,
    opened,
    planned,
    proved,
    scene,
)

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
