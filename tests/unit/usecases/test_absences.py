"""Managers who are away: somebody decides for them, and everybody who waits hears who that is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.client import Intent
from core.domain.refusals import Refusal
from core.usecases.absences import LONGEST, Absences
from core.usecases.clients import ClientForm
from tests.builders import WORKSPACE, a_person
from tests.fakes import FakeDirectory
from tests.unit.usecases.studio import COLLEAGUE, MANAGER, OUTSIDER, STRANGER, Studio

WEEK = timedelta(days=7)
ADMIN = a_person(user="U0ADMIN")


def at_hand(studio: Studio) -> Absences:
    directory = FakeDirectory({(WORKSPACE, ADMIN.user)}, strangers={(WORKSPACE, "U0GUEST")})
    return Absences(work=studio.work, clock=studio.clock, directory=directory)


async def away(studio: Studio, *, person=MANAGER, manager="U0MANAGER", substitute="U0STRANGER", until=WEEK):
    absences = at_hand(studio)
    moment = studio.clock.now() + until
    return await absences.away(person, studio.client.id, manager=manager, substitute=substitute, until=moment)


async def test_a_substitute_decides_about_what_waits_already():
    studio = await Studio().open(managers=("U0MANAGER",))
    post = await studio.requested()
    await away(studio)
    assert [each.post.id for each in await studio.approving.waiting_for(STRANGER)] == [post.id]
    assert (await studio.view(post)).tally.waiting_for == ("U0STRANGER",)
    assert await studio.news() == ["requested", "policy"]


async def test_the_last_word_counts_and_being_back_ends_it():
    studio = await Studio().open()
    await away(studio)
    saved = await away(studio, substitute="U0ONCALL")
    assert [each.user for each in saved.policy.substitutes] == ["U0ONCALL"]
    back = await at_hand(studio).back(MANAGER, studio.client.id, manager="U0MANAGER")
    assert back.policy.substitutes == ()
    assert await at_hand(studio).back(MANAGER, studio.client.id, manager="U0MANAGER") == back


async def test_admins_speak_for_every_manager():
    studio = await Studio().open()
    saved = await away(studio, person=ADMIN)
    assert [(each.manager, each.user) for each in saved.policy.substitutes] == [("U0MANAGER", "U0STRANGER")]
    leave = await at_hand(studio).may_leave(COLLEAGUE, studio.client.id)
    assert (leave.client, leave.of_others) == (saved, False)
    with pytest.raises(Refusal, match="not_own_absence"):
        await at_hand(studio).back(COLLEAGUE, studio.client.id, manager="U0MANAGER")


async def test_absences_that_are_over_are_not_kept():
    studio = await Studio().open()
    await away(studio)
    studio.clock.turn(WEEK)
    saved = await away(studio, person=COLLEAGUE, manager="U0COLLEAGUE")
    assert [each.manager for each in saved.policy.substitutes] == ["U0COLLEAGUE"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"person": STRANGER}, "not_allowed"),
        ({"person": OUTSIDER}, "not_allowed"),
        ({"person": COLLEAGUE}, "not_own_absence"),
        ({"person": ADMIN, "manager": "U0STRANGER", "substitute": "U0COLLEAGUE"}, "not_a_manager"),
        ({"substitute": "U0MANAGER"}, "substitute_same"),
        ({"substitute": "U0GUEST"}, "substitute_outside"),
        ({"until": timedelta(0)}, "until_past"),
        ({"until": LONGEST + timedelta(seconds=1)}, "until_too_far"),
    ],
)
async def test_what_makes_no_sense_is_refused(given, code):
    studio = await Studio().open()
    with pytest.raises(Refusal, match=code):
        await away(studio, **given)


async def test_an_edit_of_the_client_keeps_absences_and_tells_who_decides_now():
    studio = await Studio().open()
    await studio.requested()
    await away(studio)
    form = ClientForm(
        name=studio.client.name,
        channel=studio.client.channel,
        intent=Intent.BOTH,
        managers=("U0MANAGER",),
        needed=0,
    )
    saved = await studio.clients.set_up(MANAGER, form)
    await studio.clients.set_up(MANAGER, form)
    handed_over = await studio.clients.set_up(MANAGER, replace(form, managers=("U0COLLEAGUE",)))
    assert handed_over.policy.substitutes == ()
    assert (len(saved.policy.substitutes), saved.policy.expire_hours) == (1, 72)
    assert await studio.news() == ["requested", "policy", "policy", "policy"]


async def test_how_long_later_requests_wait_is_no_news_of_open_ones():
    studio = await Studio().open(managers=("U0MANAGER",))
    await studio.requested()
    form = ClientForm(
        name=studio.client.name, channel=studio.client.channel, intent=Intent.BOTH, managers=("U0MANAGER",)
    )
    await studio.clients.set_up(MANAGER, replace(form, remind_hours=5, expire_hours=200))
    assert await studio.news() == ["requested"]
