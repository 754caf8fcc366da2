"""Two workspaces with the app: nothing of one is visible to the other, and nothing of one moves the other."""

from collections.abc import AsyncIterator

import pytest

from bot import ids
from core.domain.account import Platform
from sandbox.journey import words
from sandbox.seed import VELO
from tests.scenario.scene import AGENCY, OUTSIDE, VELO_CHANNEL, Scene, attempt, until
from tests.scenario.wire import Wire, a_command

THEIRS = VELO | {
    "name": "Outside Bikes",
    "tiktok": "",
    "instagram": "",
    "managers": ["U0OUTSIDER"],
    "oncall": [],
}


@pytest.fixture
async def both(linked: Scene) -> AsyncIterator[Scene]:
    """Outside Studio has the app too, and a client of its own in the shared channel."""
    page = await linked.people.install(OUTSIDE)
    assert page.heading == "Crosslink is installed in Outside Studio"
    await linked.people.set_up("outsider", VELO_CHANNEL, THEIRS)
    await linked.quiet()
    return linked


async def _ids(scene: Scene) -> list[str]:
    row = await scene.row()
    return [row.client.id, *(half.connection.id for half in row.connections.values() if half)]


async def test_each_sees_its_own(both: Scene):
    ours, theirs = await _ids(both), (await both.row("Outside Bikes", OUTSIDE)).client.id
    for command in ("status", "status all", "history all", "settings"):
        answer = await both.people.answer("outsider", VELO_CHANNEL, command)
        assert "Velo Werk" not in words(answer), command
        assert not any(each in str(answer) for each in ours), command
        answer = await both.people.answer("requester", VELO_CHANNEL, command)
        assert "Outside Bikes" not in words(answer), command
        assert theirs not in str(answer), command


async def test_each_has_its_own_home(both: Scene):
    for user, mine, other in (
        ("outsider", "Outside Bikes", "Velo Werk"),
        ("manager", "Velo Werk", "Outside Bikes"),
    ):
        await both.people.call("POST", "people/home", {"user": user})
        await both.quiet()
        (home,) = [
            each for each in await both.people.call("GET", "views", user=user) if each["type"] == "home"
        ]
        assert mine in words(home)
        assert other not in words(home)


async def test_a_client_of_the_other_is_unknown_by_name(both: Scene):
    answer = await both.people.answer("outsider", VELO_CHANNEL, "status Velo Werk")
    assert "There is no client called “Velo Werk” here" in words(answer)


async def test_ids_of_the_other_open_nothing(both: Scene, line: Wire):
    """Every button there is, pressed by the other workspace's person with our ids in its value."""
    row, half = await both.row(), await both.half()
    before = await both.connections()
    client = ids.ClientValue(client=row.client.id)
    one = ids.ConnectionValue(client=row.client.id, connection=half.connection.id)
    link = ids.LinkValue(client=row.client.id, platforms=(Platform.TIKTOK,))
    unlink = ids.UnlinkValue(client=row.client.id, platforms=tuple(Platform))
    presses = [
        *((action, link) for action in ("link.start", "link.relink", "link.try_again")),
        *((action, one) for action in ("status.check", "status.diagnose", "unlink.finish")),
        *((action, client) for action in ("status.share", "history.open", "settings.open", "setup.open")),
        *((action, unlink) for action in ("unlink.open", "unlink.confirm")),
        *(
            ("status.more", ids.MoreValue(act=act, client=row.client.id, connection=half.connection.id))
            for act in ids.More
        ),
    ]
    for action, value in presses:
        answer = await line.press(action, ids.write(value), user="U0OUTSIDER", home=OUTSIDE, team=OUTSIDE)
        assert answer.status == 200, action
    assert await both.connections() == before
    told = await both.everything("outsider")
    _set_up, *answers = [words(each) for each in told if each.get("channel", "").startswith("D")]
    assert len(answers) == len(presses)
    assert all("no longer there" in each for each in answers), answers


async def test_a_held_account_of_the_other_is_out_of_reach(both: Scene, line: Wire):
    await both.people.link("requester", VELO_CHANNEL, "tiktok", "velo.fanpage")
    half = await both.half()
    async with both.demo.runtime.desk.work.reading() as unit:
        (held,) = await unit.invitations.unsettled(AGENCY, half.connection.id)
    value = ids.write(ids.InvitationValue(invitation=held.id))
    for action in ("link.adopt", "link.decline"):
        await line.press(action, value, user="U0OUTSIDER", home=OUTSIDE, team=OUTSIDE)
    assert await both.is_linked("tiktok", "velo.fanpage")
    assert (await both.half()).handle == "velowerk"


async def test_a_callback_for_the_others_connection(both: Scene):
    """Their browser arrives with our state, and with their own: it only ever links their own."""
    ours = await both.people.connect_address("requester", VELO_CHANNEL, "link tiktok")
    theirs = await both.people.connect_address("outsider", VELO_CHANNEL, "link tiktok")
    before = await both.half()
    async with both.people.browser() as our_browser, both.people.browser() as their_browser:
        our_way = await attempt(our_browser, ours)
        their_way = await attempt(their_browser, theirs, "velo.fanpage")
        assert (await their_browser.get(our_way.callback)).status == 403
        assert (await their_way.arrive()).heading == "TikTok is linked for Outside Bikes"
    await both.quiet()
    assert (await both.half()).connection == before.connection
    (linked,) = await both.connections(OUTSIDE)
    assert linked.account is not None
    assert linked.account.handle == "velo.fanpage"


async def test_one_account_may_belong_to_a_client_of_each(both: Scene):
    await both.people.link("outsider", VELO_CHANNEL, "tiktok", "velowerk")
    await both.quiet()
    assert [each.state for each in await both.connections(OUTSIDE)] == ["authorized"]
    answer = await both.people.answer("outsider", VELO_CHANNEL, "unlink tiktok")
    await both.press("outsider", answer, "unlink.confirm")
    assert [each.state for each in await both.connections(OUTSIDE)] == ["closed"]
    assert await both.is_linked("tiktok", "velowerk")
    assert await both.state() == "authorized"


async def test_an_outsider_with_the_app_at_home_is_still_an_outsider_here(both: Scene):
    await both.change("tiktok", "velowerk", remove_app=True)
    alarm = await both.alarm("outsider")
    await both.press("outsider", alarm, "link.relink")
    answers = [each for each in await both.people.messages("outsider", VELO_CHANNEL) if each["is_ephemeral"]]
    assert "Only people of the agency's own workspace can do that" in words(answers[-1])


async def test_a_workspace_without_the_app_gets_nothing(linked: Scene, line: Wire):
    body = a_command("status all", user="U0OUTSIDER", team="T0NOBODY")
    answer = await line.slack(body)
    assert answer.status == 200
    assert "isn't installed in this workspace" in answer.text
    assert "Velo Werk" not in answer.text


async def test_the_end_of_one_leaves_the_other(both: Scene):
    await both.people.call("POST", "slack/uninstall", {"team": OUTSIDE})

    async def is_gone() -> bool:
        async with both.demo.runtime.desk.work.reading() as unit:
            return list(await unit.installations.every()) == [AGENCY]

    await until(is_gone, "the workspace never ended")
    await both.quiet()
    assert await both.state() == "authorized"
