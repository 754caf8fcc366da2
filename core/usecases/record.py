"""Writing things down: a change in a transaction of its own, a connection with its evidence, and the news it makes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from core.domain.connection import Connection
from core.domain.errors import Trouble
from core.domain.evidence import Evidence, Source
from core.domain.fact import Fact, FactKind
from core.domain.ids import new_id
from core.domain.observation import Credential, Observation
from core.domain.refusals import Stale
from core.domain.verdict import BROKEN
from core.ports import UnitOfWork, Work

log = logging.getLogger(__name__)

T = TypeVar("T")
Change = Callable[[UnitOfWork], Awaitable[None]]

ERASED = Observation(credential=Credential.NONE)
TURNS = 4
"""How often a change is decided anew because somebody else wrote first."""
RETRY_AFTER = timedelta(seconds=30)
"""After so long what is due is tried again that failed: behind what is due by then."""
TOGETHER = 10
"""Changes in one transaction: it holds the database's one writer for milliseconds."""


async def in_turn(work: Work, change: Callable[[UnitOfWork], Awaitable[T]]) -> T:
    """Run a change in a transaction of its own and commit it; return what it returns.

    A change loads what it decides on inside the unit: where somebody else wrote first, it runs again on what is
    there now. Raises Stale only where it lost every turn.
    """
    for _ in range(TURNS - 1):
        with suppress(Stale):
            return await once(work, change)
    return await once(work, change)


async def to_the_end(change: Coroutine[Any, Any, T]) -> T:
    """Do what can't be done again and must not be left half done: who is ended meanwhile ends once it is over.

    Then nobody hears of Trouble any more; whatever else fails is logged.
    """
    begun = asyncio.create_task(change)
    try:
        return await asyncio.shield(begun)
    except asyncio.CancelledError:
        await asyncio.wait({begun})
        failed = None if begun.cancelled() else begun.exception()
        if failed is not None and not isinstance(failed, Trouble):
            log.exception("a change failed while its process ended", exc_info=failed)
        raise


async def together(work: Work, changes: Sequence[Change]) -> Sequence[Exception | None]:
    """Run changes in few transactions: several in one and, where that fails, each in turn in one of its own.

    Returns what each failed with, None for those that are kept. A change loads what it decides on inside the unit.
    """
    outcomes: list[Exception | None] = []
    for start in range(0, len(changes), TOGETHER):
        several = changes[start : start + TOGETHER]
        try:
            await once(work, partial(_every, several))
        except Exception:  # noqa: BLE001 - whose it is shows when each runs alone
            outcomes += [await _failure(work, change) for change in several]
        else:
            outcomes += [None] * len(several)
    return outcomes


async def _every(changes: Sequence[Change], unit: UnitOfWork) -> None:
    for change in changes:
        await change(unit)


async def _failure(work: Work, change: Change) -> Exception | None:
    try:
        await in_turn(work, change)
    except Exception as failed:  # noqa: BLE001 - the others go on; the caller says whose it was
        return failed
    return None


async def once(work: Work, change: Callable[[UnitOfWork], Awaitable[T]]) -> T:
    """Run a change in a transaction of its own and commit it; return what it returns. Raises Stale."""
    async with work.writing() as unit:
        result = await change(unit)
        await unit.commit()
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An observation and where it comes from. `at` is the source's time, `now` ours."""

    source: Source
    observation: Observation
    at: datetime
    now: datetime
    note: str = ""
    code: str = ""
    log_id: str = ""
    by: str = ""


async def record(unit: UnitOfWork, before: Connection, after: Connection, seen: Seen) -> Connection:
    """Save `after`, append the evidence, and where state or reason moved, the fact and the alarm. Raises Stale."""
    saved = await unit.connections.save(after)
    await unit.evidence.add(
        Evidence(
            id=new_id("ev"),
            workspace=after.workspace,
            client_id=after.client_id,
            connection_id=after.id,
            source=seen.source,
            at=seen.at,
            noted_at=seen.now,
            observation=seen.observation,
            note=seen.note,
            code=seen.code,
            log_id=seen.log_id,
            by=seen.by,
            before=before.state,
            after=after.state,
        )
    )
    if (before.state, before.reason) != (after.state, after.reason):
        moved = {"before": before.state, "after": after.state, "reason": after.reason, "source": seen.source}
        await tell(unit, FactKind.CONNECTION_MOVED, after, seen.now, **moved)
        await unit.alarms.wake(after.workspace, after.client_id, seen.now)
    if seen.source is Source.OAUTH or (before.state in BROKEN and after.state not in BROKEN):
        await unit.deliveries.hasten(after.workspace, after.id, seen.now)
    return saved


async def tell(
    unit: UnitOfWork, kind: FactKind, connection: Connection, now: datetime, **details: str
) -> None:
    """Write a fact about a connection into the outbox."""
    await unit.facts.add(
        Fact(
            id=new_id("fa"),
            kind=kind,
            workspace=connection.workspace,
            at=now,
            client_id=connection.client_id,
            subject=connection.id,
            details=details,
        )
    )


async def close(unit: UnitOfWork, before: Connection, seen: Seen) -> Connection:
    """End an unlink: write its proof, erase the credentials, tell how it was proved; all or nothing."""
    proved = await record(unit, before, before.observed(seen.observation, at=seen.at, now=seen.now), seen)
    await unit.credentials.erase(before.id)
    gone = Seen(
        source=seen.source,
        observation=ERASED,
        at=seen.now,
        now=seen.now,
        note="erased",
        by=seen.by,
    )
    closed = await record(unit, proved, proved.erased(seen.now), gone)
    await tell(unit, FactKind.UNLINK_PROVED, closed, seen.now, how=seen.note)
    return closed
