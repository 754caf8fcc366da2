"""Shorthand of the tests in which several processes do the same thing at once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from core.domain.refusals import Stale
from core.ports import UnitOfWork, Work

Outcome = TypeVar("Outcome")
PROCESSES = 4


async def race(
    works: Sequence[Work], act: Callable[[UnitOfWork, int], Awaitable[Outcome]]
) -> list[Outcome | BaseException]:
    """Let every process do the same thing three times, all at once; errors are outcomes."""

    async def one(work: Work, number: int) -> Outcome:
        async with work.writing() as unit:
            outcome = await act(unit, number)
            await asyncio.sleep(0)
            await unit.commit()
            return outcome

    numbered = enumerate(list(works) * 3)
    return await asyncio.gather(*(one(work, number) for number, work in numbered), return_exceptions=True)


def won(outcomes: Sequence[object], lost: type[BaseException] = Stale) -> int:
    """Return how many won; the others have lost as they should."""
    errors = [each for each in outcomes if isinstance(each, BaseException)]
    assert all(isinstance(each, lost) for each in errors), errors
    return len(outcomes) - len(errors)
