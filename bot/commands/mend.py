"""`crosslink preflight --fix`: makes the version that fits, shows how far it is, and puts it where it was asked for."""

import asyncio
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot.commands import console
from bot.wiring.mending import MediaRoom
from core.domain.refusals import Refusal
from core.domain.rendition import Cut
from core.ports import MediaOrigin
from core.usecases.mending import Mended, Wish

_CUT = re.compile(r"(?P<start>[0-9:.]+)-(?P<end>[0-9:.]+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Written:
    """A mended file, and where it was put."""

    path: Path
    mended: Mended


def read_cut(text: str) -> Cut | None:
    """Return the part in "START-END", each in seconds or as minutes:seconds; None for nothing. Raises Refusal."""
    if not text:
        return None
    found = _CUT.fullmatch(text.replace(" ", ""))
    try:
        return Cut(_seconds(found["start"]), _seconds(found["end"])) if found else _unreadable(text)
    except ValueError:
        return _unreadable(text)


async def mend(
    room: MediaRoom, origin: MediaOrigin, wish: Wish, out: Path, *, is_shown: bool
) -> Sequence[Written]:
    """Make what fits and write it to `out`; several get their targets into their names. Raises Refusal."""
    made = []
    with _bar(is_shown=is_shown) as show:
        async with aclosing(room.mending.fix(origin, wish)) as steps:
            async for step in steps:
                if isinstance(step, Mended):
                    made.append(step)
                else:
                    show(step.fraction)
    return [Written(path, each) for each in made for path in [await _put(room, each, _path(out, each, made))]]


@contextmanager
def _bar(*, is_shown: bool) -> Iterator[Callable[[float], None]]:
    if not is_shown or not console.err.is_terminal:
        yield lambda _fraction: None
        return
    columns = (
        TextColumn("Making a version that fits"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console.err, transient=True) as progress:
        task = progress.add_task("", total=1.0)
        yield lambda fraction: progress.update(task, completed=fraction)


def _path(out: Path, mended: Mended, made: Sequence[Mended]) -> Path:
    wanted = out / mended.name if out.is_dir() else out
    if len(made) == 1:
        return wanted
    return wanted.with_name(f"{wanted.stem}.{'+'.join(mended.remedy.targets)}{wanted.suffix}")


async def _put(room: MediaRoom, mended: Mended, path: Path) -> Path:
    try:
        await asyncio.to_thread(_copy, room, mended, path)
    except OSError:
        raise Refusal("fix_not_written", typed=str(path)) from None
    return path


def _copy(room: MediaRoom, mended: Mended, path: Path) -> None:
    """Write beside and move into place: whoever looks finds the whole file or none."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with room.store.open(mended.kept, name=mended.name) as source, beside.open("wb") as written:
            descriptor = source.fileno()
            assert descriptor is not None
            with os.fdopen(os.dup(descriptor), "rb") as whole:
                whole.seek(0)
                shutil.copyfileobj(whole, written, 1 << 20)
        beside.replace(path)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()


def _seconds(text: str) -> float:
    minutes, _, seconds = text.rpartition(":")
    return 60 * float(minutes or 0) + float(seconds)


def _unreadable(text: str) -> Cut:
    raise Refusal("keep_unreadable", typed=text)
