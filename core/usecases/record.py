"""Writing a connection down together with the evidence that changed it and the news it makes."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.connection import Connection
from core.domain.evidence import Evidence, Source
from core.domain.fact import Fact, FactKind
from core.domain.ids import new_id
from core.domain.observation import Observation
from core.ports import UnitOfWork


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
    """Save `after`, append the evidence, and where state or reason moved, the fact. Raises Stale."""
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
        await unit.facts.add(
            Fact(
                id=new_id("fa"),
                kind=FactKind.CONNECTION_MOVED,
                workspace=after.workspace,
                at=seen.now,
                client_id=after.client_id,
                subject=after.id,
                details={
                    "before": before.state,
                    "after": after.state,
                    "reason": after.reason,
                    "source": seen.source,
                },
            )
        )
    return saved
