"""`crosslink status` and `crosslink history`: the same reads as in Slack."""

import csv
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Annotated, Any, NoReturn

import typer
from rich.markup import escape
from rich.table import Table

from bot.commands import console
from bot.commands.posts import TRACE_FIELDS, print_trace, trace, trace_rows
from bot.settings import Settings
from bot.views.history_view import Known, known_from
from bot.views.text import handle
from bot.views.words import connection as words
from bot.views.words.dates import ahead
from bot.views.words.names import MARK, PLATFORM, STATE
from bot.wiring import reading
from core.domain.evidence import Evidence
from core.domain.verdict import Reason, Verdict
from core.ports import Waiting
from core.usecases.status import ClientStatus, ConnectionStatus

Client = Annotated[str | None, typer.Option("--client", help="Only this client, by its name.")]
Queued = Mapping[str, Waiting]
"""The posts that are still to go out, by connection."""
Json = Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(status)
    app.command()(history)


def status(*, client: Client = None, as_json: Json = False) -> None:
    """Show whether every link works, what needs people first."""
    rows, queued = console.answered(_statuses(console.settings(), client))
    if as_json:
        console.document({"clients": [_client(row, queued) for row in rows]})
        return
    if not rows:
        console.out.print("No client is set up yet: type /crosslink setup in a client's channel in Slack.")
    for row in rows:
        _print(row, queued)


def history(
    *,
    client: Client = None,
    post: Annotated[
        str | None, typer.Option("--post", help="The whole story of this post instead, oldest first.")
    ] = None,
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Comma-separated values.")] = False,
    limit: Annotated[int, typer.Option(help="How many entries at most.", min=1, max=100_000)] = 100,
) -> None:
    """Show what happened to the links: who, what, when, by which evidence. Newest first."""
    if as_json and as_csv:
        _misused("Choose one of --json and --csv.")
    if client is not None and post is not None:
        _misused("Choose one of --client and --post: a post has one client.")
    if post is not None:
        rows = trace_rows(console.answered(trace(console.settings(), post)))
    else:
        found, known = console.answered(_evidence(console.settings(), client, limit))
        rows = [_entry(each, known) for each in found]
    if as_json:
        console.document({"history": rows})
    elif as_csv:
        writer = csv.DictWriter(sys.stdout, fieldnames=_FIELDS if post is None else TRACE_FIELDS)
        writer.writeheader()
        writer.writerows(rows)
    elif post is not None:
        print_trace(rows)
    else:
        _print_history(rows)


def _misused(sentence: str) -> NoReturn:
    console.err.print(sentence)
    raise typer.Exit(console.WRONG_USE)


async def _statuses(settings: Settings, name: str | None) -> tuple[Sequence[ClientStatus], Queued]:
    async with reading(settings) as desk:
        rows = await (desk.every_client() if name is None else desk.named(name))
        linked = [half.connection for row in rows for half in row.connections.values() if half]
        return rows, {each.id: await desk.queue.waiting(each.workspace, each.id) for each in linked}


async def _evidence(settings: Settings, name: str | None, limit: int) -> tuple[Sequence[Evidence], Known]:
    async with reading(settings) as desk:
        clients = await (desk.every_client() if name is None else desk.named(name))
        asked: list[tuple[str, str | None]] = [(workspace, None) for workspace in desk.workspaces]
        if name is not None:
            asked = [(row.client.workspace, row.client.id) for row in clients]
        found = [
            each
            for workspace, client in asked
            for each in await desk.status.history(workspace, client_id=client, limit=limit)
        ]
    return sorted(found, key=lambda each: each.at, reverse=True)[:limit], known_from(clients)


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


def _entry(each: Evidence, known: Known) -> dict[str, str]:
    """Everything that a support case asks for. `at` is the source's time, `noted_at` when we learned of it.

    `side` is what the observation is about, `seen` what it showed: `grant=withdrawn, account=normal`.
    """
    seen = {
        field.name: getattr(each.observation, field.name)
        for field in fields(each.observation)
        if getattr(each.observation, field.name) is not None
    }
    client, platform = known.get(each.connection_id, ("", ""))
    return {
        "at": each.at.isoformat(),
        "noted_at": each.noted_at.isoformat(),
        "workspace": each.workspace,
        "client": each.client_id,
        "client_name": client,
        "connection": each.connection_id,
        "platform": platform,
        "source": each.source,
        "side": ",".join(seen),
        "seen": ", ".join(f"{name}={_plain(value)}" for name, value in seen.items()),
        "note": each.note,
        "code": each.code,
        "log_id": each.log_id,
        "by": each.by,
        "before": each.before,
        "after": each.after,
    }


_FIELDS = (
    "at", "noted_at", "workspace", "client", "client_name", "connection", "platform", "source", "side", "seen", "note",
    "code", "log_id", "by", "before", "after",
)  # fmt: skip


def _plain(value: object) -> str:
    return "+".join(sorted(map(str, value))) if isinstance(value, frozenset) else str(value)


def _print_history(entries: Sequence[Mapping[str, str]]) -> None:
    if not entries:
        console.out.print("Nothing has happened yet.")
        return
    table = Table(box=None, header_style="dim")
    for name in (
        "at",
        "client_name",
        "platform",
        "source",
        "seen",
        "note",
        "code",
        "log_id",
        "by",
        "before",
        "after",
    ):
        table.add_column(name)
    for entry in entries:
        table.add_row(
            *(escape(entry[column.header]) for column in table.columns if isinstance(column.header, str))
        )
    console.out.print(table)
