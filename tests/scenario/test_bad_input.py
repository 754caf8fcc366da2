"""Whatever people type, they get one answer, in words, and it helps."""

import pytest

from sandbox.journey import words
from sandbox.seed import VELO
from tests.scenario.scene import BAKERY_CHANNEL, VELO_CHANNEL, Scene

DIRECT = "D0REQUESTER"
LONG = "x" * 3000
NOBODY = "There is no client called"
EMPTY = "This channel has no client yet. Set one up with `/crosslink setup`"
TYPED = [
    ("lnik", "I don't know “lnik”"),
    ("💥", "I don't know “💥”"),
    ("<script>alert(1)</script>", "&lt;script&gt;"),
    ("<!channel> *x*", "This is what I can do"),
    (LONG, "This is what I can do"),
    ("help me please", "/crosslink setup"),
    ("", "/crosslink setup"),
    ("HELP", "/crosslink setup"),
    ("status Nobody", f"{NOBODY} “Nobody” here"),
    ("status @nobody", f"{NOBODY} “@nobody” here"),
    ("status https://www.tiktok.com/@nobody", NOBODY),
    ("status @velowerk", "Velo Werk"),
    ("status https://www.tiktok.com/@velowerk", "Velo Werk"),
    ("diagnose #nordlicht-bakery", "Nordlicht Bakery"),
    ("status #general", f"{NOBODY} “<#C0GENERAL>” here"),
    ("status 🥐", f"{NOBODY} “🥐” here"),
    (f"status {LONG}", NOBODY),
    ("link Nobody", NOBODY),
    ("link tiktok Nobody", NOBODY),
    ("link youtube", f"{NOBODY} “youtube”"),
    ("unlink Nobody", NOBODY),
    ("diagnose <@U0MANAGER>", NOBODY),
    ("history Nobody", NOBODY),
    ("settings Nobody", NOBODY),
    ("status all", "2 clients"),
    ("status nordlicht   BAKERY", "Nordlicht Bakery"),
    ("status “Velo Werk”", "Velo Werk"),
    ("unlink", "Only a workspace admin or a manager of Velo Werk"),
]
"""What people type in #velo-werk, and the words that must be in the one answer."""
MISTAKES = [
    ("name", "   ", "Give the client a name."),
    ("name", "Nordlicht Bakery", "Another client already has this name"),
    ("tiktok", "https://www.instagram.com/velowerk", "belongs to the other platform"),
    ("instagram", "https://www.tiktok.com/@velowerk", "belongs to the other platform"),
    ("tiktok", "velo werk!", "is no TikTok handle"),
    ("instagram", "🥐", "is no Instagram handle"),
    ("instagram", "https://example.com/velowerk", "handle"),
]
SUBCOMMANDS = ("link", "status", "diagnose", "unlink", "history", "settings")


async def _answer(scene: Scene, user: str, channel: str, text: str) -> str:
    """The one message that a command brings to this person, wherever they get it."""
    before = [each["ts"] for each in await scene.everything(user) if "ts" in each]
    told = await scene.people.slash(user, channel, text)
    assert told["status"] in {0, 200}, told
    await scene.quiet()
    new = [each for each in await scene.everything(user) if "ts" in each and each["ts"] not in before]
    assert len(new) == 1, [words(each) for each in new]
    said = words(new[0])
    assert "Traceback" not in said
    assert "Error" not in said
    return said


async def test_in_a_clients_channel(both_clients: Scene):
    for text, helps in TYPED:
        assert helps in await _answer(both_clients, "requester", VELO_CHANNEL, text), text


async def test_an_unknown_client_is_answered_with_those_there_are(both_clients: Scene):
    said = await _answer(both_clients, "requester", VELO_CHANNEL, "link Nobody")
    assert "Nordlicht Bakery" in said
    assert "Velo Werk" in said


async def test_another_channels_client_is_reached_by_its_name(both_clients: Scene):
    assert "Nordlicht Bakery" in await _answer(
        both_clients, "requester", VELO_CHANNEL, "link tiktok Nordlicht Bakery"
    )
    page = await both_clients.private_buttons("requester")
    assert len(page) == 1


@pytest.mark.parametrize("channel", ["C0GENERAL", "C0ALERTS", DIRECT])
async def test_where_there_is_no_client(both_clients: Scene, channel: str):
    if channel == DIRECT:
        await both_clients.people.call("POST", "people/home", {"user": "requester"})
        await both_clients.quiet()
    for word in SUBCOMMANDS:
        said = await _answer(both_clients, "requester", channel, word)
        assert ("2 clients" if word == "status" else EMPTY) in said, word


async def test_where_nothing_is_linked(both_clients: Scene):
    for word, helps in {
        "status": "Neither account is linked yet",
        "diagnose": "Neither account is linked yet",
        "unlink": "Nothing of Velo Werk is linked",
        "history": "nothing yet",
        "settings": "@velowerk",
    }.items():
        assert helps in await _answer(both_clients, "manager", VELO_CHANNEL, word), word


async def test_in_a_workspace_without_any_client(installed: Scene):
    for word in SUBCOMMANDS:
        said = await _answer(installed, "requester", BAKERY_CHANNEL, word)
        assert "/crosslink setup" in said, word


async def test_setting_up_in_a_direct_message(installed: Scene):
    await installed.people.call("POST", "people/home", {"user": "requester"})
    await installed.quiet()
    assert "A client needs a channel" in await _answer(installed, "requester", DIRECT, "setup")


async def test_an_outsider_whose_workspace_has_no_app(scene: Scene):
    for word in ("help", "status", "setup"):
        assert "is not a valid command" in await _answer(scene, "outsider", VELO_CHANNEL, word)


async def test_a_form_with_a_mistake_says_so_beside_the_field(both_clients: Scene):
    people = both_clients.people
    await people.slash("manager", VELO_CHANNEL, "setup")
    view = await people.view("manager", "setup.submit")
    for field, typed, helps in MISTAKES:
        told = await people.submit("manager", view, VELO | {field: typed})
        assert helps in told["ack"]["errors"][field], typed
    assert await people.view("manager", "setup.submit")


async def test_a_handle_however_people_write_it(installed: Scene):
    values = {"name": "🚲 Velo & <Werk>", "intent": "crosspost", "managers": ["U0MANAGER"]}
    for typed in (
        "@VeloWerk",
        "velowerk",
        "https://www.tiktok.com/@velowerk?lang=en",
        "tiktok.com/@velowerk/",
    ):
        said = await installed.people.set_up("manager", VELO_CHANNEL, values | {"tiktok": typed})
        assert "Velo &amp; &lt;Werk&gt;" in said
        await installed.quiet()
        said = await _answer(installed, "requester", VELO_CHANNEL, "settings")
        assert "@velowerk" in said.casefold(), typed
    page = await installed.people.link("requester", VELO_CHANNEL, "tiktok", "velowerk")
    assert page.heading == "TikTok is linked for 🚲 Velo & <Werk>"
