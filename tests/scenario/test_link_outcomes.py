"""What comes of an attempt to link: the same words on the page and in Slack, and the channel told where it concerns it."""

from collections.abc import Mapping

import pytest

from sandbox.journey import button, words
from sandbox.seed import VELO
from tests.scenario.scene import BAKERY_CHANNEL, LINK_BUTTON, MINUTE, VELO_CHANNEL, Scene


async def _private(scene: Scene, title: str) -> Mapping[str, object]:
    """The private answer under this title, which stands where the button was."""
    told = await scene.told("requester", title)
    assert told["is_ephemeral"]
    assert await scene.private_buttons("requester") == []
    return told


async def test_linked(scene: Scene):
    page = await scene.people.link("requester", VELO_CHANNEL, "tiktok", "velowerk")
    assert page.status == 200
    assert page.heading == "TikTok is linked for Velo Werk"
    assert not button(await _private(scene, page.heading), "link.try_again")
    await scene.told("on-call", "linked TikTok @velowerk")
    assert await scene.state() == "authorized"
    assert await scene.is_linked("tiktok", "velowerk")


async def test_both_platforms_from_one_command(scene: Scene):
    message = await scene.people.answer("requester", VELO_CHANNEL, "link")
    addresses = [block["accessory"]["url"] for block in message["blocks"] if "accessory" in block]
    assert [(await scene.people.consent(each, "velowerk")).heading for each in addresses] == [
        "TikTok is linked for Velo Werk",
        "Instagram is linked for Velo Werk",
    ]
    await scene.told("requester", "Instagram is linked")
    assert (await scene.row()).link.state == "authorized"


async def test_one_buttons_outcome_leaves_the_other_button_where_it_is(scene: Scene):
    address = await scene.people.connect_address("requester", VELO_CHANNEL, "link")
    await scene.people.consent(address, "velowerk")
    await scene.told("requester", "TikTok is linked for Velo Werk")
    (still,) = await scene.private_buttons("requester")
    assert "Instagram" in words(still)


async def test_cancelled(scene: Scene):
    address = await scene.people.connect_address("requester", VELO_CHANNEL, "link tiktok")
    before = await scene.read("on-call")
    page = await scene.people.consent(address, "velowerk", decision="cancel")
    assert page.heading == "TikTok wasn't linked for Velo Werk"
    assert "Cancel" in page.text
    assert button(await _private(scene, page.heading), "link.try_again")
    await scene.quiet()
    assert await scene.read("on-call") == before
    assert await scene.state() == "pending"


@pytest.mark.parametrize(
    ("platform", "kept", "lost"),
    [
        (
            "tiktok",
            ("user.info.basic", "video.publish"),
            "“Publish drafts” was switched off, so we can't send drafts",
        ),
        ("instagram", ("instagram_business_basic",), "“Publish” was switched off, so we can't publish posts"),
    ],
)
async def test_fewer_permissions_than_needed(scene: Scene, platform: str, kept: tuple[str, ...], lost: str):
    address = await scene.people.connect_address("requester", VELO_CHANNEL, f"link {platform}")
    page = await scene.people.consent(address, "velowerk", scopes=kept)
    assert "with fewer permissions than it needs" in page.heading
    assert lost in page.text
    assert lost in words(await _private(scene, page.heading))
    news = await scene.told("on-call", "with fewer permissions than it needs")
    assert not button(news, "link.try_again")
    assert "a permission is switched off" in words(await scene.alarm("on-call"))
    assert await scene.state(platform) == "partially_revoked"


@pytest.mark.parametrize(
    ("account", "kept", "lost"),
    [
        (
            "velowerk",
            ("user.info.basic", "video.upload"),
            "“Publish” was switched off, so we can't publish posts",
        ),
        ("velo.fanpage", ("user.info.basic",), "“Publish” and “Publish drafts” were switched off, so"),
    ],
)
async def test_too_few_permissions_to_see_whose_account_it_is(
    scene: Scene, account: str, kept: tuple[str, ...], lost: str
):
    """Without video.publish TikTok tells no handle: whoever came must not pass as the expected account."""
    address = await scene.people.connect_address("requester", VELO_CHANNEL, "link tiktok")
    page = await scene.people.consent(address, account, scopes=kept)
    assert "wasn't linked for Velo Werk: it came back with fewer permissions than it needs" in page.heading
    assert "whether this is @velowerk, so we kept nothing" in page.text
    private = await _private(scene, page.heading)
    assert lost in page.text
    assert lost in words(private)
    assert button(await scene.told("on-call", "Nothing was linked"), "link.try_again")
    await scene.quiet()
    assert await scene.state() == "pending"
    assert not await scene.is_linked("tiktok", account)
    await scene.press("requester", private, "link.try_again")
    (message,) = await scene.private_buttons("requester")
    again = await scene.people.consent(str(button(message, LINK_BUTTON)["url"]), "velowerk")
    assert again.heading == "TikTok is linked for Velo Werk"


async def test_a_relink_may_come_back_with_fewer_permissions(linked: Scene):
    """The account's id proves that it is the same one, whether or not TikTok shows its handle."""
    address = await linked.people.connect_address("requester", VELO_CHANNEL, "link tiktok")
    page = await linked.people.consent(address, "velowerk", scopes=("user.info.basic",))
    assert page.heading == "TikTok is linked for Velo Werk, with fewer permissions than it needs"
    await linked.quiet()
    assert await linked.state() == "partially_revoked"
    assert (await linked.half()).handle == "velowerk"


async def test_an_account_that_shows_no_handle_waits_for_a_manager(installed: Scene):
    """A client that only links profiles asks TikTok for nothing that shows one."""
    await installed.people.set_up("manager", VELO_CHANNEL, {**VELO, "intent": "profile"})
    page = await installed.people.link("requester", VELO_CHANNEL, "tiktok", "velowerk")
    assert page.heading == "TikTok didn't say which account came back for Velo Werk"
    assert await installed.state() == "pending"
    news = await installed.told("manager", "shows no handle, but")
    await installed.press("manager", news, "link.adopt")
    assert await installed.state() == "authorized"
    assert (await installed.half()).expected == "velowerk"


async def test_an_account_that_another_client_has(both_clients: Scene):
    scene = both_clients
    await scene.people.link("requester", BAKERY_CHANNEL, "tiktok", "nordlicht.bakery")
    page = await scene.people.link("requester", VELO_CHANNEL, "tiktok", "nordlicht.bakery")
    assert page.heading == "@nordlicht.bakery already belongs to another client here"
    assert button(await _private(scene, page.heading), "link.try_again")
    await scene.quiet()
    assert await scene.state() == "pending"
    assert await scene.state(client="Nordlicht Bakery") == "authorized"
    assert await scene.is_linked("tiktok", "nordlicht.bakery")


async def test_a_personal_account(scene: Scene):
    page = await scene.people.link("requester", VELO_CHANNEL, "instagram", "velo.personal")
    assert page.heading == "This is not a professional account"
    assert "Switch to professional account" in page.text
    assert button(await _private(scene, page.heading), "link.try_again")
    assert await scene.state("instagram") == "pending"


async def test_an_account_that_the_platform_holds_back(scene: Scene):
    await scene.trouble("instagram.me", "refuse", code="190/459")
    page = await scene.people.link("requester", VELO_CHANNEL, "instagram", "velowerk")
    assert page.heading == "Instagram is holding this account back"
    assert button(await _private(scene, page.heading), "link.try_again")


async def test_a_platform_that_refuses(scene: Scene):
    await scene.trouble("tiktok.oauth.token", "refuse", code="invalid_request")
    page = await scene.people.link("requester", VELO_CHANNEL, "tiktok", "velowerk")
    assert page.heading == "TikTok refused to link Velo Werk"
    assert button(await _private(scene, page.heading), "link.try_again")


@pytest.mark.parametrize(
    ("where", "what"),
    [
        ("tiktok.oauth.token", {"what": "drop_before"}),
        ("tiktok.oauth.token", {"what": "drop_after"}),
        ("tiktok.oauth.token", {"what": "reset"}),
        ("tiktok.oauth.token", {"what": "corrupt"}),
        ("tiktok.oauth.token", {"what": "throttle"}),
        ("tiktok.user_info", {"what": "drop_before", "times": -1}),
        ("instagram.oauth.short", {"what": "refuse", "code": "http_503"}),
        ("instagram.oauth.long", {"what": "drop_before"}),
        ("instagram.me", {"what": "throttle", "times": -1}),
    ],
)
async def test_a_platform_that_is_down_and_then_the_same_button(
    scene: Scene, where: str, what: dict[str, str]
):
    platform = where.partition(".")[0]
    address = await scene.people.connect_address("requester", VELO_CHANNEL, f"link {platform}")
    await scene.trouble(where, **what)
    down = await scene.people.consent(address, "velowerk")
    assert "isn't answering right now" in down.heading
    await scene.told("requester", down.heading)
    assert await scene.state(platform) == "pending"
    await scene.clear_sky()
    assert "is linked for Velo Werk" in (await scene.people.consent(address, "velowerk")).heading
    await scene.quiet()
    assert await scene.state(platform) == "authorized"


async def test_nobody_came_back(scene: Scene):
    address = await scene.people.connect_address("requester", VELO_CHANNEL, "link tiktok")
    await scene.later(31 * MINUTE)
    places = [*await scene.read("requester"), *await scene.read("requester", "D0REQUESTER")]
    (told,) = [each for each in places if "Nobody came back from TikTok" in each]
    assert "somebody else's phone" in told
    assert (await scene.people.consent(address, "velowerk")).status == 410
    assert await scene.state() == "pending"


async def test_a_link_by_instagram_is_told_like_one_by_tiktok(scene: Scene):
    page = await scene.people.link("requester", VELO_CHANNEL, "instagram", "velowerk")
    assert page.heading == "Instagram is linked for Velo Werk"
    await _private(scene, page.heading)
    await scene.told("on-call", "linked Instagram @velowerk")


async def test_slack_that_takes_one_message_a_second_is_told_everything_in_the_end(scene: Scene):
    await scene.switch("slack", rates="strict")
    for platform in ("tiktok", "instagram"):
        await scene.people.link("requester", VELO_CHANNEL, platform, "velowerk")
    await scene.told("on-call", "linked TikTok @velowerk")
    await scene.told("on-call", "linked Instagram @velowerk")


async def test_the_button_is_the_askers_alone(scene: Scene):
    await scene.people.connect_address("requester", VELO_CHANNEL, "link tiktok")
    for other in ("manager", "on-call", "outsider"):
        seen = await scene.people.messages(other, VELO_CHANNEL)
        assert not any(button(each, LINK_BUTTON) for each in seen)
        assert "/connect/" not in str(seen)
