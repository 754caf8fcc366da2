"""One delivery under our lease: written only while its fence is ours, and told where people see a change."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.domain.delivery import Delivery
from core.ports import Clock, Fresh, Pace, UnitOfWork, Work
from core.usecases.chronicle import note_passage
from core.usecases.delivery_news import is_shown, news_of, note
from core.usecases.load import Load
from core.usecases.logbook import Line, Logbook, Lost
from core.usecases.record import in_turn

PROGRESS_EVERY = timedelta(seconds=3)
"""How often people are told how far an upload is."""

Change = Callable[[Delivery], Delivery]
Decision = Callable[[UnitOfWork, Delivery], Awaitable[Delivery]]


class Flight:
    """A claimed delivery on its way. `delivery` is what was last written, `load` what it is made of.

    `load` is None where that has to be read again: each write shows whether somebody changed post or connection.
    """

    def __init__(
        self, delivery: Delivery, *, work: Work, clock: Clock, logbook: Logbook, load: Load | None = None
    ) -> None:
        self.delivery = delivery
        self.load = load
        self._work = work
        self._clock = clock
        self._logbook = logbook
        self._is_held = True
        self._progress_at = clock.now() - PROGRESS_EVERY

    async def write(self, change: Change, *further: Change, last: bool = False) -> None:
        """Write a change that follows from the delivery alone; with `last` the lease ends with it. Raises Lost.

        What is `further` follows in the same commit, if post and connection are as they were loaded, and nobody else
        wrote to the delivery.
        """
        known = self.delivery

        def way(fresh: Fresh) -> Sequence[Delivery]:
            states = [_hastened(known, fresh.delivery, change(fresh.delivery))]
            if self._is_as_loaded(fresh):
                for each in further:
                    states.append(each(states[-1]))
            return states

        line = Line(claimed=known, way=way, is_news=self._is_news, releases=last)
        written = await self._logbook.write(line)
        if not self._is_as_loaded(written.fresh):
            self.load = None
        self._is_held = not last
        self.delivery = written.after
        note(written.before, written.after)

    async def decide(self, decision: Decision, *, last: bool = False) -> None:
        """Write what is decided on top of the row as it is by now, all in one transaction. Raises Lost."""
        before = self.delivery

        async def step(unit: UnitOfWork) -> Delivery:
            fresh = await unit.deliveries.get(before.workspace, before.id)
            if fresh is None or fresh.fence != before.fence:
                raise Lost
            after = _hastened(before, fresh, await decision(unit, fresh))
            saved = await unit.deliveries.save(after, release=last)
            await note_passage(unit, fresh, saved, at=self._clock.now())
            if self._is_news(fresh, saved):
                await unit.facts.add(news_of(saved, self._clock.now()))
            return saved

        self.delivery, self.load = await in_turn(self._work, step), None
        self._is_held = not last
        note(before, self.delivery)

    async def spend(self, account: str, paces: Sequence[Pace]) -> datetime | None:
        """Write calls against an account's limits, or none and return when all have room again."""
        return await self._logbook.spend(account, paces)

    async def release(self) -> None:
        """Write the end of our lease, if it is still ours."""
        if not self._is_held:
            return
        async with self._work.writing() as unit:
            await unit.deliveries.release(self.delivery)
            await unit.commit()

    async def extend(self, until: datetime) -> bool:
        """Write a later end of our lease; False where it is not ours any more."""
        async with self._work.writing() as unit:
            is_ours = await unit.deliveries.extend(self.delivery, until=until)
            await unit.commit()
        return is_ours

    def _is_as_loaded(self, fresh: Fresh) -> bool:
        if self.load is None or fresh.delivery.version != self.delivery.version:
            return False
        return (fresh.post, fresh.connection) == (self.load.post.version, self.load.connection.version)

    def _is_news(self, before: Delivery, after: Delivery) -> bool:
        if is_shown(before, after):
            return True
        now = self._clock.now()
        if before.ticket.sent == after.ticket.sent or now - self._progress_at < PROGRESS_EVERY:
            return False
        self._progress_at = now
        return True


def _hastened(known: Delivery, fresh: Delivery, after: Delivery) -> Delivery:
    """Who made it due meanwhile, a platform's message or a relink, gets their wish."""
    if fresh.due_at is None or fresh.due_at == known.due_at or after.due_at is None:
        return after
    return replace(after, due_at=min(fresh.due_at, after.due_at))
