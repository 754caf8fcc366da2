"""The `crosslink` command without its start: a process that has all of it loaded becomes the command, once for each run.

What a run is given and what it says goes through files, so that neither side waits for the other to read.
"""

import gc
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryFile
from typing import IO

ROOT = Path(__file__).parents[2]
COLUMNS = "120"
"""How wide a table may be: read where the command is loaded."""


class Warm:
    """A process that waits to become the command. One run at a time."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": COLUMNS},
                stdout=subprocess.DEVNULL,
            )

    def run(
        self, words: Sequence[str], *, folder: Path, environment: Mapping[str, str]
    ) -> tuple[int, str, str]:
        """Run a command to its end in this folder; return its exit code, standard output and standard error."""
        with TemporaryFile() as asked, TemporaryFile() as out, TemporaryFile() as err:
            asked.write(json.dumps([list(words), str(folder), dict(environment)]).encode())
            asked.flush()
            socket.send_fds(self._line, [b"!"], [each.fileno() for each in (asked, out, err)])
            code = self._line.recv(1)
            assert code, "the command could not be loaded"
            return code[0], _whole(out), _whole(err)

    def end(self) -> None:
        self._line.close()
        self._process.wait()


def _whole(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def _load() -> None:
    """Load what commands load when they need it, too."""
    for package in ("bot", "core", "storage"):
        path = import_module(package).__path__
        for module in walk_packages(path, f"{package}."):
            if ".migrations" not in module.name:
                import_module(module.name)


def _serve(line: socket.socket) -> None:
    """Become the command whenever one is asked for; return in a process that has, and once nobody asks any more."""
    while True:
        came, files, *_ = socket.recv_fds(line, 1, 3)
        if not came:
            return
        child = os.fork()
        if not child:
            line.close()
            _become(*files)
            return
        for each in files:
            os.close(each)
        _, status = os.waitpid(child, 0)
        line.send(bytes([os.waitstatus_to_exitcode(status) % 256]))


def _become(asked: int, out: int, err: int) -> None:
    with os.fdopen(asked, "rb") as file:
        file.seek(0)
        words, folder, environment = json.load(file)
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    command = import_module("bot.__main__")
    sys.modules["__main__"] = command  # so it calls itself what it is called there
    sys.argv = [str(command.__file__), *words]
    command.main()


if __name__ == "__main__":
    _load()
    gc.freeze()  # else each run copies and clears away, when it ends, what it never touched
    _serve(socket.socket(fileno=int(sys.argv[1])))
