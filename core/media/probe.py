"""Keeps the MediaProbe port: a warm process that reads one file after another, each in a limited child of its own."""

import asyncio
import contextlib
import hashlib
import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from core.domain.media import Media, Snag, Trouble
from core.media import frames
from core.media.answers import AvFacts, Own
from core.media.child import FORK, READY, STAY
from core.media.merge import merge
from core.ports import MediaSource

ROOT = Path(__file__).resolve().parents[2]
_LONGEST_RANGE = 8 << 20
_PIECE = 1 << 20
_GRACE = 2.0
"""Seconds the bot waits longer than a child may live, before it ends the whole process."""

_START = 30.0
"""Seconds the process may take to load PyAV on a busy machine."""

Facts = TypeVar("Facts")
_OWN: TypeAdapter[Own] = TypeAdapter(Own)
_AV: TypeAdapter[AvFacts] = TypeAdapter(AvFacts)


class ProbeBroken(Exception):
    """The process for reading media doesn't start: PyAV is missing or broken. See `crosslink doctor`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one file may cost. `budget` is how many bytes of a file that lies elsewhere may be fetched."""

    memory: int = 600 << 20
    cpu_seconds: int = 10
    wall_seconds: float = 20.0
    budget: int = 64 << 20


@dataclass(slots=True)
class _Heard:
    """What a child said before it ended."""

    own: Own | None = None
    av: AvFacts | None = None
    is_late: bool = False


class IsolatedProbe:
    """Reads media in a process without network, rights, new files or much memory. It may die; the bot doesn't.

    `reuse` reads in the warm process itself instead of a child for each file: quicker, and limited by time only.
    `digests` reads the whole of a file that is on this machine for its SHA-256, beside the probe.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        at_once: int = 2,
        reuse: bool = False,
        digests: bool = True,
    ) -> None:
        self._limits = limits or Limits()
        self._digests = digests
        self._turns = asyncio.Semaphore(1 if reuse else at_once)
        self._order = STAY if reuse else FORK
        self._starting = asyncio.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    async def probe(self, source: MediaSource, *, sha256: str | None = None) -> Media:
        """Reads what a file is. Never raises for what is in it; Trouble of its source passes through.

        Raises ProbeBroken where no process can be started at all.
        """
        if not source.size:
            return merge(source.name, 0, None, None)
        file = source.fileno() if self._digests and sha256 is None else None
        async with self._turns:
            heard, digest = await asyncio.gather(self._heard(source), _digest(file))
        media = merge(source.name, source.size, heard.own, heard.av)
        return replace(_slow(media) if heard.is_late else media, sha256=sha256 or digest)

    def close(self) -> None:
        """End the process. Another probe starts another one."""
        process, self._process = self._process, None
        control, self._control = self._control, None
        if control is not None:
            control.close()
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            process.wait()

    async def _heard(self, source: MediaSource) -> _Heard:
        """Ask a child; once more where it said nothing, since it may have been ended for somebody else's file."""
        heard = await self._ask(source)
        return await self._ask(source) if heard.own is None and not heard.is_late else heard

    async def _ask(self, source: MediaSource) -> _Heard:
        reader, writer = await asyncio.open_connection(sock=await self._line(source))
        heard = _Heard()
        try:
            async with asyncio.timeout(self._limits.wall_seconds + _GRACE):
                writer.write(self._request(source.size))
                await _listen(reader, writer, source, heard)
        except TimeoutError:
            heard.is_late = True
            self.close()
        finally:
            writer.close()
        return heard

    async def _line(self, source: MediaSource) -> socket.socket:
        """Have a child born for a file; return the way to it. Raises ProbeBroken."""
        ours, theirs = socket.socketpair()
        with theirs, contextlib.ExitStack() as undone:
            undone.callback(ours.close)
            passed = [theirs.fileno(), *([file] if (file := source.fileno()) is not None else [])]
            try:
                socket.send_fds(await self._warm(), [self._order], passed)
            except OSError:
                self.close()
                socket.send_fds(await self._warm(), [self._order], passed)
            undone.pop_all()
        return ours

    def _request(self, size: int) -> bytes:
        limits = {
            "memory": self._limits.memory,
            "cpu_seconds": self._limits.cpu_seconds,
            "wall_seconds": self._limits.wall_seconds,
        }
        body = {"size": size, "budget": self._limits.budget, "limits": limits}
        return frames.pack(frames.REQUEST, json.dumps(body).encode())

    async def _warm(self) -> socket.socket:
        """Return the way to the process, started where there is none. Raises ProbeBroken.

        One that is not ready in time, or that nobody waits for any more, is ended: whoever comes next starts another.
        """
        async with self._starting:
            if self._control is not None and self._process is not None and self._process.poll() is None:
                return self._control
            self.close()
            with contextlib.ExitStack() as unready:
                unready.callback(self.close)
                self._control = self._start()
                if not await _is_ready(self._control):
                    raise ProbeBroken
                unready.pop_all()
            return self._control

    def _start(self) -> socket.socket:
        """Start the process; it gets nothing of our environment."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, in our own interpreter
                [sys.executable, "-s", "-m", "core.media.child", str(theirs.fileno())],
                cwd="/",
                env={"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"},
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        return ours


async def _is_ready(control: socket.socket) -> bool:
    control.setblocking(False)
    try:
        async with asyncio.timeout(_START):
            said = await asyncio.get_running_loop().sock_recv(control, len(READY))
    except TimeoutError:
        return False
    finally:
        control.setblocking(True)
    return said == READY


async def _listen(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, source: MediaSource, heard: _Heard
) -> None:
    """Take a child's answers and serve its wishes until it ends."""
    while True:
        try:
            letter, length = frames.HEAD.unpack(await reader.readexactly(frames.HEAD.size))
            if length > frames.LARGEST_ANSWER:
                return
            payload = await reader.readexactly(length)
            if letter == frames.WANT:
                writer.write(await _range(source, payload))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        if letter == frames.OWN:
            heard.own = _read(_OWN, payload)
        elif letter == frames.AV:
            heard.av = _read(_AV, payload)


async def _range(source: MediaSource, payload: bytes) -> bytes:
    at, length = frames.PLACE.unpack(payload)
    return frames.pack(frames.DATA, await source.read(at, min(length, _LONGEST_RANGE)))


async def _digest(file: int | None) -> str | None:
    return None if file is None else await asyncio.to_thread(_sha256, file)


def _sha256(file: int) -> str:
    """Return the SHA-256 of a whole file in hex, in constant memory."""
    whole, at = hashlib.sha256(), 0
    while part := os.pread(file, _PIECE, at):
        whole.update(part)
        at += len(part)
    return whole.hexdigest()


def _read(adapter: TypeAdapter[Facts], payload: bytes) -> Facts | None:
    """Return an answer that has the shape it must have. Whoever took over a child can't say more than that."""
    try:
        return adapter.validate_json(payload, strict=True)
    except ValidationError:
        return None


def _slow(media: Media) -> Media:
    kept = tuple(each for each in media.troubles if each.snag is not Snag.UNREADABLE)
    return replace(media, troubles=(Trouble(snag=Snag.TOO_SLOW), *kept))
