"""The answer to `/crosslink status`: for one client, for all of them page by page, or shared in the channel."""

from collections.abc import Sequence

from bot import ids
from bot.ids import Action
from bot.views import blocks
from bot.views.blocks import Message
from bot.views.pair import needs_person, pair_blocks
from bot.views.shapes import ClientRow
from bot.views.text import esc, listed, mention, name
from bot.views.words import connection as words
from bot.views.words import dates
from bot.views.words.names import STATE

_ROOM = 4
"""Blocks kept free on each page for the heading and the turning of pages."""
_ROOM_CHARACTERS = 2000


def status_message(rows: Sequence[ClientRow], *, page: int = 0) -> Message:
    """One client in full with a button to share it; several on pages that Slack can show."""
    if not rows:
        return no_clients()
    if len(rows) == 1:
        return _one(rows[0])
    dealt = blocks.paged(
        _dealable(rows),
        page,
        most_blocks=blocks.MESSAGE_BLOCKS - _ROOM,
        most_characters=blocks.MESSAGE_CHARACTERS - _ROOM_CHARACTERS,
    )
    summary = _summary(rows)
    return blocks.message(
        summary,
        [
            blocks.section(summary),
            *[block for row in dealt["rows"] for block in row],
            *blocks.pager(dealt, Action.STATUS_BACK, Action.STATUS_PAGE),
        ],
    )


def shared_status(row: ClientRow, by: str) -> Message:
    """The same for everybody in the channel, without buttons; `by` is who shared it."""
    return blocks.message(
        _sentence(row),
        [
            *pair_blocks(row, acting=False),
            blocks.context(f"Shared by {mention([by])}", f"As of {dates.moment(row.at)}"),
        ],
    )


def no_clients() -> Message:
    """What a workspace without clients is told."""
    text = "No client is set up yet. Go to a client's channel and type `/crosslink setup`."
    return blocks.message(text, [blocks.section(text)])


def _one(row: ClientRow) -> Message:
    share = blocks.button("Share in Channel", Action.STATUS_SHARE, ids.ClientValue(client=row.client.id))
    return blocks.message(
        _sentence(row),
        [
            *pair_blocks(row, primary=True),
            blocks.context(f"As of {dates.moment(row.at)}"),
            *blocks.actions(share),
        ],
    )


def _dealable(rows: Sequence[ClientRow]) -> list[list[blocks.Block]]:
    return [[blocks.divider(), *pair_blocks(row)] for row in rows]


def _sentence(row: ClientRow) -> str:
    return f"{esc(name(row.client.name))}: {STATE[row.link.state]}. {words.pair(row.link)}"


def _summary(rows: Sequence[ClientRow]) -> str:
    waiting = [esc(name(row.client.name)) for row in rows if needs_person(row)]
    if not waiting:
        return f"{len(rows)} clients. Nothing is broken, and nothing ends soon."
    shown = waiting[:3] + ([f"{len(waiting) - 3} more"] if len(waiting) > 3 else [])  # noqa: PLR2004 - three names read well
    verb = "needs" if len(waiting) == 1 else "need"
    return f"{len(rows)} clients. {listed(shown)} {verb} somebody."
