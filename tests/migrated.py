"""The schema, made once: a file to begin with for whoever starts on an embedded database of their own."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from storage import migrate


@cache
def migrated() -> bytes:
    """A migrated, empty SQLite file."""
    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as aside:  # here a test's own loop may run
        file = Path(folder) / "crosslink.db"
        aside.submit(asyncio.run, migrate.upgrade(f"sqlite:///{file}")).result()
        return file.read_bytes()


def begun(folder: Path) -> Path:
    """A data folder whose database need not be migrated any more; what is there already stays."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "crosslink.db"
    if not file.exists():
        file.write_bytes(migrated())
    return folder
