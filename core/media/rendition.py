"""Keeps the Renditions port: one limited process for each rendition, which tells how far it is."""

import asyncio
import json
import os
from collections.abc import AsyncGenerator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.domain.refusals import Refusal
from core.domain.rendition import CannotCopy, Progress, Recipe
from core.media.maker import Maker
from core.ports import MediaSource

_GROWTH, _LEAST = 4, 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What one rendition may cost. Memory is address space: every thread reserves much more than it uses."""

    memory: int = 6 << 30
    largest: int = 4 << 30
    cpu_seconds: int = 4 * 3600
    silent_seconds: float = 300.0


class IsolatedRenditions:
    """Makes renditions in processes without network, rights or new files; `at_once` of them side by side.

    `ahead` has the next process started as soon as one has ended, so that nobody waits for it; `close` ends that one.
    """

    def __init__(self, costs: Costs | None = None, *, at_once: int = 1, ahead: bool = False) -> None:
        self._costs = costs or Costs()
        self._turns = asyncio.Semaphore(at_once)
        self._ahead = ahead
        self._next: Maker | None = None

    async def make(self, source: MediaSource, recipe: Recipe, target: Path) -> AsyncGenerator[Progress, None]:
        """Write `target` by a recipe, telling how far it is. Closing the generator ends the process.

        Raises CannotCopy, and Refusal `fix_unreadable`, `fix_too_large`, `fix_too_heavy`, `fix_stuck`.
        """
        file = source.fileno()
        if file is None:
            raise ValueError("A rendition is made of a file on this machine.")
        async with self._turns:
            with closing(self._taken()) as maker:
                made = os.open(target, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
                try:
                    answers = await maker.begin(self._order(recipe, source.size), file, made)
                finally:
                    os.close(made)
                yield Progress(0.0)
                async for each in self._heard(maker, answers):
                    yield each
            if self._ahead and self._next is None:
                self._next = Maker()
        yield Progress(1.0)

    def close(self) -> None:
        """End the process that waits for the next rendition, and start none ahead any more."""
        self._ahead = False
        waiting, self._next = self._next, None
        if waiting is not None:
            waiting.close()

    def _taken(self) -> Maker:
        """Return the process that waits, where there is one that lives, else a new one."""
        waiting, self._next = self._next, None
        if waiting is not None and waiting.is_alive:
            return waiting
        if waiting is not None:
            waiting.close()
        return Maker()

    def _order(self, recipe: Recipe, size: int) -> bytes:
        largest = (
            min(self._costs.largest, size * _GROWTH + _LEAST) if recipe.is_remux else self._costs.largest
        )
        order = {
            "recipe": asdict(recipe),
            "memory": self._costs.memory,
            "largest": largest,
            "cpu_seconds": self._costs.cpu_seconds,
        }
        return json.dumps(order, default=str).encode()

    async def _heard(self, maker: Maker, answers: asyncio.StreamReader) -> AsyncGenerator[Progress, None]:
        while True:
            told = _read(await self._line(answers))
            if told is None:
                raise Refusal("fix_too_heavy" if await maker.was_killed() else "fix_unreadable")
            if "progress" not in told:
                _settle(told)
                return
            yield Progress(min(1.0, max(0.0, float(told["progress"]))))

    async def _line(self, answers: asyncio.StreamReader) -> bytes:
        try:
            async with asyncio.timeout(self._costs.silent_seconds):
                return await answers.readline()
        except TimeoutError:
            raise Refusal("fix_stuck") from None
        except (ValueError, ConnectionError):
            return b""


def _read(line: bytes) -> dict[str, Any] | None:
    """Return what was said. None: a process that a file has taken over, or that ended, says nothing of use."""
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


_FAILURES = frozenset({"fix_unreadable", "fix_too_large", "fix_too_heavy", "media_no_room"})


def _settle(told: dict[str, Any]) -> None:
    if told.get("done") is True:
        return
    if told.get("cannot_copy") in {"picture", "sound"}:
        raise CannotCopy(told["cannot_copy"])
    failed = told.get("failed")
    raise Refusal(failed if failed in _FAILURES else "fix_unreadable")
