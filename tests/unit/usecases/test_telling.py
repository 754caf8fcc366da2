"""News is told once, in order, and a write that fails cuts nobody off."""

import asyncio
from datetime import timedelta

from core.domain.fact import Fact, FactKind
from core.usecases.telling import FACT_LEASE, TELLING_TAKES, Telling
from tests.builders import NOW, WORKSPACE
from tests.fakes import FrozenClock, MemoryWork


class FailingWork(MemoryWork):
    """Breaks the given writing units, counted from the first."""

    def __init__(self, *broken: int) -> None:
        super().__init__()
        self._broken, self.units = broken, 0

    def writing(self):
        self.units += 1
        if self.units in self._broken:
            raise ConnectionError
        return super().writing()


class SlowMessenger:
    """Keeps the Messenger port: lets others go on in the midst of telling, and takes `takes` by the clock."""

    def __init__(self, clock: FrozenClock, takes: timedelta = timedelta()) -> None:
        self.begun: list[str] = []
        self.told: list[str] = []
        self._clock, self._takes = clock, takes

    async def tell(self, fact: Fact) -> None:
        self.begun.append(fact.id)
        for _ in range(20):
            await asyncio.sleep(0)
        self._clock.turn(seconds=self._takes.total_seconds())
        self.told.append(fact.id)


async def given(work: MemoryWork, *ids: str, beside: bool = False) -> None:
    async with MemoryWork.writing(work) as unit:
        for id_ in ids:
            await unit.facts.add(
                Fact(
                    id=id_,
                    workspace=WORKSPACE,
                    client_id=f"cl_{id_}" if beside else "cl_1",
                    kind=FactKind.CLIENT_SAVED,
                    subject="cl_1",
                    details={},
                    at=NOW,
                )
            )
        await unit.commit()


async def test_a_note_that_fails_cuts_off_nobody_who_is_being_told():
    clock, work = FrozenClock(), FailingWork(2)  # the first claims, the second keeps what came of "one"
    await given(work, "one", "two", "three")
    messenger = SlowMessenger(clock)
    telling = Telling(work=work, clock=clock, messenger=messenger, owner="me")
    outcome = await asyncio.gather(telling.tell_due(clock.now()), return_exceptions=True)
    assert isinstance(outcome[0], ConnectionError)
    assert messenger.begun == messenger.told == ["one", "two", "three"]
    assert await telling.tell_due(clock.turn(minutes=30)) == 0, (
        "what could not be kept went along with the next"
    )


async def test_what_was_told_and_could_not_be_kept_is_not_told_again():
    clock, work = FrozenClock(), FailingWork(2)
    await given(work, "one")
    messenger = SlowMessenger(clock)
    telling = Telling(work=work, clock=clock, messenger=messenger, owner="me")
    await asyncio.gather(telling.tell_due(clock.now()), return_exceptions=True)
    assert await telling.tell_due(clock.turn(FACT_LEASE)) == 0
    assert messenger.told == ["one"]


async def test_what_was_told_before_somebody_ended_us_is_kept():
    clock, work = FrozenClock(), MemoryWork()
    await given(work, "one", "two")

    stalled = asyncio.Event()

    class Stalling:
        async def tell(self, fact: Fact) -> None:
            if fact.id == "two":
                stalled.set()
                await asyncio.Event().wait()

    telling = Telling(work=work, clock=clock, messenger=Stalling(), owner="me")
    tick = asyncio.create_task(telling.tell_due(clock.now()))
    await stalled.wait()
    tick.cancel()
    await asyncio.wait({tick})
    after = Telling(work=work, clock=clock, messenger=SlowMessenger(clock), owner="another")
    assert await after.tell_due(clock.turn(FACT_LEASE)) == 1


async def test_what_the_lease_has_no_time_for_is_given_back():
    clock, work = FrozenClock(), MemoryWork()
    await given(work, "one", "two", "three")
    messenger = SlowMessenger(clock, (FACT_LEASE - TELLING_TAKES) / 2 + timedelta(seconds=1))
    telling = Telling(work=work, clock=clock, messenger=messenger, owner="me")
    assert await telling.tell_due(clock.now()) == 3
    assert messenger.told == ["one", "two"]
    assert await telling.tell_due(clock.now()) == 1
    assert messenger.told == ["one", "two", "three"]


async def test_where_a_write_fails_it_is_not_tried_for_each_piece_of_news():
    clock, work = FrozenClock(), FailingWork(2, 3, 4, 5)
    await given(work, "one", "two", "three", beside=True)
    telling = Telling(work=work, clock=clock, messenger=SlowMessenger(clock), owner="me")
    await asyncio.gather(telling.tell_due(clock.now()), return_exceptions=True)
    assert (work.units, telling.is_behind) == (2, True)
