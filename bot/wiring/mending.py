"""The media room: sources, store, probe and renditions, put together for the command line and for Slack."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Misconfigured
from core.media.local import LocalFile
from core.media.probe import IsolatedProbe, ProbeBroken
from core.media.remote import Remote
from core.media.rendition import IsolatedRenditions
from core.media.sources import AtAddress, OnDisk
from core.ports import Clock, MediaOrigin, MediaStore
from core.providers.limits import limit_sets
from core.usecases.mending import Mending
from core.usecases.preflight import Preflight
from storage.media_store import FolderStore

UNREADABLE = "The process that reads media doesn't start here. Run: crosslink doctor"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaRoom:
    """What one process has for media. `close` ends its media processes."""

    preflight: Preflight
    mending: Mending
    store: MediaStore
    remote: Remote
    clock: Clock
    probe: IsolatedProbe
    renditions: IsolatedRenditions

    def typed(self, text: str) -> MediaOrigin:
        """Return the file that somebody named on the command line: an address, or a path."""
        if "://" in text:
            return self.address(text)
        return OnDisk(Path(text))

    def address(self, url: str) -> AtAddress:
        """Return the file at an address that a person gave."""
        return AtAddress(url, remote=self.remote, store=self.store, clock=self.clock)

    async def tidy(self, referenced: Collection[str] = ()) -> int:
        """Remove what nobody refers to and asked for lately; return how many bytes went."""
        return await self.store.tidy(self.clock.now(), referenced=referenced)

    def close(self) -> None:
        """End the media processes."""
        self.probe.close()
        self.renditions.close()


def build_media(folder: Path, clock: Clock, *, ahead: bool = False) -> MediaRoom:
    """Return the media room. Nothing is started or written before the first file; `ahead` as in IsolatedRenditions."""
    store = FolderStore(folder)
    probe, renditions = IsolatedProbe(), IsolatedRenditions(ahead=ahead)
    preflight = Preflight(probe=probe, sets=limit_sets(), clock=clock)
    return MediaRoom(
        preflight=preflight,
        mending=Mending(preflight=preflight, store=store, renditions=renditions, clock=clock),
        store=store,
        remote=Remote(),
        clock=clock,
        probe=probe,
        renditions=renditions,
    )


@contextmanager
def open_media(folder: Path, clock: Clock) -> Iterator[MediaRoom]:
    """A media room for one command, which ends with the block. Raises Misconfigured where media can't be read here."""
    room = build_media(folder, clock)
    try:
        yield room
    except ProbeBroken:
        raise Misconfigured([UNREADABLE]) from None
    finally:
        room.close()


async def reads_media() -> bool:
    """Start the process that reads media, and let it read a file; False where it doesn't."""
    probe = IsolatedProbe(digests=False)
    try:
        with LocalFile(Path(__file__)) as file:
            await probe.probe(file)
    except (ProbeBroken, OSError):
        return False
    finally:
        probe.close()
    return True
