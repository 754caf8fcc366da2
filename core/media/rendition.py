"""Keeps the Renditions port: one limited process for each rendition, which tells how far it is."""

import asyncio
import json
import os
import sys
import sysconfig
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.domain.refusals import Refusal
from core.domain.rendition import CannotCopy, Progress, Recipe
from core.ports import MediaSource

ROOT = Path(__file__).resolve().parents[2]
PATHS = os.pathsep.join([str(ROOT), sysconfig.get_path("platlib")])
"""Where the process finds our code, and PyAV."""
_GROWTH, _LEAST = 4, 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What one rendition may cost. Memory is address space: every thread reserves much more than it uses."""

    memory: int = 6 << 30
    largest: int = 4 << 30
    cpu_seconds: int = 4 * 3600
    silent_seconds: float = 300.0


class IsolatedRenditions:
    """Makes renditions in processes without network, rights or new files; `at_once` of them side by side."""

    def __init__(self, costs: Costs | None = None, *, at_once: int = 1) -> None:
        self._costs = costs or Costs()
        self._turns = asyncio.Semaphore(at_once)

    async def make(self, source: MediaSource, recipe: Recipe, target: Path) -> AsyncGenerator[Progress, None]:
        """Write `target` by a recipe, telling how far it is. Closing the generator ends the process.

        Raises CannotCopy, and Refusal `fix_unreadable`, `fix_too_large`, `fix_too_heavy`, `fix_stuck`.
        """
        file = source.fileno()
        if file is None:
            raise ValueError("A rendition is made of a file on this machine.")
        async with self._turns:
            made = os.open(target, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            try:
                process = await self._start(file, made, recipe, source.size)
            finally:
                os.close(made)
            try:
                yield Progress(0.0)
                async for each in self._heard(process):
                    yield each
            finally:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        yield Progress(1.0)

    async def _start(self, read: int, made: int, recipe: Recipe, size: int) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-S",  # looking through all that is installed would take as long as everything else before the work
            "-m",
            "core.media.making",
            cwd="/",
            env={"PYTHONPATH": PATHS, "LC_ALL": "C.UTF-8"},
            pass_fds=[read, made],
            start_new_session=True,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        order = {
            "source": read,
            "target": made,
            "recipe": asdict(recipe),
            "memory": self._costs.memory,
            "largest": min(self._costs.largest, size * _GROWTH + _LEAST)
            if recipe.is_remux
            else self._costs.largest,
            "cpu_seconds": self._costs.cpu_seconds,
        }
        assert process.stdin is not None
        process.stdin.write(json.dumps(order, default=str).encode() + b"\n")
        process.stdin.close()
        return process

    async def _heard(self, process: asyncio.subprocess.Process) -> AsyncGenerator[Progress, None]:
        assert process.stdout is not None
        while True:
            told = await self._line(process.stdout)
            if "progress" not in told:
                _settle(told)
                return
            yield Progress(min(1.0, max(0.0, float(told["progress"]))))

    async def _line(self, answers: asyncio.StreamReader) -> dict[str, Any]:
        try:
            async with asyncio.timeout(self._costs.silent_seconds):
                line = await answers.readline()
        except TimeoutError:
            raise Refusal("fix_stuck") from None
        except ValueError:
            line = b""
        try:
            told = json.loads(line)
        except ValueError:
            told = None
        # A process that a file has taken over, or killed, says nothing that could be used.
        return told if isinstance(told, dict) else {"failed": "fix_unreadable"}


_FAILURES = frozenset({"fix_unreadable", "fix_too_large", "fix_too_heavy", "media_no_room"})


def _settle(told: dict[str, Any]) -> None:
    if told.get("done") is True:
        return
    if told.get("cannot_copy") in {"picture", "sound"}:
        raise CannotCopy(told["cannot_copy"])
    failed = told.get("failed")
    raise Refusal(failed if failed in _FAILURES else "fix_unreadable")
