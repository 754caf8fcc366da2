"""One process that makes one rendition: started early, told what to do later, ended whatever it is doing."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import sysconfig
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATHS = os.pathsep.join([str(ROOT), sysconfig.get_path("platlib")])
"""Where the process finds our code, and PyAV."""
ENDING = 5.0
"""Seconds that a process which says nothing any more may take to end: much memory takes a while to give back."""


class Maker:
    """The process, and the way to it. It loads what it needs at once, then waits for its order."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair()
        self._writer: asyncio.StreamWriter | None = None
        with theirs:
            self._process = subprocess.Popen(
                # -S: looking through all that is installed would take as long as everything else before the work
                [sys.executable, "-S", "-m", "core.media.making"],
                cwd="/",
                env={"PYTHONPATH": PATHS, "LC_ALL": "C.UTF-8"},
                start_new_session=True,
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                stderr=subprocess.DEVNULL,
            )

    @property
    def is_alive(self) -> bool:
        """False once it has ended, by itself or by the system."""
        return self._process.poll() is None

    async def begin(self, order: bytes, *files: int) -> asyncio.StreamReader:
        """Send its order with open descriptors; return what it says, which ends where the process does."""
        with suppress(
            ConnectionError
        ):  # ended meanwhile: it says nothing, and who reads that knows what to do
            socket.send_fds(self._line, [order + b"\n"], files)
        answers, self._writer = await asyncio.open_connection(sock=self._line)
        return answers

    async def was_killed(self) -> bool:
        """True where the system ended it, as it does for using up what it was given; False where it fell by itself."""
        with suppress(subprocess.TimeoutExpired):
            ended = await asyncio.to_thread(self._process.wait, ENDING)
            return ended in {-signal.SIGKILL, -signal.SIGXCPU}
        return False

    def close(self) -> None:
        """End it, and wait until it has: what it was writing to is nobody's any more."""
        if self._writer is not None:
            self._writer.close()
        else:
            self._line.close()
        self._process.kill()
        self._process.wait()
