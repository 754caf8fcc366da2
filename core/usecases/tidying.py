"""What has done its work is not kept for ever: told news, handled messages, spent sign-ins, files. History stays."""

from datetime import datetime, timedelta

from core.ports import Clock, MediaStore, Work

KEPT = timedelta(days=30)
"""Longer than any platform repeats itself (72 hours), and than anybody asks what exactly was told."""
ROWS = 500
"""Of each kind in one transaction, so that nobody waits for the writer."""


class Tidying:
    """Ends rows and lets go of files that nobody needs any more."""

    def __init__(self, *, work: Work, clock: Clock, store: MediaStore) -> None:
        self._work = work
        self._clock = clock
        self._store = store

    async def tidy(self) -> int:
        """End what was done with a month ago; return how many rows. Repeats safely, beside other processes.

        Files stay while a post may need them, and a month longer: people look at it again, or send it once more.
        """
        before, total = self._clock.now() - KEPT, 0
        while ended := await self._some(before):
            total += ended
        async with self._work.reading() as unit:
            needed = await unit.posts.referenced(since=before)
        await self._store.tidy(self._clock.now(), referenced=needed)
        return total

    async def _some(self, before: datetime) -> int:
        async with self._work.writing() as unit:
            ended = await unit.tidy(before, limit=ROWS)
            await unit.commit()
        return ended
