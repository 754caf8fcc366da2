"""What happened to a client's links and to the alerts about them, newest first."""

from collections.abc import Iterable, Mapping, Sequence

from bot.views import blocks
from bot.views.blocks import Block, Message
from bot.views.shapes import ClientRow
from bot.views.text import bold, clip, esc, mention, name
from bot.views.words import dates, history
from core.domain.account import Platform
from core.domain.course import Turn
from core.domain.evidence import Evidence

_LINES_TOGETHER = 8
SHOWN = 40
"""Entries of one message: what fits, and what anybody reads in a channel."""
_CODE = 60
_OLDER = "There is more: `crosslink history --limit 10000 --csv` in a shell exports it."

Known = Mapping[str, tuple[str, Platform | None]]
"""Connection id → its client's name and its platform; and client id → its name, for what is about its pair."""


def known_from(rows: Iterable[ClientRow]) -> Known:
    """Return which connection belongs to whom, from the statuses at hand."""
    known: dict[str, tuple[str, Platform | None]] = {}
    for row in rows:
        known[row.client.id] = row.client.name, None
        known |= {
            half.connection.id: (row.client.name, platform)
            for platform, half in row.connections.items()
            if half is not None
        }
    return known


def history_message(events: Sequence[Evidence | Turn], known: Known, *, client: str = "") -> Message:
    """The last things that happened, of one client where named."""
    title = f"History of {bold(client)}" if client else "What happened lately"
    if not events:
        text = f"{title}: nothing yet. It begins with the first `/crosslink link`."
        return blocks.message(text, [blocks.section(text)])
    shown = events[:SHOWN]
    older = [blocks.context(_OLDER)] if len(events) > len(shown) else []
    return blocks.message(
        f"{title}: {'the newest ' if older else ''}{len(shown)} entries",
        [blocks.section(title), *history_blocks(shown, known, named=not client), *older],
    )


def history_blocks(events: Sequence[Evidence | Turn], known: Known, *, named: bool) -> list[Block]:
    """Lines of history, several to a block; `named` says of which client each is."""
    lines = [_line(each, known, named=named) for each in events]
    starts = range(0, len(lines), _LINES_TOGETHER)
    return [blocks.section("\n".join(lines[start : start + _LINES_TOGETHER])) for start in starts]


def _line(event: Evidence | Turn, known: Known, *, named: bool) -> str:
    subject = event.subject if isinstance(event, Turn) else event.connection_id
    client, platform = known.get(subject, ("", None))
    told = _turned(event, platform) if isinstance(event, Turn) else _seen(event, platform)
    parts = (dates.moment(event.at), bold(name(client)) if named and client else "", *told)
    return "• " + " · ".join(filter(None, parts))


def _seen(each: Evidence, platform: Platform | None) -> tuple[str, ...]:
    by = f"by {mention([each.by])}" if each.by else history.source(each)
    code = f"code `{esc(clip(each.code, _CODE)).replace('`', '')}`" if each.code else ""
    return esc(history.what(each, platform)), history.move(each), by, code


def _turned(each: Turn, platform: Platform | None) -> tuple[str, ...]:
    until = f"until {dates.moment(each.until)}" if each.until else ""
    return history.turn(each, platform), until, f"by {mention([each.by])}" if each.by else ""
