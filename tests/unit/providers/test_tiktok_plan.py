"""Pieces of a film are legal whatever a megabyte is, and the host's progress is read in both of its shapes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.providers.tiktok.plan import Plan, planned

MEGA, MEBI = 10**6, 2**20
GIB = 2**30
sizes = st.integers(1, 4 * GIB)


@pytest.mark.parametrize(
    ("size", "count", "last"),
    [
        (1, 1, 1),
        (4_194_304, 1, 4_194_304),
        (64_000_000, 1, 64_000_000),
        (64_000_001, 6, 14_000_001),
        (99_999_999, 9, 19_999_999),
        (4_294_967_296, 429, 14_967_296),
    ],
)
def test_the_sheets_own_vectors(size, count, last):
    plan = planned(size)
    assert (plan.count, size - plan.last) == (count, last)


def test_the_guides_own_example():
    plan = Plan(50_000_123, 10_000_000)
    assert (plan.count, plan.size - plan.last) == (5, 10_000_123)


@given(sizes)
def test_every_plan_is_legal_in_both_readings(size):
    plan = planned(size)
    assert 1 <= plan.count <= 1_000
    assert plan.count == size // plan.chunk
    if plan.count > 1:
        assert 5 * MEBI <= plan.chunk <= 64 * MEGA
        assert size - plan.last <= 128 * MEGA
    else:
        assert plan.chunk == size <= 64 * MEGA


@given(sizes)
def test_pieces_meet_and_cover_the_whole(size):
    plan, begin, pieces = planned(size), 0, 0
    while begin < size:
        assert plan.is_border(begin)
        end = plan.end(begin)
        assert end > begin
        begin, pieces = end, pieces + 1
    assert (begin, pieces) == (size, plan.count)


@given(sizes, st.data())
def test_progress_is_read_as_a_count_and_as_the_last_bytes_number(size, data):
    plan = planned(size)
    piece = data.draw(st.integers(0, plan.count))
    border = size if piece == plan.count else piece * plan.chunk
    for end in {border, max(0, border - 1)}:
        assert plan.progress(f"bytes 0-{end}/{size}") == border or size == 1


@pytest.mark.parametrize(
    "header",
    ["", "bytes */64000001", "bytes 0-5/64000001", "bytes 0-10000000/7", "bytes 5-9/64000001", "items 0-0/1"],
)
def test_progress_that_makes_no_sense_is_none(header):
    assert planned(64_000_001).progress(header) is None
