"""A simulated link that nobody can prove any more: how often it happens, and when telling of it is in time."""

from datetime import timedelta

import pytest

from sandbox.simulate.figures import AILING, UNPROVED_WITHIN, Break, Figures
from sandbox.simulate.mishaps import BREAKS
from tests.builders import NOW

BOUND = NOW + UNPROVED_WITHIN
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("platform", BREAKS)
def test_is_one_mishap_of_a_hundred_shares(platform):
    assert BREAKS[platform][AILING] > 0
    assert sum(BREAKS[platform].values()) == 100


@pytest.mark.parametrize(
    ("told_at", "figure"),
    [(NOW + timedelta(days=3), "told_unproved"), (BOUND + HOUR, "told_late"), (None, "silent")],
)
def test_counts_by_itself_what_was_told_within_a_week_and_hides_nothing(told_at, figure):
    figures = Figures()
    ailing = Break(who="tiktok brand.0001", why=AILING, at=NOW, bound=BOUND, told_at=told_at)
    figures.count([ailing], BOUND + timedelta(days=1))
    assert (getattr(figures, figure), figures.links_broken, figures.told_in_time) == (1, 1, 0)
    assert figures.is_fine == (figure == "told_unproved")
