"""Keeps App Home fresh for those who have opened it: coalesced, in the background, never in the way of news."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, Protocol

import structlog

from bot.messenger.errors import Undeliverable, WorkspaceGone
from bot.messenger.post import Post
from bot.views.home import Board, home_view
from core.domain.errors import Passing
from core.ports import Work

_log = structlog.get_logger(__name__)
MANY = 50
PACE = 0.7
"""Seconds between two publishes once viewers are many: views.publish allows 100 a minute (docs/sources.md)."""

Boards = Callable[[str], Awaitable[Board]]
"""What Home shows of a workspace now."""


class Spawn(Protocol):
    """Begins work in the background and keeps it until it is done (`bot.slack.tasks.Tasks.spawn`)."""

    def __call__(self, work: Callable[[], Coroutine[Any, Any, None]], *, name: str) -> None: ...


class Homes:
    """Publishes a workspace's Homes anew. Any number of wishes while it works become one more round."""

    def __init__(self, *, work: Work, post: Post, boards: Boards, spawn: Spawn) -> None:
        self._work = work
        self._post = post
        self._boards = boards
        self._spawn = spawn
        self._wished: set[str] = set()
        self._busy: set[str] = set()

    def wish(self, workspace: str) -> None:
        """Have every known viewer's Home drawn anew with the next refresh."""
        self._wished.add(workspace)

    def refresh(self) -> None:
        """Have what was wished for done, soon."""
        for workspace in self._wished - self._busy:
            self._busy.add(workspace)
            self._spawn(partial(self._rounds, workspace), name=f"homes {workspace}")

    async def _rounds(self, workspace: str) -> None:
        try:
            while workspace in self._wished:
                self._wished.discard(workspace)
                await self._round(workspace)
        except (Passing, WorkspaceGone) as trouble:
            # Home is drawn anew when it is opened, so a round that fails needs no second try.
            _log.info("homes left as they are", workspace=workspace, reason=str(trouble))
        finally:
            self._wished.discard(workspace)
            self._busy.discard(workspace)

    async def _round(self, workspace: str) -> None:
        async with self._work.reading() as unit:
            viewers = await unit.viewers.every(workspace)
        if not viewers:
            return
        board = await self._boards(workspace)
        for place, viewer in enumerate(viewers):
            if place >= MANY:
                await asyncio.sleep(PACE)
            try:
                await self._post.publish(workspace, viewer, home_view(board, viewer=viewer))
            except Undeliverable as refused:
                _log.info("home refused", workspace=workspace, user=viewer, code=refused.code)
