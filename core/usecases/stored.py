"""A file of the media store, as where a file comes from."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.domain.post import Item
from core.ports import Held, Kept, MediaSource, MediaStore


class Stored:
    """Keeps MediaOrigin for an item of a post. Raises Refusal `media_gone` where it isn't kept any more."""

    fetched = 0

    def __init__(self, item: Item, store: MediaStore) -> None:
        self._item = item
        self._store = store

    @asynccontextmanager
    async def look(self) -> AsyncIterator[MediaSource]:
        """Open the file."""
        async with self.hold() as held:
            yield held.source

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[Held]:
        """Open the file."""
        kept = Kept(sha256=self._item.sha256, size=self._item.size)
        with self._store.open(kept, name=self._item.name) as source:
            yield Held(source=source, sha256=kept.sha256)
