"""App Home: what needs this person first, then every client, then what happened lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import ids
from bot.ids import Action
from bot.views import blocks
from bot.views.blocks import Block, View
from bot.views.digest_view import incident_line
from bot.views.history_view import history_blocks, known_from
from bot.views.pair import needs_person, pair_blocks
from bot.views.post_shapes import PostRow
from bot.views.posts_view import home_posts
from bot.views.shapes import ClientRow
from bot.views.words import dates
from core.domain.course import Turn
from core.domain.evidence import Evidence
from core.domain.incident import Incident

_ROOM = 16
"""Blocks kept free for headings, freshness, history and the turning of pages."""
_HISTORY = 5
_ALERTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What Home shows of a workspace at a moment: statuses, open alerts and recent history, for all its people."""

    rows: Sequence[ClientRow]
    history: Sequence[Evidence | Turn]
    at: datetime
    incidents: Sequence[Incident] = ()
    posts: Sequence[PostRow] = ()

    def alerts(self, row: ClientRow) -> list[Incident]:
        """The open alerts of one client."""
        return [each for each in self.incidents if each.client_id == row.client.id]


def home_view(board: Board, *, viewer: str, page: int = 0) -> View:
    """One person's Home. The viewer's own clients that need somebody come first."""
    if not board.rows:
        return blocks.home([blocks.header("Clients"), *_example(), *_freshness(board, 0)])
    posts = home_posts(board.posts, viewer)
    dealt = blocks.paged(
        _rows(board, viewer),
        page,
        most_blocks=blocks.VIEW_BLOCKS - _ROOM - len(posts),
        most_characters=blocks.VIEW_CHARACTERS,
    )
    return blocks.home(
        [
            *posts,
            *[block for row in dealt["rows"] for block in row],
            *blocks.pager(dealt, Action.HOME_BACK, Action.HOME_PAGE),
            *_recent(board),
            *_freshness(board, dealt["page"]),
        ]
    )


def _rows(board: Board, viewer: str) -> list[list[Block]]:
    """Each row's blocks; the first of a group carries the group's heading."""
    waiting = [row for row in board.rows if needs_person(row) or board.alerts(row)]
    groups = (
        ("Needs you", [row for row in waiting if _is_mine(row, viewer)]),
        ("Needs somebody", [row for row in waiting if not _is_mine(row, viewer)]),
        ("Clients", [row for row in board.rows if row not in waiting]),
    )
    dealt: list[list[Block]] = []
    for title, members in groups:
        for place, row in enumerate(members):
            above = blocks.divider() if place else blocks.header(title)
            alerts = [blocks.context(incident_line(each, row)) for each in board.alerts(row)[:_ALERTS]]
            dealt.append([above, *pair_blocks(row, primary=not dealt), *alerts])
    return dealt


def _is_mine(row: ClientRow, viewer: str) -> bool:
    return viewer in row.client.managers or viewer in row.client.oncall


def _recent(board: Board) -> list[Block]:
    if not board.history:
        return []
    lines = history_blocks(board.history[:_HISTORY], known_from(board.rows), named=True)
    return [blocks.header("Lately"), *lines]


def _freshness(board: Board, page: int) -> list[Block]:
    refresh = blocks.button("Refresh", Action.HOME_REFRESH, ids.PageValue(page=page))
    return [blocks.context(f"As of {dates.moment(board.at)}"), *blocks.actions(refresh)]


def _example() -> list[Block]:
    return [
        blocks.section(
            "No client is set up yet. Go to a client's channel and type `/crosslink setup`: "
            "it takes a minute, and then this page shows whether their links work."
        ),
        blocks.section(
            "_It will look like this:_\n"
            "🟢 *Nordlicht Bakery* · Linked\n"
            "TikTok @nordlicht.bakery and Instagram @nordlicht.bakery, proved an hour ago"
        ),
    ]
