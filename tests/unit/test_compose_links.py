"""Personal addresses of the composer's page: one post for one person for two hours, and nobody else makes one."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.compose_links import LIFE, ComposeLinks
from bot.media_links import MediaLinks
from bot.signing import NoLink
from core.ports import Kept
from tests.builders import a_person
from tests.fakes import FrozenClock

OLD, NEW = b"o" * 32, b"n" * 32
GUEST = a_person(user="U0OUTSIDER", home="T0OUTSIDE")


def links(*keys: bytes, clock: FrozenClock | None = None) -> ComposeLinks:
    return ComposeLinks(
        base_url="https://crosslink.example", keys=keys or (NEW,), clock=clock or FrozenClock()
    )


def token(made: ComposeLinks) -> str:
    return made.url(GUEST, "po_1").rpartition("/")[2]


def test_an_address_opens_one_post_for_one_person():
    opened = links().read(token(links()))
    assert (opened.person, opened.post_id) == (GUEST, "po_1")


def test_an_address_runs_out():
    clock = FrozenClock()
    made = links(clock=clock)
    given_out = token(made)
    clock.turn(LIFE - timedelta(seconds=1))
    assert made.read(given_out).post_id == "po_1"
    clock.turn(seconds=1)
    with pytest.raises(NoLink) as none:
        made.read(given_out)
    assert none.value.is_over


def test_a_new_key_signs_and_the_old_one_is_still_believed():
    assert links(NEW, OLD).read(token(links(OLD))).person == GUEST
    with pytest.raises(NoLink):
        links(NEW).read(token(links(OLD)))


@given(st.integers(0, 120), st.sampled_from("ABCxyz019-_"))
def test_no_letter_of_an_address_can_be_another(place, letter):
    whole = token(links())
    forged = whole[:place] + letter + whole[place + 1 :]
    if forged != whole:
        with pytest.raises(NoLink):
            links().read(forged)


def test_what_was_signed_for_a_file_opens_no_page():
    files = MediaLinks(base_url="https://crosslink.example", keys=(NEW,), clock=FrozenClock())
    of_a_file = files.url(Kept(sha256="ab" * 32, size=5), "ride.mp4", life=LIFE).rpartition("/")[2]
    with pytest.raises(NoLink):
        links().read(of_a_file)
    with pytest.raises(NoLink):
        files.read(token(links()))
