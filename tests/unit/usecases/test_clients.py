"""Setting a client up: checked field by field, by those who may, and found again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.client import Intent
from core.domain.fact import FactKind
from core.usecases.clients import ClientForm, check_form
from tests.builders import NOW, WORKSPACE, a_person
from tests.unit.usecases.agency import INSTAGRAM, MANAGER, OUTSIDER, REQUESTER, TIKTOK, Agency
from tests.unit.usecases.refusals import refused

THREE = ("U0MANAGER", "U0SECOND", "U0THIRD")
FORM = ClientForm(name="Velo Werk", channel="C0VELO", intent=Intent.BOTH, managers=("U0MANAGER",))


def form(**changes):
    return replace(FORM, **changes)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, {}),
        ({"name": " \n "}, {"name": "name_missing"}),
        ({"name": "x" * 81}, {"name": "name_too_long"}),
        ({"tiktok": "🥐"}, {"tiktok": "handle_unreadable"}),
        ({"instagram": "tiktok.com/@velowerk"}, {"instagram": "handle_of_other_platform"}),
        ({"needed": 0}, {}),
        ({"needed": 3, "managers": ("U1", "U2"), "outsiders": ("U9",)}, {}),
        ({"needed": 3, "managers": ("U1", "U2")}, {"needed": "needed_too_many"}),
        ({"needed": 2, "managers": ()}, {"needed": "needed_too_many"}),
        ({"needed": -1}, {"needed": "needed_out_of_range"}),
        ({"needed": 11}, {"needed": "needed_out_of_range"}),
        ({"time_zone": "Berlin"}, {"time_zone": "time_zone_unknown"}),
        ({"time_zone": "../../etc/passwd"}, {"time_zone": "time_zone_unknown"}),
        ({"time_zone": "Europe"}, {"time_zone": "time_zone_unknown"}),
        ({"time_zone": ""}, {"time_zone": "time_zone_unknown"}),
        ({"time_zone": "🥐" * 3000}, {"time_zone": "time_zone_unknown"}),
        ({"name": "", "needed": 11}, {"name": "name_missing", "needed": "needed_out_of_range"}),
        ({"remind_hours": 0, "expire_hours": 1}, {}),
        ({"remind_hours": -1}, {"remind_hours": "remind_out_of_range"}),
        ({"remind_hours": 721}, {"remind_hours": "remind_out_of_range"}),
        ({"expire_hours": 0}, {"expire_hours": "expire_out_of_range"}),
        ({"expire_hours": 721}, {"expire_hours": "expire_out_of_range"}),
    ],
)
def test_a_form_is_checked_field_by_field(changes, wrong):
    assert check_form(form(**changes)) == wrong


async def test_a_new_client_is_saved_and_told():
    agency = Agency()
    saved = await agency.clients.set_up(REQUESTER, form(name="  Velo   Werk ", tiktok="@VeloWerk"))
    assert (saved.name, saved.expected) == ("Velo Werk", {TIKTOK: "velowerk"})
    assert agency.facts(FactKind.CLIENT_SAVED) == [{"by": "U0REQUESTER", "new": "yes"}]


async def test_a_client_is_never_without_a_manager():
    agency = Agency()
    saved = await agency.clients.set_up(REQUESTER, form(managers=()))
    assert saved.managers == ("U0REQUESTER",)


async def test_setting_up_again_edits():
    agency = Agency()
    first = await agency.clients.set_up(MANAGER, form())
    edited = await agency.clients.set_up(MANAGER, form(name="Velowerk", needed=2, managers=THREE))
    assert (edited.id, edited.name, edited.policy.needed) == (first.id, "Velowerk", 2)
    assert agency.facts(FactKind.CLIENT_SAVED)[1]["new"] == "no"


async def test_only_managers_edit():
    agency = Agency()
    await agency.clients.set_up(MANAGER, form())
    refusal = await refused(agency.clients.set_up(REQUESTER, form()))
    assert (refusal.code, refusal.facts["managers"]) == ("not_allowed", "U0MANAGER")


@pytest.mark.parametrize("is_known", [True, False])
async def test_an_admin_edits_whether_slack_said_so_already_or_is_asked(is_known):
    agency = Agency()
    await agency.clients.set_up(MANAGER, form())
    admin = a_person(user="U0ADMIN", is_admin=is_known)
    agency.directory.admins = set() if is_known else {(WORKSPACE, "U0ADMIN")}
    assert await agency.clients.may_set_up(admin, "C0VELO")


async def test_an_outsider_sets_nothing_up():
    agency = Agency()
    assert (await refused(agency.clients.set_up(OUTSIDER, form()))).code == "outsider"


async def test_anybody_of_the_workspace_may_set_up_a_channel_that_nobody_owns():
    assert await Agency().clients.may_set_up(REQUESTER, "C0NEW") is None


async def test_a_form_that_is_wrong_is_refused_with_what_was_typed():
    refusal = await refused(Agency().clients.set_up(MANAGER, form(needed=99)))
    assert (refusal.code, refusal.facts) == ("needed_out_of_range", {"field": "needed", "typed": "99"})


async def test_a_name_is_taken_once():
    agency = Agency()
    await agency.clients.set_up(MANAGER, form())
    refusal = await refused(agency.clients.set_up(MANAGER, form(channel="C0OTHER", name="velo werk")))
    assert refusal.code == "name_taken"


async def test_other_needs_are_looked_into_soon():
    agency = Agency()
    client = await agency.client(channel="C0VELO")
    held = await agency.linked(client)
    other = await agency.linked(client, platform=INSTAGRAM)
    await agency.save(other.erased(NOW))
    agency.clock.turn(minutes=5)
    await agency.clients.set_up(MANAGER, form(intent=Intent.PROFILE))
    assert agency.now(held).due_at == NOW + timedelta(minutes=5)
    assert agency.now(other).due_at is None


async def test_the_same_needs_are_not():
    agency = Agency()
    held = await agency.linked(await agency.client(channel="C0VELO"))
    await agency.clients.set_up(MANAGER, form(intent=Intent.CROSSPOST))
    assert agency.now(held) == held


async def test_two_edits_at_once_are_both_kept_in_turn():
    agency = Agency()
    await agency.clients.set_up(MANAGER, form())

    async def meanwhile(workspace, user):
        await agency.clients.set_up(MANAGER, form(needed=3, managers=THREE))
        return True

    agency.directory.is_admin = meanwhile
    edited = await agency.clients.set_up(REQUESTER, form(needed=2, managers=THREE))
    assert (edited.policy.needed, edited.version) == (2, 3)


async def test_a_client_is_found_by_name_or_by_channel():
    agency = Agency()
    saved = await agency.clients.set_up(MANAGER, form(tiktok="@velowerk"))
    assert await agency.clients.find(WORKSPACE, name=" VELO werk ", channel="C0OTHER") == saved
    assert await agency.clients.find(WORKSPACE, name=None, channel="C0VELO") == saved
    assert await agency.clients.find(WORKSPACE, name="@velowerk", channel="C0OTHER") == saved
    assert await agency.clients.every(WORKSPACE) == [saved]


async def test_a_handle_that_is_not_ones_alone_is_answered_with_the_choices():
    agency = Agency()
    for name, channel in (("Velo Werk", "C0VELO"), ("Velo Shop", "C0SHOP")):
        await agency.clients.set_up(MANAGER, form(name=name, channel=channel, tiktok="@velowerk"))
    both = await refused(agency.clients.find(WORKSPACE, name="@velowerk", channel="C0OTHER"))
    assert (both.code, both.facts["known"]) == ("ambiguous_client", "Velo Shop, Velo Werk")


async def test_what_is_not_found_is_answered_with_what_there_is():
    agency = Agency()
    await agency.clients.set_up(MANAGER, form())
    unknown = await refused(agency.clients.find(WORKSPACE, name="x" * 3000, channel="C0VELO"))
    nowhere = await refused(agency.clients.find(WORKSPACE, name=None, channel="C0OTHER"))
    assert (unknown.code, len(unknown.facts["typed"]), unknown.facts["known"]) == (
        "unknown_client",
        80,
        "Velo Werk",
    )
    assert (nowhere.code, nowhere.facts["known"]) == ("no_client_here", "Velo Werk")
