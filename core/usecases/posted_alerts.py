"""Alerts that Slack says it has: who posted one may have died before it was noted where.

Each message names the rows that it shows, and what each stood at before: a row takes the first message that comes in
that place, whoever tells of it, Slack or the process that posted. Whatever comes after that is one too many.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.domain.alert_plan import ChangeKind
from core.domain.incident_message import IncidentMessage, Sent
from core.ports import Clock, UnitOfWork, Work
from core.usecases.alerting import tell_change


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A message of ours: the rows that it shows, by the ts that each stood at when it was posted ("" for nowhere)."""

    workspace: str
    channel: str
    ts: str
    after: Mapping[str, str]


async def note(work: Work, clock: Clock, seen: Sighting) -> bool:
    """Repeats safely: notes where alerts stand, to be brought up to date there.

    Returns False for a message that nobody needs: every alert in it is known and stands in another one.
    """
    sent = Sent(channel=seen.channel, ts=seen.ts, shown=0, at=clock.now())
    async with work.writing() as unit:
        rows = [
            await unit.incident_messages.place(seen.workspace, name, sent, after)
            for name, after in sorted(seen.after.items())
        ]
        for row in rows:
            if row and row.ts == seen.ts and not row.shown:
                await _tell_the_end(unit, row, sent)
        await unit.commit()
    return not is_spare(rows, seen.ts)


def is_spare(rows: list[IncidentMessage | None], ts: str) -> bool:
    """True for a message whose rows are all known and stand elsewhere."""
    return bool(rows) and all(row and row.ts != ts for row in rows)


async def _tell_the_end(unit: UnitOfWork, row: IncidentMessage, sent: Sent) -> None:
    """Have the message say how it ended, where that was told already; of what is open, news is still to be told."""
    incident = await unit.incidents.get(row.workspace, row.incident_id)
    if incident is None or incident.is_open:
        return
    await tell_change(unit, ChangeKind.UPDATED, incident, sent.at)
