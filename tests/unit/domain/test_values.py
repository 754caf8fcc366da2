"""Small values: errors that say what follows, names for new things, what an issue of credentials is."""

from datetime import timedelta

import pytest

from core.domain import errors
from core.domain.errors import NeedsPerson, Passing, Throttled, Trouble
from core.domain.ids import fingerprint, new_id, new_token
from core.domain.observation import Grant, Observation
from core.domain.secret import Secret
from tests.builders import NOW, credentials

TROUBLES = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, Trouble)]


@pytest.mark.parametrize("kind", TROUBLES)
def test_every_trouble_carries_the_platforms_code_and_log_id(kind):
    trouble = kind("code", log_id="log-1")
    assert (trouble.code, trouble.log_id, str(trouble)) == ("code", "log-1", "code")


def test_what_needs_a_person_says_what_it_means_for_the_sides():
    assert NeedsPerson("code").observation == Observation()
    assert NeedsPerson("code", Observation(grant=Grant.WITHDRAWN)).observation.grant is Grant.WITHDRAWN


def test_being_throttled_passes_at_a_time_that_may_be_known():
    assert issubclass(Throttled, Passing)
    assert Throttled("429").until is None
    assert Throttled("429", until=NOW).until == NOW


def test_names_are_new_each_time_and_say_what_they_are_for():
    names = {new_id("cn") for _ in range(100)}
    assert len(names) == 100
    assert all(name.startswith("cn_") for name in names)


def test_tokens_are_long_and_recognised_by_a_print_that_is_not_them():
    token = new_token()
    assert len(token) >= 43
    assert fingerprint(token) == fingerprint(token) != fingerprint(new_token())
    assert token not in fingerprint(token)


def test_bytes_that_are_no_text_have_a_print_too():
    sent = b"\xfe\xff".decode("utf-8", "surrogateescape")
    assert len({fingerprint(each) for each in (*sent, sent, "??", "")}) == 5


def test_one_issue_of_credentials_is_known_by_its_tokens():
    held = credentials()
    same = credentials(access=held.access, refresh=held.refresh, issued_at=NOW + timedelta(hours=1))
    assert held.same_tokens(same)
    assert not held.same_tokens(credentials(access=held.access, refresh=Secret("rft.other")))
