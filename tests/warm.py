"""Programs of ours without their start: a process that has everything loaded becomes one of them, whenever it is asked.

Loading takes a second, which is most of what a command takes. What is tested is the same: a process of its own, with
its own environment, folder, standard streams and end.
"""

import asyncio
import atexit
import gc
import json
import os
import runpy
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryFile

ROOT = Path(__file__).parents[1]
COLUMNS = "120"
"""How wide a table may be: read where the command is loaded."""
NUMBER = struct.Struct(">i")
STARTS = NUMBER.pack(0)
"""What is sent where a process is to be started; otherwise it is the id of the one that is asked after."""
GOES_ON = 1 << 16
"""Said instead of an exit code."""
LOOKS_EVERY = 0.01


class Forked:
    """A process that the warm one became, as `asyncio.subprocess` has them."""

    def __init__(self, warm: "Warm", pid: int) -> None:
        self.pid = pid
        self._warm = warm
        self._code: int | None = None

    @property
    def returncode(self) -> int | None:
        """How it ended, minus the signal that ended it; None while it goes on."""
        if self._code is None:
            self._code = self._warm.code_of(self.pid)
        return self._code

    def send_signal(self, number: signal.Signals) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        while True:
            if (code := self.returncode) is not None:
                return code
            await asyncio.sleep(LOOKS_EVERY)


class Warm:
    """A process that waits to become another one."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": COLUMNS},
                stdout=subprocess.DEVNULL,
            )

    def start(self, *words: str, folder: Path, environment: Mapping[str, str], out: int, err: int) -> Forked:
        """Start what `python -m` starts with these words; `out` and `err` are descriptors of files."""
        with TemporaryFile() as asked:
            asked.write(json.dumps([words, str(folder), dict(environment)]).encode())
            asked.flush()
            socket.send_fds(self._line, [STARTS], [asked.fileno(), out, err])
            return Forked(self, self._told())

    def code_of(self, pid: int) -> int | None:
        self._line.send(NUMBER.pack(pid))
        code = self._told()
        return None if code == GOES_ON else code

    def end(self) -> None:
        self._line.close()
        self._process.wait()

    def _told(self) -> int:
        said = self._line.recv(NUMBER.size)
        assert said, "what was to be started could not be loaded"
        number: int = NUMBER.unpack(said)[0]
        return number


@cache
def warm() -> Warm:
    """The one of this process of tests: whoever wants it first waits for it, and nobody else."""
    waiting = Warm()
    atexit.register(waiting.end)
    return waiting


def _load() -> None:
    """Load what programs load when they need it, too."""
    for package in ("bot", "core", "storage"):
        path = import_module(package).__path__
        for module in walk_packages(path, f"{package}."):
            if ".migrations" not in module.name and not module.name.endswith(".__main__"):
                import_module(module.name)


def _serve(line: socket.socket) -> None:
    """Start processes and say how they ended, until nobody asks any more."""
    while True:
        came, files, *_ = socket.recv_fds(line, NUMBER.size, 3)
        if not came:
            return
        if came != STARTS:
            ended, status = os.waitpid(NUMBER.unpack(came)[0], os.WNOHANG)
            line.send(NUMBER.pack(os.waitstatus_to_exitcode(status) if ended else GOES_ON))
            continue
        child = os.fork()
        if not child:
            line.close()
            _become(*files)
            return
        for each in files:
            os.close(each)
        line.send(NUMBER.pack(child))


def _become(asked: int, out: int, err: int) -> None:
    with os.fdopen(asked, "rb") as file:
        file.seek(0)
        words, folder, environment = json.load(file)
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.close(out)
    if err != out:
        os.close(err)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    module, *sys.argv[1:] = words
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _load()
    gc.freeze()  # else each of them copies and clears away, when it ends, what it never touched
    _serve(socket.socket(fileno=int(sys.argv[1])))
