"""Setting up, linking, seeing the truth, unlinking: the main job from end to end, as each of the people sees it."""

import pytest

from sandbox.journey import Message, button, words
from sandbox.seed import VELO
from tests.builders import a_client
from tests.scenario.scene import DAY, HOUR, MINUTE, VELO_CHANNEL, Scene

MANY = 30


async def test_setting_up_and_editing(installed: Scene):
    people = installed.people
    await people.slash("manager", VELO_CHANNEL, "setup")
    view = await people.view("manager", "setup.submit", "Set Up Client")
    for asked in (
        "Client",
        "What is the link for?",
        "Managers",
        "On-call people",
        "On-call user groups",
        "Time zone",
    ):
        assert asked in str(view["blocks"])
    await people.submit("manager", view, VELO | {"oncall_groups": ["S0ONCALL"], "needed": "0"})
    await people.view("manager", "notice", "Saved")
    await installed.told("requester", "set up *Velo Werk*")
    settings = words(await people.answer("requester", VELO_CHANNEL, "settings"))
    for shown in (
        "@velowerk",
        "<@U0MANAGER>",
        "<!subteam^S0ONCALL>",
        "all managers, for each post",
        "Berlin",
    ):
        assert shown in settings

    await people.slash("manager", VELO_CHANNEL, "setup")
    view = await people.view("manager", "setup.submit", "Edit Client")
    assert "Velo Werk" in str(view["blocks"])
    await people.submit("manager", view, VELO | {"name": "Velo Werk GmbH"})
    await installed.quiet()
    assert "Velo Werk GmbH" in words(await people.answer("requester", VELO_CHANNEL, "settings"))
    assert len(await installed.demo.runtime.desk.clients.every("T0AGENCY")) == 1


async def test_status_says_what_is_true_of_each_half(linked: Scene):
    status = await linked.people.answer("on-call", VELO_CHANNEL, "status")
    said = words(status)
    for shown in (
        "Velo Werk* · Linked",
        "Both accounts are linked",
        "@velowerk",
        "✓ Publish drafts",
        "Last proved",
    ):
        assert shown in said
    assert button(status, "status.check")["text"]["text"] == "Check Now"
    assert not button(status, "link.")


async def test_status_shared_in_the_channel_has_no_buttons_of_anybody(linked: Scene):
    status = await linked.people.answer("requester", VELO_CHANNEL, "status")
    await linked.press("requester", status, "status.share")
    shared = await linked.told("outsider", "Shared by")
    assert not shared["is_ephemeral"]
    assert "status.check" not in str(shared)


async def test_a_removal_is_seen_without_any_message_from_the_platform(linked: Scene):
    await linked.change("tiktok", "velowerk", webhooks="lose")
    await linked.change("tiktok", "velowerk", remove_app=True)
    status = await linked.people.answer("requester", VELO_CHANNEL, "status")
    await linked.press("requester", status, "status.check")
    assert await linked.state() == "partially_revoked"
    assert "TikTok" in words(await linked.alarm("on-call"))


async def test_a_removal_that_nobody_tells_or_asks_about_is_found_within_a_look(linked: Scene):
    await linked.change("instagram", "velowerk", webhooks="lose")
    await linked.change("instagram", "velowerk", remove_app=True)
    await linked.later(6 * HOUR + MINUTE)
    assert await linked.state("instagram") == "partially_revoked"
    await linked.alarm("on-call")


async def test_a_rename_is_followed(linked: Scene):
    await linked.change("tiktok", "velowerk", rename="velowerk.berlin")
    await linked.later(DAY)
    assert (await linked.half()).handle == "velowerk.berlin"
    assert await linked.state() == "authorized"
    page = await linked.people.link("requester", VELO_CHANNEL, "tiktok", "velowerk.berlin")
    assert page.heading == "TikTok is linked again for Velo Werk"


@pytest.mark.parametrize("platform", ["tiktok", "instagram"])
async def test_a_diagnosis_answers_the_three_questions(linked: Scene, platform: str):
    await linked.change(platform, "velowerk", remove_app=True)
    await linked.alarm("requester")
    said = words(await linked.people.answer("requester", VELO_CHANNEL, f"diagnose {platform}"))
    for question in (
        "Is an option missing?",
        "Does the authorization fail?",
        "Is an unlink stuck halfway?",
        "Next step",
    ):
        assert question in said
    assert "/@velowerk" in said or "instagram.com/velowerk" in said


async def test_unlinking_tiktok_is_proved_by_asking_it(linked: Scene):
    plan = await linked.people.answer("manager", VELO_CHANNEL, "unlink tiktok")
    assert "You need not do anything there" in words(plan)
    await linked.press("manager", plan, "unlink.confirm")
    assert not await linked.is_linked("tiktok", "velowerk")
    assert await linked.state() == "closed"
    await linked.told("on-call", "TikTok confirmed that our access is ended")
    assert await linked.state("instagram") == "authorized"


async def test_unlinking_instagram_is_finished_by_its_owner(linked: Scene):
    plan = await linked.people.answer("manager", VELO_CHANNEL, "unlink instagram")
    assert "Apps and websites" in words(plan)
    await linked.press("manager", plan, "unlink.confirm")
    assert await linked.state("instagram") == "partially_revoked"
    unlinking = await linked.told("manager", "still lists Crosslink")
    await linked.press("manager", unlinking, "unlink.finish")
    assert await linked.state("instagram") == "partially_revoked"
    await linked.change("instagram", "velowerk", webhooks="lose")
    await linked.change("instagram", "velowerk", remove_app=True)
    again = await linked.told("manager", "Then press Finish Unlink")
    await linked.press("manager", again, "unlink.finish")
    assert await linked.state("instagram") == "closed"
    await linked.told("on-call", "Instagram is unlinked from")


async def test_an_intent_that_needs_more_asks_for_a_relink(installed: Scene):
    unnamed = VELO | {"tiktok": ""}  # TikTok names no handle to a client that only links profiles
    await installed.people.set_up("manager", VELO_CHANNEL, unnamed | {"intent": "profile"})
    page = await installed.people.link("requester", VELO_CHANNEL, "tiktok", "velowerk")
    assert page.heading == "TikTok is linked for Velo Werk"
    await installed.quiet()
    await installed.people.set_up("manager", VELO_CHANNEL, unnamed | {"intent": "crosspost"})
    await installed.quiet()
    assert await installed.state() == "partially_revoked"
    page = await installed.people.link("requester", VELO_CHANNEL, "tiktok", "velowerk")
    assert page.heading == "TikTok is linked again for Velo Werk"
    await installed.quiet()
    assert await installed.state() == "authorized"


async def test_many_clients_are_read_page_by_page(installed: Scene):
    async with installed.demo.runtime.desk.work.writing() as unit:
        for number in range(MANY):
            channel = f"C0MANY{number:02}"
            await unit.clients.save(
                a_client(id=f"cl_{number:02}", name=f"Client {number:02}", channel=channel)
            )
        await unit.commit()
    page = await installed.people.answer("requester", VELO_CHANNEL, "status all")
    shown = _named(page)
    while "Next Page" in words(page):
        await installed.press("requester", page, "status.page")
        page = await installed.told("requester", f"{MANY} clients")
        fresh = _named(page)
        assert fresh
        assert not set(fresh) & set(shown)
        shown += fresh
    assert len(shown) == MANY


def _named(message: Message) -> list[str]:
    return [
        name for name in (f"Client {number:02}" for number in range(MANY)) if f"*{name}*" in words(message)
    ]
