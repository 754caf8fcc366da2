"""A list of posts in a state says so where it stopped looking before the oldest."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.commands import console
from bot.commands import posts as command
from bot.ids import PostState, PostsValue
from bot.listeners import posts
from bot.listeners.request import Request
from tests.builders import WORKSPACE
from tests.unit.usecases.studio import REQUESTER, Studio, opened


async def listed(studio: Studio, wish: PostsValue) -> str:
    """Return what the list says that a wish brings."""
    said: list[dict[str, Any]] = []

    async def every(_workspace: str) -> list[Any]:
        return [studio.client]

    async def answer(told: dict[str, Any]) -> None:
        said.append(told)

    request = SimpleNamespace(
        desk=SimpleNamespace(posts=studio.posts, clients=SimpleNamespace(every=every)),
        workspace=WORKSPACE,
        person=REQUESTER,
        read=lambda _kind: wish,
        answer=answer,
    )
    await posts.turned(cast("Request", request))
    return str(said[0])


@pytest.mark.parametrize(("count", "is_told"), [(2, False), (3, True)])
async def test_how_far_it_looked(monkeypatch: pytest.MonkeyPatch, count: int, is_told: bool) -> None:
    monkeypatch.setattr(posts, "SEARCHED", 2)
    studio = await opened()
    for number in range(count):
        await studio.approve(await studio.requested(caption=f"Post {number}"))
    told = await listed(studio, PostsValue(state=PostState.NEEDS_SOMEBODY))
    assert ("0 posts among the newest 2 that were looked through" in told) is is_told
    assert ("Nothing here" in told) is not is_told


@pytest.mark.parametrize(("count", "is_told"), [(2, False), (3, True)])
async def test_how_far_it_looked_in_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], count: int, is_told: bool
) -> None:
    studio = await opened()
    for number in range(count):
        await studio.requested(caption=f"Post {number}")

    @asynccontextmanager
    async def reading(_settings: object) -> AsyncIterator[object]:
        yield SimpleNamespace(posts=studio.posts, workspaces=[WORKSPACE])

    monkeypatch.setattr(command, "SEARCHED", 2)
    monkeypatch.setattr(command, "reading", reading)
    monkeypatch.setattr(console, "settings", lambda: None)
    await asyncio.to_thread(command.posts, client=None, state=[PostState.PUBLISHED], limit=50, as_json=False)
    told = "Only the newest 2 posts were looked through. Name a client with --client"
    assert (told in " ".join(capsys.readouterr().err.split())) is is_told
