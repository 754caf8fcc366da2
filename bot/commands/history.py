"""`crosslink history`: what happened to links and alerts, as in Slack, complete enough for a support case."""

import csv
import sys
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC
from functools import partial
from typing import Annotated, NoReturn

import typer
from rich.markup import escape
from rich.table import Table

from bot.commands import console
from bot.commands.posts import TRACE_FIELDS, print_trace, trace, trace_rows
from bot.commands.reads import Client, Json
from bot.listeners.typed import Target, target
from bot.settings import Settings
from bot.views.history_view import Known, known_from
from bot.views.words import history as words
from bot.views.words.names import PLATFORM
from bot.wiring.upkeep import reading
from core.domain.account import Platform
from core.domain.course import Turn
from core.domain.evidence import Evidence
from core.usecases.history import Event

FIELDS = (
    "at", "noted_at", "workspace", "client", "client_name", "connection", "platform", "source", "side", "seen", "note",
    "code", "log_id", "by", "before", "after", "incident",
)  # fmt: skip
ALERT = "alert"
"""The source of what happened to an alert."""
_EVERY = "all"
Asked = tuple[str, str | None, Platform | None]
"""Whose history: a workspace, and in it a client and a platform where named."""


def history(
    account: Annotated[
        list[str] | None,
        typer.Argument(
            help="Whose, as in Slack: an account's handle, a client's name, a platform, or all of these."
        ),
    ] = None,
    *,
    client: Client = None,
    post: Annotated[
        str | None, typer.Option("--post", help="The whole story of this post instead, oldest first.")
    ] = None,
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Comma-separated values.")] = False,
    limit: Annotated[int, typer.Option(help="How many entries at most.", min=1, max=100_000)] = 100,
) -> None:
    """Show what happened to the links and the alerts: who, what, when, by which evidence. Newest first.

    Examples:
      crosslink history @nordlicht.bakery
      crosslink history instagram --client "Velo Werk" --limit 1000 --csv
      crosslink history --post po_3kdf8s2 --json
    """
    wish = _wish(account, client)
    if as_json and as_csv:
        _misused("Choose one of --json and --csv.")
    if wish != Target(None, None) and post is not None:
        _misused("Choose one of --client and --post: a post has one client.")
    if post is not None:
        rows = trace_rows(console.answered(trace(console.settings(), post)))
        told = partial(print_trace, rows)
    else:
        events, known = console.answered(_events(console.settings(), wish, limit))
        rows = [_entry(each, known) for each in events]
        told = partial(_print, events, known)
    if as_json:
        console.document({"history": rows})
    elif as_csv:
        writer = csv.DictWriter(sys.stdout, fieldnames=FIELDS if post is None else TRACE_FIELDS)
        writer.writeheader()
        writer.writerows(rows)
    else:
        told()


def _wish(account: Sequence[str] | None, client: str | None) -> Target:
    typed = target(" ".join(account or ()))
    name = None if typed.name is not None and typed.name.casefold() == _EVERY else typed.name
    if name is not None and client is not None:
        _misused("Name whose history it is once: with --client or without.")
    return Target(typed.platform, name or client)


def _misused(sentence: str) -> NoReturn:
    console.err.print(sentence)
    raise typer.Exit(console.WRONG_USE)


async def _events(settings: Settings, wish: Target, limit: int) -> tuple[Sequence[Event], Known]:
    async with reading(settings) as desk:
        rows = await (desk.every_client() if wish.name is None else desk.named(wish.name))
        asked: list[Asked] = [(each, None, None) for each in desk.workspaces]
        if wish != Target(None, None):
            asked = [(row.client.workspace, row.client.id, wish.platform) for row in rows]
        found = [
            each
            for workspace, client, platform in asked
            for each in await desk.history.of(workspace, client_id=client, platform=platform, limit=limit)
        ]
    return sorted(found, key=lambda each: each.at, reverse=True)[:limit], known_from(rows)


def _entry(event: Event, known: Known) -> dict[str, str]:
    """Everything that a support case asks for. `at` is the source's time, `noted_at` when we learned of it.

    `side` is what an observation is about, `seen` what it showed: `grant=withdrawn, account=normal`. Of an alert
    `seen` says what it is about, `note` what happened to it, `incident` which one it is.
    """
    own = _turned(event) if isinstance(event, Turn) else _seen(event)
    client, platform = known.get(own["connection"] or event.client_id, ("", None))
    of_whom = {"workspace": event.workspace, "client": event.client_id, "client_name": client}
    told = {"at": event.at.isoformat(), "by": event.by, "platform": platform or "", **of_whom, **own}
    return {name: told.get(name, "") for name in FIELDS}


def _seen(each: Evidence) -> dict[str, str]:
    seen = {
        field.name: getattr(each.observation, field.name)
        for field in fields(each.observation)
        if getattr(each.observation, field.name) is not None
    }
    return {
        "noted_at": each.noted_at.isoformat(),
        "connection": each.connection_id,
        "source": each.source,
        "side": ",".join(seen),
        "seen": ", ".join(f"{name}={_plain(value)}" for name, value in seen.items()),
        "note": each.note,
        "code": each.code,
        "log_id": each.log_id,
        "before": each.before,
        "after": each.after,
    }


def _turned(each: Turn) -> dict[str, str]:
    about = {
        "condition": each.condition,
        "reason": each.reason,
        "since": each.since.isoformat(),
        "until": each.until.isoformat() if each.until else "",
        "outcome": each.outcome,
    }
    return {
        "noted_at": each.at.isoformat(),
        "connection": each.subject if each.subject != each.client_id else "",
        "source": ALERT,
        "seen": ", ".join(f"{name}={value}" for name, value in about.items() if value),
        "note": each.what,
        "incident": each.incident_id,
    }


def _plain(value: object) -> str:
    return "+".join(sorted(map(str, value))) if isinstance(value, frozenset) else str(value)


def _print(events: Sequence[Event], known: Known) -> None:
    """As people read it; an export has every column."""
    if not events:
        console.out.print("Nothing has happened yet.")
        return
    table = Table("at (UTC)", "whose", "what", "by", "code", "log id", box=None, header_style="dim")
    for each in events:
        subject = each.subject if isinstance(each, Turn) else each.connection_id
        client, platform = known.get(subject, ("", None))
        whose = ", ".join(filter(None, (client, PLATFORM[platform] if platform else "")))
        when = f"{each.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        table.add_row(when, *(escape(text) for text in (whose, *_told(each, platform))))
    console.out.print(table)


def _told(each: Event, platform: Platform | None) -> tuple[str, str, str, str]:
    if isinstance(each, Turn):
        until = f"until {each.until:%Y-%m-%d %H:%M} UTC" if each.until else ""
        return " ".join(filter(None, (words.turn(each, platform), until))), each.by, "", ""
    moved = words.move(each)
    what = words.what(each, platform) + (f" ({moved})" if moved else "")
    return what, each.by or words.source(each), each.code, each.log_id
