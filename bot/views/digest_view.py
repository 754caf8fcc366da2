"""A client's digest: how its links stand, which dates are ahead, and what happened since the last one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import ids
from bot.ids import Action
from bot.views import blocks
from bot.views.blocks import Block, Message
from bot.views.pair import half_text, pair_line
from bot.views.shapes import ClientRow
from bot.views.text import esc, mention, name
from bot.views.words import dates
from bot.views.words import incident as words
from bot.views.words.names import PLATFORM, STATE
from core.domain.account import Platform
from core.domain.incident import Incident
from core.domain.verdict import Reason

_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What a digest sums up: the pair as it is now, the alerts that are open, and those that ended `since`."""

    row: ClientRow
    open: Sequence[Incident]
    closed: Sequence[Incident]
    since: datetime


def digest_message(digest: Digest) -> Message:
    """The digest as a message without mentions: nobody is rung for it."""
    row = digest.row
    client = row.client
    text = f"How the links of {esc(name(client.name))} stand: {STATE[row.link.state]}."
    halves = [
        blocks.section(half_text(client, row.connections.get(each), each, row.at))
        for each in Platform
        if row.connections.get(each)
    ]
    history = blocks.button("Show History", Action.HISTORY_OPEN, ids.ClientValue(client=client.id))
    return blocks.message(
        text,
        [
            blocks.section(pair_line(row)),
            *halves,
            *_ahead(row),
            *_alerts(digest),
            blocks.context(f"As of {dates.moment(row.at)}", "/crosslink settings says how often this comes"),
            *blocks.actions(history),
        ],
    )


def _ahead(row: ClientRow) -> list[Block]:
    found = [
        (half.verdict.act_by, platform, half.verdict.reason)
        for platform, half in row.connections.items()
        if half is not None and half.verdict.act_by is not None and half.verdict.act_by > row.at
    ]
    lines = [
        f"• {dates.day(when)}: {PLATFORM[platform]} {_end(reason)}"
        for when, platform, reason in sorted(found)
    ]
    return [blocks.section("*Dates ahead*\n" + "\n".join(lines))] if lines else []


def _end(reason: Reason) -> str:
    """Only what we can't renew any more is a person's to do."""
    return "must be relinked by then" if reason is Reason.RUNS_OUT else "runs out, unless we renew it before"


def _alerts(digest: Digest) -> list[Block]:
    opened = [f"• {incident_line(each, digest.row)}" for each in digest.open[:_SHOWN]]
    ended = [f"• {_ended(each, digest.row)}" for each in digest.closed[-_SHOWN:]]
    quiet = [] if opened else ["• Nothing went wrong."]
    parts = (
        ("Open alerts", opened),
        (f"Since {dates.day(digest.since)}", ended or quiet),
    )
    return [blocks.section(f"*{title}*\n" + "\n".join(lines)) for title, lines in parts if lines]


def incident_line(incident: Incident, row: ClientRow) -> str:
    """An open incident of a client in one line: since when, and who takes care of it."""
    answer = words.STEP[incident.step].format(
        by=mention([incident.answered_by]),
        at=dates.moment(incident.answered_at or incident.opened_at),
        until=dates.moment(incident.snoozed_until or incident.opened_at),
    )
    what = words.SHORT[incident.condition].format(link=_link(incident, row))
    return f"{words.MARK[incident.condition]} {what} since {dates.moment(incident.since)}. {answer}."


def _ended(incident: Incident, row: ClientRow) -> str:
    what = words.WAS[incident.condition].format(link=_link(incident, row))
    ended = dates.moment(incident.closed_at or incident.opened_at)
    return f"{what} until {ended}. {words.lasted(incident.lasted)}."


def _link(incident: Incident, row: ClientRow) -> str:
    """The link that an incident is about, by its platform; it may be gone by now."""
    for platform, half in row.connections.items():
        if half is not None and half.connection.id == incident.subject:
            return f"The {PLATFORM[platform]} link"
    return "A link"
