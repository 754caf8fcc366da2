"""Jobs of many callers done in few transactions: who comes while some are done joins the next."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Job = TypeVar("Job")
Outcome = TypeVar("Outcome")
Write = Callable[[Sequence[Job]], Awaitable[Sequence[Outcome]]]
"""Does jobs all or none, and returns what each came to; an exception among them is raised where its job comes from."""


class Batches(Generic[Job, Outcome]):
    """Does jobs together and, where that fails, each alone. One batch has at most `most`, and none twice by `key`.

    `follows` says that whoever waits goes on from what was done: nothing is done for who was ended before.
    """

    def __init__(
        self, write: Write[Job, Outcome], *, most: int, key: Callable[[Job], str], follows: bool, name: str
    ) -> None:
        self._write = write
        self._most = most
        self._key = key
        self._follows = follows
        self._name = name
        self._waiting: list[tuple[Job, asyncio.Future[Outcome]]] = []
        self._taken: Sequence[tuple[Job, asyncio.Future[Outcome]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def do(self, job: Job) -> Outcome:
        """Return what a job came to once it is done. Raises what it failed with."""
        return await self.put(job)

    def put(self, job: Job) -> asyncio.Future[Outcome]:
        """Have a job done beside the caller; the future is what `do` returns or raises."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, future))
        if self._writer is None:
            self._writer = asyncio.create_task(self._do_all(), name=self._name)
            self._writer.add_done_callback(self._ended)
        return future

    async def closed(self) -> None:
        """Wait until nothing is being done."""
        if self._writer is not None:
            await asyncio.wait({self._writer})

    async def _do_all(self) -> None:
        await asyncio.sleep(0)  # those who are as far in the same moment come along
        while self._waiting:
            self._taken = self._next()
            if not self._taken:
                break
            outcomes = await self._outcomes([job for job, _ in self._taken])
            for (_, future), outcome in zip(self._taken, outcomes, strict=True):
                _answer(future, outcome)
        self._writer = None

    def _ended(self, writer: asyncio.Task[None]) -> None:
        """Leave nobody waiting for a writer that was ended in the midst of it."""
        if self._writer is writer:
            for _, future in (*self._taken, *self._waiting):
                future.cancel()  # whoever has an answer keeps it
            self._taken, self._waiting, self._writer = [], [], None

    def _next(self) -> Sequence[tuple[Job, asyncio.Future[Outcome]]]:
        """Take what can be done together: of several with one key only what came first."""
        taken: dict[str, tuple[Job, asyncio.Future[Outcome]]] = {}
        later = []
        for each in self._waiting:
            if self._follows and each[1].done():
                continue
            key = self._key(each[0])
            if key in taken or len(taken) >= self._most:
                later.append(each)
            else:
                taken[key] = each
        self._waiting = later
        return list(taken.values())

    async def _outcomes(self, jobs: Sequence[Job]) -> Sequence[Outcome | Exception]:
        try:
            return await self._write(jobs)
        except Exception as failed:  # noqa: BLE001 - whose it is shows when each is done alone
            return [failed] if len(jobs) == 1 else [(await self._outcomes([job]))[0] for job in jobs]


def _answer(future: asyncio.Future[Outcome], outcome: Outcome | Exception) -> None:
    if future.done():
        return  # whoever waited was cancelled
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
