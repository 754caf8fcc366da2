"""The visible side: a link that is missing is hidden only once the other account's name is sure."""

from datetime import timedelta

from core.domain.connection import PROBE_EVERY
from core.domain.errors import GrantLost, PlatformDown
from core.domain.observation import Grant, Observation, Visible
from core.domain.verdict import Reason, State
from core.usecases.probe import AGAIN
from tests.unit.usecases.agency import Agency
from tests.unit.usecases.looks import pair

HIDDEN, SHOWN = Observation(visible=Visible.HIDDEN), Observation(visible=Visible.SHOWN)


async def look_at_instagram(agency, instagram, **later):
    agency.clock.turn(**later)
    await agency.watching.look(instagram.workspace, instagram.id)
    return agency.now(instagram)


async def test_a_link_that_is_missing_for_the_first_time_has_the_other_account_asked_its_name():
    agency = Agency()
    tiktok, instagram = await pair(agency)
    agency.instagram.always("visible_link", HIDDEN)
    seen = await look_at_instagram(agency, instagram, hours=5)
    assert seen.state is State.AUTHORIZED
    assert seen.due_at == agency.clock.now() + AGAIN
    assert agency.now(tiktok).due_at == agency.clock.now()


async def test_a_renamed_account_alarms_nobody():
    agency = Agency()
    _, instagram = await pair(agency)
    agency.instagram.will("visible_link", HIDDEN, SHOWN)
    await look_at_instagram(agency, instagram, hours=5)
    await agency.watching.look_at_due(agency.clock.now())
    assert (await look_at_instagram(agency, instagram, minutes=5)).state is State.AUTHORIZED


async def test_a_link_that_is_gone_is_called_hidden_at_the_second_look():
    agency = Agency()
    _, instagram = await pair(agency)
    agency.instagram.always("visible_link", HIDDEN)
    await look_at_instagram(agency, instagram, hours=5)
    await agency.watching.look_at_due(agency.clock.now())
    seen = await look_at_instagram(agency, instagram, minutes=5)
    assert (seen.state, seen.reason) == (State.PARTIALLY_REVOKED, Reason.PROFILE_LINK_HIDDEN)


async def test_a_name_that_was_told_before_the_link_was_missed_proves_nothing():
    agency = Agency()
    tiktok, instagram = await pair(agency)
    agency.instagram.will("visible_link", HIDDEN, SHOWN)
    agency.clock.turn(hours=5)
    await agency.watching.look(tiktok.workspace, tiktok.id)
    missed = await look_at_instagram(agency, instagram, minutes=1)
    assert (missed.state, missed.sides.unshown_since) == (State.AUTHORIZED, agency.clock.now())
    shown = await look_at_instagram(agency, instagram, minutes=5)
    assert (shown.state, shown.sides.unshown_since) == (State.AUTHORIZED, None)


async def test_doubt_ends_where_the_other_name_cannot_be_asked():
    agency = Agency()
    _, instagram = await pair(agency)
    agency.tiktok.always("prove", PlatformDown("500"))
    agency.instagram.always("visible_link", HIDDEN)
    await look_at_instagram(agency, instagram, hours=5)
    assert (await look_at_instagram(agency, instagram, hours=5)).state is State.AUTHORIZED
    assert (await look_at_instagram(agency, instagram, hours=26)).reason is Reason.PROFILE_LINK_HIDDEN


async def test_doubt_ends_at_the_second_look_where_the_other_link_is_broken():
    agency = Agency()
    tiktok, instagram = await pair(agency)
    agency.tiktok.always("prove", GrantLost("gone", Observation(grant=Grant.WITHDRAWN)))
    await agency.watching.look(tiktok.workspace, tiktok.id)
    agency.instagram.always("visible_link", HIDDEN)
    assert (await look_at_instagram(agency, instagram, hours=1)).state is State.AUTHORIZED
    assert (await look_at_instagram(agency, instagram, minutes=5)).reason is Reason.PROFILE_LINK_HIDDEN


async def test_looking_twice_stays_within_the_interval():
    agency = Agency()
    _, instagram = await pair(agency)
    assert instagram.due_at + AGAIN + timedelta(minutes=5) <= agency.clock.now() + PROBE_EVERY
