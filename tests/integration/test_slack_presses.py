"""Buttons and windows: who may press, what an old or foreign button does, and that every press gets an answer."""

import json
from typing import Any

import pytest

from bot import ids
from sandbox.journey import button
from tests.integration.site import BAKERY, TEAM, Site


async def _link_message(site: Site, *, user: str = "requester", text: str = "link tiktok") -> Any:
    await site.people.slash(user, "C0BAKERY", text)
    return await site.people.sees(user, "C0BAKERY", lambda each: bool(button(each, "link.open_page")))


async def _status(site: Site, *, user: str = "requester") -> Any:
    await site.people.slash(user, "C0BAKERY", "status")
    return await site.people.sees(user, "C0BAKERY", lambda each: bool(button(each, "link.start")))


async def test_a_button_that_opens_an_address_is_only_acknowledged(bakery: Site):
    message = await _link_message(bakery)
    pressed = await bakery.people.click("requester", "C0BAKERY", message, "link.open_page")
    assert pressed["status"] == 200
    assert "/connect/" in pressed["url"]


async def test_link_from_a_status_brings_a_private_link(bakery: Site):
    await bakery.people.click("requester", "C0BAKERY", await _status(bakery), "link.start")
    await bakery.people.sees("requester", "C0BAKERY", lambda each: bool(button(each, "link.open_page")))


async def test_the_same_button_pressed_twice_leaves_the_newest_link_working(bakery: Site):
    status = await _status(bakery)
    for _ in range(2):
        await bakery.people.click("requester", "C0BAKERY", status, "link.start")
        await bakery.settled()
    messages = await bakery.people.messages("requester", "C0BAKERY")
    urls = [str(button(each, "link.open_page")["url"]) for each in messages if button(each, "link.open_page")]
    answers = [(await bakery.get(url)).status for url in urls]
    assert answers == [410, 200]


@pytest.mark.parametrize(
    "value", ["", "{}", '{"v":0,"k":"ln"}', "null", "[]", "x" * 2000, '{"v":1,"k":"cl","client":"x"}']
)
async def test_an_old_or_forged_value_is_answered_not_trusted(bakery: Site, value: str):
    answer = await _press(bakery, ids.Action.LINK_START, value)
    assert answer.status == 200
    await bakery.told("requester", "D0REQUESTER", lambda said: "older version" in said)


async def test_an_unknown_button_is_answered(bakery: Site):
    assert (await _press(bakery, "some.other.button", "")).status == 200
    await bakery.told("requester", "D0REQUESTER", lambda said: "older version" in said)


async def _press(site: Site, action: str, value: str, *, user: str = "U0REQUESTER", home: str = TEAM):
    """A press whose private answer can only be a direct message."""
    return await site.interact(
        type="block_actions",
        user={"id": user, "team_id": home},
        actions=[{"action_id": action, "value": value, "type": "button"}],
        trigger_id="1.2.a",
    )


async def test_a_stranger_from_another_workspace_gets_no_link(bakery: Site):
    client = await bakery.runtime.desk.clients.in_channel(TEAM, "C0BAKERY")
    value = ids.write(ids.LinkValue(client=client.id, platforms=()))
    await _press(bakery, ids.Action.LINK_START, value, user="U0OUTSIDER", home="T0OUTSIDE")
    await bakery.settled()
    async with bakery.runtime.desk.work.reading() as unit:
        assert await unit.connections.of_client(TEAM, client.id) == []


async def test_another_workspaces_client_is_unknown_to_the_presser(bakery: Site):
    client = await bakery.runtime.desk.clients.in_channel(TEAM, "C0BAKERY")
    value = ids.write(ids.LinkValue(client=client.id, platforms=()))
    answer = await bakery.interact(
        type="block_actions",
        team={"id": "T0OUTSIDE"},
        user={"id": "U0OUTSIDER", "team_id": "T0OUTSIDE"},
        actions=[{"action_id": ids.Action.LINK_START, "value": value}],
    )
    await bakery.settled()
    assert answer.status == 200
    async with bakery.runtime.desk.work.reading() as unit:
        assert await unit.connections.of_client(TEAM, client.id) == []


async def test_only_admins_and_managers_may_edit_and_the_others_read_who_may(bakery: Site):
    await bakery.people.slash("requester", "C0BAKERY", "setup")
    view = await bakery.people.view("requester", "notice")
    await bakery.settled()
    shown = json.dumps(await bakery.people.call("GET", "views", user="requester"))
    assert view
    assert "U0MANAGER" in shown
    assert "setup.submit" not in shown


async def test_wrong_fields_are_named_beside_them_and_the_input_stays(site: Site):
    await site.people.slash("manager", "C0BAKERY", "setup")
    view = await site.people.view("manager", "setup.submit")
    told = await site.people.submit(
        "manager", view, BAKERY | {"tiktok": "https://www.instagram.com/nordlicht.bakery", "name": "  "}
    )
    assert {"tiktok", "name"} <= json.loads(json.dumps(told))["ack"]["errors"].keys()
    assert await site.people.view("manager", "setup.submit")


async def test_a_name_that_is_taken_is_a_field_error_too(bakery: Site):
    await bakery.people.slash("manager", "C0VELO", "setup")
    view = await bakery.people.view("manager", "setup.submit")
    told = await bakery.people.submit("manager", view, BAKERY | {"name": "nordlicht  BAKERY"})
    assert "name" in told["ack"]["errors"]


async def test_a_submitted_window_says_that_it_worked(site: Site):
    await site.people.slash("manager", "C0BAKERY", "setup")
    await site.people.submit("manager", await site.people.view("manager", "setup.submit"), BAKERY)
    await site.settled()
    said = json.dumps(await site.people.call("GET", "views", user="manager"))
    assert "Nordlicht Bakery" in said
    assert "is set up" in said


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "view_closed", "view": {"callback_id": "setup.submit"}},
        {
            "type": "view_submission",
            "view": {"type": "modal", "callback_id": "unknown", "state": {"values": {}}},
        },
        {"type": "shortcut", "callback_id": "unknown"},
        {"type": "message_action", "callback_id": "unknown", "message": {"ts": "1.1"}},
        {"type": "block_suggestion", "action_id": "unknown", "value": "a"},
    ],
)
async def test_what_nobody_listens_to_is_acknowledged(site: Site, payload: dict[str, Any]):
    assert (await site.interact(**payload)).status == 200


async def test_what_isnt_shaped_like_slacks_is_refused_in_words(site: Site):
    answer = await site.interact(type="block_actions", actions=[])
    assert (answer.status, answer.json) == (400, {"error": "This body can't be read."})


async def test_home_shows_the_clients_and_stays_fresh(bakery: Site):
    await bakery.people.call("POST", "people/home", {"user": "requester"})
    await bakery.settled()
    entries = bakery.sandbox.world.journal.entries
    assert entries("slack.views.publish")
    published = len(entries("slack.views.publish"))
    await bakery.people.link("requester", "C0BAKERY", "tiktok", "nordlicht.bakery")
    await bakery.told("requester", "C0BAKERY", lambda said: "linked TikTok" in said)
    await bakery.settled()
    assert len(entries("slack.views.publish")) > published


async def test_the_messages_tab_draws_no_home(bakery: Site):
    opened = await bakery.people.call("POST", "people/home", {"user": "requester", "tab": "messages"})
    await bakery.settled()
    assert (opened["status"], bakery.sandbox.world.journal.entries("slack.views.publish")) == (200, [])


async def test_our_own_failure_is_an_apology_with_a_reference(bakery: Site, caplog: pytest.LogCaptureFixture):
    async def broken(_request: object) -> None:
        raise RuntimeError("the inside of it")

    dispatch = bakery.runtime.slack._async_middleware_list[-1].dispatch
    dispatch.table.commands["status"] = broken
    await bakery.people.slash("requester", "C0BAKERY", "status")
    said = await bakery.told("requester", "C0BAKERY", lambda text: "our side" in text)
    assert "the inside of it" not in said
    reference = next(record.reference for record in caplog.records if hasattr(record, "reference"))
    assert reference in said
