"""Out of office: a manager names who decides meanwhile, in Slack, and says when they are back."""

from sandbox.journey import button, words
from tests.scenario.scene import VELO_CHANNEL, Scene


async def settings(scene: Scene, user: str):
    return await scene.people.answer(
        user, VELO_CHANNEL, "settings", lambda each: bool(button(each, "away.open"))
    )


async def fill(scene: Scene, user: str, **values):
    """Open the form and submit it with a last day a week from now, as it is offered."""
    await scene.people.click(user, VELO_CHANNEL, await settings(scene, user), "away.open")
    return await scene.people.submit(user, await scene.people.view(user, "away.submit"), values)


async def close(scene: Scene, user: str, title: str = "Saved") -> str:
    said = await scene.people.view(user, "notice", title)
    await scene.people.call("POST", "people/close", {"user": user, "view_id": said["id"], "everything": True})
    return words(said)


async def test_somebody_decides_in_a_managers_place_until_they_are_back(scene: Scene):
    answer = await fill(scene, "manager", substitute="U0ONCALL")
    assert "errors" not in answer, answer
    told = "<@U0ONCALL> stands in for <@U0MANAGER> until"
    assert told in await close(scene, "manager")
    seen = await settings(scene, "requester")
    assert told in words(seen)
    assert not button(seen, "away.back")
    own = await settings(scene, "manager")
    await scene.press("manager", own, "away.back")
    assert told not in words(await settings(scene, "manager"))


async def test_only_people_of_the_workspace_can_stand_in(scene: Scene):
    for stranger in ("U0OUTSIDER", "U0CROSSLINK"):
        answer = await fill(scene, "manager", substitute=stranger)
        assert "Choose a person of this workspace" in answer["errors"]["substitute"]
    answer = await fill(scene, "manager", substitute="U0MANAGER", until="2020-02-02")
    assert set(answer["errors"]) == {"substitute", "until"}


async def test_others_cannot_send_a_manager_away(scene: Scene):
    await scene.press("requester", await settings(scene, "requester"), "away.open")
    shown = str(await scene.people.call("GET", "views", user="requester"))
    assert "Only a workspace admin or a manager" in shown
    assert "away.submit" not in shown
