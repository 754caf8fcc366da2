"""Clients: what their link must be able to do, and who may change them."""

import pytest

from core.domain.client import Intent
from core.domain.observation import Capability
from tests.builders import EVERYTHING, OUTSIDE, a_client, a_person


@pytest.mark.parametrize(
    ("intent", "needs", "shows"),
    [
        (Intent.PROFILE, {Capability.IDENTIFY}, True),
        (Intent.CROSSPOST, EVERYTHING, False),
        (Intent.BOTH, EVERYTHING, True),
    ],
)
def test_the_intent_says_what_is_needed(intent, needs, shows):
    client = a_client(intent=intent)
    assert (client.needs(), client.shows_profile_link) == (needs, shows)


@pytest.mark.parametrize(
    ("person", "may"),
    [
        (a_person(), True),
        (a_person(user="U0REQUESTER"), False),
        (a_person(user="U0REQUESTER", is_admin=True), True),
        (a_person(home=OUTSIDE), False),
        (a_person(home=OUTSIDE, is_admin=True), False),
        (a_person(workspace=OUTSIDE, home=OUTSIDE, is_admin=True), False),
    ],
)
def test_managers_and_admins_of_the_same_workspace_may_change_a_client(person, may):
    assert a_client().may_change(person) is may
