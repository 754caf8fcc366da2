"""`crosslink status`: the same read as in Slack."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from bot.commands import console
from bot.settings import Settings
from bot.views.text import handle
from bot.views.words import connection as words
from bot.views.words.dates import ahead
from bot.views.words.names import MARK, PLATFORM, STATE
from bot.wiring.upkeep import reading
from core.domain.verdict import Reason, Verdict
from core.domain.waiting import Waiting
from core.usecases.status import ClientStatus, ConnectionStatus

Client = Annotated[
    str | None,
    typer.Option("--client", help="Only this client: its name, its channel's id or an account's handle."),
]
Queued = Mapping[str, Waiting]
"""The posts that are still to go out, by connection."""
Json = Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")]


def status(*, client: Client = None, as_json: Json = False) -> None:
    """Show whether every link works, what needs people first.

    Reads the database alone, also while the bot, Slack or a platform is away. Exits with 1 for a client nobody knows.

    Examples:
      crosslink status
      crosslink status --client "Nordlicht Bakery"
      crosslink status --json
    """
    rows, queued = console.answered(_statuses(console.settings(), client))
    if as_json:
        console.document({"clients": [_client(row, queued) for row in rows]})
        return
    if not rows:
        console.out.print("No client is set up yet: type /crosslink setup in a client's channel in Slack.")
    for row in rows:
        _print(row, queued)


async def _statuses(settings: Settings, name: str | None) -> tuple[Sequence[ClientStatus], Queued]:
    async with reading(settings) as desk:
        rows = await (desk.every_client() if name is None else desk.named(name))
        linked = [half.connection for row in rows for half in row.connections.values() if half]
        return rows, {each.id: await desk.queue.waiting(each.workspace, each.id) for each in linked}


def _client(row: ClientStatus, queued: Queued) -> Mapping[str, Any]:
    return {
        "id": row.client.id,
        "name": row.client.name,
        "workspace": row.client.workspace,
        "channel": row.client.channel,
        "state": row.link.state,
        "reason": row.link.reason,
        "act_by": _iso(row.link.act_by),
        "as_of": row.at.isoformat(),
        "connections": {platform: _half(half, queued) for platform, half in row.connections.items()},
    }


def _half(half: ConnectionStatus | None, queued: Queued) -> Mapping[str, Any] | None:
    if half is None:
        return None
    waiting = queued[half.connection.id]
    return {
        "id": half.connection.id,
        "state": half.verdict.state,
        "reason": half.verdict.reason,
        "next_step": half.step,
        "handle": half.handle,
        "expected": half.expected,
        "capabilities": {each: block or "ok" for each, block in half.verdict.capabilities.items()},
        "proved_at": _iso(half.connection.sides.proved_at),
        "act_by": _iso(half.verdict.act_by),
        "posts_waiting": waiting.count,
        "next_post_at": _iso(waiting.first_at),
    }


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


def _print(row: ClientStatus, queued: Queued) -> None:
    state = row.link.state
    console.out.print(f"\n{MARK[state]} [bold]{escape(row.client.name)}[/bold] · {STATE[state]}")
    grid = Table.grid(padding=(0, 2))
    for platform, half in row.connections.items():
        if half is None:
            grid.add_row("  ", PLATFORM[platform], "", "Not linked yet", "", "")
            continue
        due = _due(half.verdict, row.at)
        told = f"{STATE[half.verdict.state]}: {words.reason(half.verdict.reason, platform)}"
        count = queued[half.connection.id].count
        posts = f"{count} {'post' if count == 1 else 'posts'} to go out" if count else ""
        grid.add_row("  ", PLATFORM[platform], escape(handle(half.handle)), escape(told), due, posts)
    console.out.print(grid)


def _due(verdict: Verdict, at: datetime) -> str:
    """What a person has to do by when; what we renew ourselves asks for nobody."""
    if verdict.act_by is None:
        return ""
    if verdict.act_by <= at or verdict.reason is Reason.RUNS_OUT:
        return f"act {ahead(verdict.act_by, at)}"
    return f"nobody has to act before {verdict.act_by:%Y-%m-%d}"
