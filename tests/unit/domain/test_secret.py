"""A Secret never shows itself."""

import traceback
from dataclasses import asdict, replace

from hypothesis import given
from hypothesis import strategies as st

from core.domain.secret import Secret
from tests.builders import credentials

CLEAR = "act.abcdef0123456789"
TEXTS = st.text(alphabet="abcdefghijklmnop0123456789", min_size=8)


@given(TEXTS)
def test_no_way_of_writing_it_shows_it(clear):
    secret = Secret(clear)
    written = [repr(secret), str(secret), f"{secret}", f"{secret!r:>20}", f"{secret:>20}", f"{[secret]}"]
    assert not any(clear in each for each in written)


@given(TEXTS)
def test_only_revealing_gives_it_back(clear):
    assert Secret(clear).reveal() == clear


def test_an_exception_that_carries_it_does_not_show_it():
    error = ValueError(Secret(CLEAR))
    assert CLEAR not in "".join(traceback.format_exception(error))


def test_what_holds_one_does_not_show_it():
    held = credentials(access=Secret(CLEAR))
    assert CLEAR not in f"{held} {asdict(held)} {replace(held)}"


def test_equal_secrets_are_equal_and_hash_alike():
    assert Secret("a") == Secret("a") != Secret("b")
    assert len({Secret("a"), Secret("a")}) == 1
    assert Secret("a") != "a"


def test_an_empty_one_is_false():
    assert Secret("a")
    assert not Secret("")
