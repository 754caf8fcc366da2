"""Addresses of kept files open exactly that file, for their time, and survive a change of keys."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.media_links import MediaLinks, short_name
from bot.signing import NoLink
from core.ports import Kept
from tests.fakes import FrozenClock

KEPT = Kept(sha256="ab" * 32, size=5)
OLD, NEW = b"o" * 32, b"n" * 32


def links(*keys: bytes, clock: FrozenClock | None = None) -> MediaLinks:
    return MediaLinks(base_url="https://crosslink.example", keys=keys, clock=clock or FrozenClock())


def token(made: MediaLinks, name: str = "ride.mp4") -> str:
    return made.url(KEPT, name, life=timedelta(hours=1), download=True).rpartition("/")[2]


@given(st.text(max_size=300))
def test_an_address_says_what_it_opens(name):
    opened = links(NEW).read(token(links(NEW), name))
    assert (opened.kept, opened.is_download) == (KEPT, True)
    assert opened.name == short_name(name, 120)


def test_a_new_key_signs_and_the_old_one_is_still_believed():
    assert links(NEW, OLD).read(token(links(OLD))).kept == KEPT
    with pytest.raises(NoLink):
        links(NEW).read(token(links(OLD)))


def test_an_address_runs_out():
    clock = FrozenClock()
    made = links(NEW, clock=clock)
    given_out = token(made)
    clock.turn(timedelta(hours=1))
    with pytest.raises(NoLink) as none:
        made.read(given_out)
    assert none.value.is_over


@given(st.integers(0, 80), st.sampled_from("ABCxyz019-_"))
def test_no_letter_of_an_address_can_be_another(place, letter):
    made = links(NEW)
    whole = token(made)
    forged = whole[:place] + letter + whole[place + 1 :]
    if forged != whole:
        with pytest.raises(NoLink):
            made.read(forged)


@pytest.mark.parametrize("text", ["", "..", "ä", "=" * 10, "A" * 1000])
def test_anything_else_opens_nothing(text):
    with pytest.raises(NoLink):
        links(NEW).read(text)


def test_a_short_name_keeps_its_ending():
    assert short_name("🎬" * 100 + ".mp4", 20).endswith(".mp4")
    assert len(short_name("x" * 500, 60).encode()) <= 60
