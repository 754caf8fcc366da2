"""What happened to a client's links, newest first."""

from collections.abc import Iterable, Mapping, Sequence

from bot.views import blocks
from bot.views.blocks import Block, Message
from bot.views.shapes import ClientRow
from bot.views.text import bold, clip, esc, mention, name
from bot.views.words import dates, history
from core.domain.account import Platform
from core.domain.evidence import Evidence

_LINES_TOGETHER = 8
_SHOWN = 40
_CODE = 60

Known = Mapping[str, tuple[str, Platform]]
"""Connection id → its client's name and its platform."""


def known_from(rows: Iterable[ClientRow]) -> Known:
    """Return which connection belongs to whom, from the statuses at hand."""
    return {
        half.connection.id: (row.client.name, platform)
        for row in rows
        for platform, half in row.connections.items()
        if half is not None
    }


def history_message(evidence: Sequence[Evidence], known: Known, *, client: str = "") -> Message:
    """The last things that happened, of one client where named."""
    title = f"History of {bold(client)}" if client else "What happened lately"
    if not evidence:
        text = f"{title}: nothing yet. It begins with the first `/crosslink link`."
        return blocks.message(text, [blocks.section(text)])
    return blocks.message(
        f"{title}: {len(evidence)} entries",
        [blocks.section(title), *history_blocks(evidence[:_SHOWN], known, named=not client)],
    )


def history_blocks(evidence: Sequence[Evidence], known: Known, *, named: bool) -> list[Block]:
    """Lines of history, several to a block; `named` says of which client each is."""
    lines = [_line(each, known, named=named) for each in evidence]
    starts = range(0, len(lines), _LINES_TOGETHER)
    return [blocks.section("\n".join(lines[start : start + _LINES_TOGETHER])) for start in starts]


def _line(each: Evidence, known: Known, *, named: bool) -> str:
    client, platform = known.get(each.connection_id, ("", None))
    by = f"by {mention([each.by])}" if each.by else history.source(each)
    code = f"code `{esc(clip(each.code, _CODE)).replace('`', '')}`" if each.code else ""
    parts = (
        dates.moment(each.at),
        bold(name(client)) if named and client else "",
        esc(history.what(each, platform)),
        history.move(each),
        by,
        code,
    )
    return "• " + " · ".join(filter(None, parts))
