"""Work on files that takes its time: so much at once, so much per person, cancelled by a button, ended politely."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from core.domain.client import Person
from core.domain.ids import new_id
from core.domain.refusals import Refusal


class Ending(StrEnum):
    """Why a job ended before its time."""

    CANCELLED = "cancelled"
    RESTART = "restart"


@dataclass(slots=True, eq=False)
class Job:
    """One piece of work, under the id that its Cancel button carries."""

    id: str
    person: Person
    turn: asyncio.Semaphore
    """Held while it works: who shows that they wait does so before."""
    ending: Ending | None = None
    task: asyncio.Task[None] | None = None

    def end(self, ending: Ending) -> None:
        """Stop it; whoever runs it says why."""
        if self.task is not None and not self.task.done() and self.ending is None:
            self.ending = ending
            self.task.cancel()


class Jobs:
    """Runs at most `together` jobs; up to `in_all` may be there, `each` of one person.

    What waits here holds a place among all work behind acks, so `in_all` stays far below that.
    """

    def __init__(self, *, together: int = 3, in_all: int = 12, each: int = 3) -> None:
        self._gate = asyncio.Semaphore(together)
        self._in_all = in_all
        self._each = each
        self._jobs: dict[str, Job] = {}
        self._closed = False

    async def run(
        self,
        person: Person,
        work: Callable[[Job], Awaitable[None]],
        ended: Callable[[Ending], Awaitable[None]],
    ) -> None:
        """Do `work`, which takes its turn by itself; where it is ended early, `ended` says so.

        Raises Refusal `jobs_ending`, `jobs_full` or `jobs_yours`.
        """
        own = sum(_same(each.person, person) for each in self._jobs.values())
        if self._closed:
            raise Refusal("jobs_ending")
        if len(self._jobs) >= self._in_all:
            raise Refusal("jobs_full")
        if own >= self._each:
            raise Refusal("jobs_yours")
        job = Job(new_id("jb"), person, self._gate)
        self._jobs[job.id] = job
        job.task = asyncio.create_task(_run(job, work))
        try:
            await asyncio.wait([job.task])
        finally:
            job.task.cancel()
            self._jobs.pop(job.id, None)
        if job.task.cancelled() and job.ending is not None:
            await ended(job.ending)
            return
        job.task.result()

    def cancel(self, job_id: str, person: Person) -> None:
        """Stop a job of this person's. Raises Refusal `job_gone`."""
        job = self._jobs.get(job_id)
        if job is None or not _same(job.person, person):
            raise Refusal("job_gone")
        job.end(Ending.CANCELLED)

    async def drain(self, seconds: float) -> None:
        """Begin nothing any more; let what is nearly done finish, and end the rest with a sentence."""
        self._closed = True
        tasks = {each.task for each in self._jobs.values() if each.task is not None}
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for each in self._jobs.values():
            each.end(Ending.RESTART)


async def _run(job: Job, work: Callable[[Job], Awaitable[None]]) -> None:
    await work(job)


def _same(one: Person, other: Person) -> bool:
    return (one.workspace, one.user) == (other.workspace, other.user)
