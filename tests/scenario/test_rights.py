"""Rights are checked at each act: whoever may not is told who may, and nothing happens."""

import asyncio

from bot import ids
from core.domain.account import Platform
from sandbox.journey import button, words
from tests.scenario.scene import AGENCY, OUTSIDE, VELO_CHANNEL, Scene
from tests.scenario.wire import Wire

NOT_ALLOWED = "Only a workspace admin or a manager of Velo Werk can do that"
OUTSIDER = "Only people of the agency's own workspace can do that"


async def test_only_managers_and_admins_change_the_settings(scene: Scene):
    await scene.people.slash("requester", VELO_CHANNEL, "setup")
    view = await scene.people.view("requester", "notice", "Crosslink")
    assert NOT_ALLOWED in words(view)
    await scene.quiet()
    open_now = await scene.people.call("GET", "views", user="requester")
    assert [each["callback_id"] for each in open_now] == ["notice"]


async def test_a_manager_who_is_no_admin_may(scene: Scene):
    values = {"name": "Velo Werk", "intent": "crosspost", "managers": ["U0REQUESTER"], "time_zone": "UTC"}
    assert "Velo Werk" in await scene.people.set_up("manager", VELO_CHANNEL, values)
    assert "Velo Werk" in await scene.people.set_up("requester", VELO_CHANNEL, values)


async def test_only_managers_and_admins_unlink(linked: Scene):
    message = await linked.people.answer("requester", VELO_CHANNEL, "unlink")
    assert NOT_ALLOWED in words(message)
    assert not button(message, "unlink.confirm")
    assert await linked.state() == "authorized"


async def test_a_forged_unlink_is_refused_at_the_act(linked: Scene, line: Wire):
    value = ids.write(ids.UnlinkValue(client=(await linked.row()).client.id, platforms=tuple(Platform)))
    await line.press("unlink.confirm", value, user="U0REQUESTER", home=AGENCY)
    assert any(NOT_ALLOWED in each for each in await linked.read("requester", "D0REQUESTER"))
    assert await linked.state() == "authorized"


async def test_an_unlink_confirmed_twice_happens_once(linked: Scene):
    message = await linked.people.answer("manager", VELO_CHANNEL, "unlink tiktok")
    await asyncio.gather(
        *(linked.people.click("manager", VELO_CHANNEL, message, "unlink.confirm") for _ in range(3))
    )
    await linked.quiet()
    assert not await linked.is_linked("tiktok", "velowerk")
    told = await linked.read("on-call")
    assert sum("is unlinking TikTok" in each for each in told) == 1
    assert sum("TikTok is unlinked from" in each for each in told) == 1


async def test_a_button_pressed_twice_is_answered_twice_and_the_newest_link_works(scene: Scene):
    status = await scene.people.answer("requester", VELO_CHANNEL, "status")
    for _ in range(2):
        await scene.press("requester", status, "link.start")
    first, second = [
        str(button(each, "link.open_page")["url"]) for each in await scene.private_buttons("requester")
    ]
    assert (await scene.people.consent(first, "velowerk")).status == 410
    assert (await scene.people.consent(second, "velowerk")).status == 200


async def test_an_outsider_presses_relink_in_the_shared_channel(linked: Scene):
    await linked.change("tiktok", "velowerk", remove_app=True)
    broken = await linked.alarm("outsider")
    before = await linked.read("requester")
    await linked.press("outsider", broken, "link.relink")
    (answer,) = [
        each for each in await linked.people.messages("outsider", VELO_CHANNEL) if each["is_ephemeral"]
    ]
    assert OUTSIDER in words(answer)
    assert await linked.read("requester") == before


async def test_an_outsider_presses_diagnose_in_the_shared_channel(linked: Scene):
    await linked.change("tiktok", "velowerk", remove_app=True)
    await linked.press("outsider", await linked.alarm("outsider"), "status.diagnose")
    (answer,) = [
        each for each in await linked.people.messages("outsider", VELO_CHANNEL) if each["is_ephemeral"]
    ]
    assert OUTSIDER in words(answer)


async def test_an_outsider_neither_adopts_nor_lets_go(scene: Scene):
    await scene.people.link("requester", VELO_CHANNEL, "tiktok", "velo.fanpage")
    news = await scene.people.sees("outsider", VELO_CHANNEL, lambda each: bool(button(each, "link.adopt")))
    for action in ("link.adopt", "link.decline"):
        await scene.press("outsider", news, action)
    said = [
        words(each) for each in await scene.people.messages("outsider", VELO_CHANNEL) if each["is_ephemeral"]
    ]
    assert len(said) == 2
    assert all(NOT_ALLOWED in each or OUTSIDER in each for each in said)
    assert await scene.is_linked("tiktok", "velo.fanpage")
    assert await scene.state() == "pending"


async def test_a_press_that_slack_says_is_an_outsiders_counts_as_one(linked: Scene, line: Wire):
    """The payload's own team is ours, the person's home is not: the home decides."""
    row = await linked.row()
    half = await linked.half()
    link = ids.LinkValue(client=row.client.id, platforms=(Platform.TIKTOK,))
    one = ids.ConnectionValue(client=row.client.id, connection=half.connection.id)
    values = {
        "link.relink": link,
        "link.start": link,
        "unlink.confirm": ids.UnlinkValue(client=row.client.id, platforms=(Platform.TIKTOK,)),
        "unlink.open": ids.UnlinkValue(client=row.client.id, platforms=(Platform.TIKTOK,)),
        "unlink.finish": one,
        "setup.open": ids.ClientValue(client=row.client.id),
    }
    for action, value in values.items():
        await line.press(action, ids.write(value), user="U0OUTSIDER", home=OUTSIDE)
    after = await linked.half()
    assert after.connection == half.connection
    async with linked.demo.runtime.desk.work.reading() as unit:
        assert await unit.invitations.unsettled(AGENCY, half.connection.id) == []
