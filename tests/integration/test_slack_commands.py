"""What people may type after /crosslink, and that each of it gets one helpful answer."""

import json

import pytest

from tests.integration.site import Site


async def _answered(site: Site, text: str, *, user: str = "requester", channel: str = "C0BAKERY") -> str:
    """What the person reads after typing it: in the ack, or in the private message behind it."""
    before = {each["ts"] for each in await site.people.messages(user, channel)}
    typed = await site.people.slash(user, channel, text)
    assert typed["status"] == 200
    if typed.get("ack"):
        return json.dumps(typed["ack"], ensure_ascii=False)
    message = await site.people.sees(user, channel, lambda each: each["ts"] not in before)
    return json.dumps(message, ensure_ascii=False)


@pytest.mark.parametrize("text", ["", "help", "HELP", "  help  "])
async def test_help_and_a_bare_command_list_what_works(site: Site, text: str):
    said = await _answered(site, text)
    assert all(f"/crosslink {word}" in said for word in ("setup", "link", "status", "unlink"))
    assert "/crosslink post" in said


@pytest.mark.parametrize("word", ["staus", "🎬", "<script>", "x" * 3000])
async def test_an_unknown_word_is_echoed_with_help(site: Site, word: str):
    said = await _answered(site, word)
    assert word[:20].replace("<", "&lt;").replace(">", "&gt;") in said
    assert "/crosslink status" in said
    assert len(said) < 3000


@pytest.mark.parametrize("text", ["link", "settings", "diagnose", "unlink", "history"])
async def test_a_channel_without_a_client_is_told_how_to_begin(site: Site, text: str):
    assert "/crosslink setup" in await _answered(site, text)


@pytest.mark.parametrize(
    "text",
    [
        "status Nordlich Bakery",
        "link @nordlicht.baker",
        "link https://www.tiktok.com/@nordlicht.baker",
        "status #general",
        "diagnose 🥐🥐🥐",
        "settings " + "x" * 3000,
        "unlink instagram Velo",
        'history "Velo Werk"',
    ],
)
async def test_an_unknown_client_is_echoed_beside_those_there_are(bakery: Site, text: str):
    said = await _answered(bakery, text)
    assert "There is no client called" in said
    assert "Nordlicht Bakery" in said


@pytest.mark.parametrize(
    "text",
    [
        "status",
        "status nordlicht bakery",
        'status "Nordlicht Bakery"',
        "status  NORDLICHT   Bakery",
        "status all",
        "status @nordlicht.bakery",
        "status instagram.com/nordlicht.bakery",
        "status #nordlicht-bakery",
    ],
)
async def test_a_client_is_found_however_it_is_typed(bakery: Site, text: str):
    assert "Not linked yet" in await _answered(bakery, text)


async def test_another_channels_client_is_found_by_name(bakery: Site):
    assert "Nordlicht Bakery" in await _answered(bakery, "status Nordlicht Bakery", channel="C0GENERAL")


@pytest.mark.parametrize(
    ("text", "buttons"),
    [
        ("link", 2),
        ("link tiktok", 1),
        ("link instagram Nordlicht Bakery", 1),
        ("link Nordlicht Bakery TikTok", 1),
        ("link ig", 1),
    ],
)
async def test_a_link_is_asked_for_one_platform_or_both(bakery: Site, text: str, buttons: int):
    assert (await _answered(bakery, text)).count("/connect/") == buttons


async def test_nobody_else_sees_a_personal_link(bakery: Site):
    await _answered(bakery, "link")
    for other in ("manager", "on-call"):
        assert "/connect/" not in json.dumps(await bakery.people.messages(other, "C0BAKERY"))


async def test_diagnose_answers_for_each_connection_that_exists(bakery: Site):
    assert "Not linked yet" in await _answered(bakery, "diagnose")
    await _answered(bakery, "link tiktok")
    assert "Next step" in await _answered(bakery, "diagnose tiktok")


async def test_a_workspace_without_the_app_is_told_so(site: Site):
    answer = await site.command("status", team_id="T0STRANGER")
    assert "isn't installed" in json.dumps(answer.json)


async def test_another_workspace_sees_nothing_of_this_one(bakery: Site):
    await bakery.runtime.desk.clients.every("T0AGENCY")
    assert await bakery.runtime.desk.clients.every("T0OUTSIDE") == []


async def test_too_much_at_once_is_said_instead_of_queued(site: Site):
    site.runtime.tasks._waiting = 0
    answer = await site.command("status")
    assert "too much to do" in json.dumps(answer.json)
