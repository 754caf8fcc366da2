"""The `crosslink` command in a process of its own."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from bot.settings import Settings, variable
from tests.warm import COLUMNS, ROOT, warm


@dataclass(frozen=True)
class Ran:
    """A command that ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Shell:
    """Runs `crosslink` in a folder of its own, with these settings and no others."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.folder = folder
        ours = {variable(name) for name in Settings.model_fields}
        clean = {name: value for name, value in os.environ.items() if name not in ours}
        self.environment = clean | settings | {"PYTHONPATH": str(ROOT), "COLUMNS": COLUMNS}

    async def start(self, *words: str) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *words,
            cwd=self.folder,
            env=self.environment,
            stdout=pipe,
            stderr=pipe,
        )

    async def run(self, *words: str) -> Ran:
        """Run a command to its end."""
        with TemporaryFile() as out, TemporaryFile() as err:
            files = {"out": out.fileno(), "err": err.fileno()}
            process = warm().start("bot", *words, folder=self.folder, environment=self.environment, **files)
            code = await process.wait()
            for file in (out, err):
                file.seek(0)
            return Ran(code, out.read().decode(), err.read().decode())
