"""`crosslink posts`, and the story of one post for `crosslink history --post`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from bot.commands import console
from bot.ids import PostState
from bot.settings import Settings
from bot.views.delivery_view import current
from bot.views.posts_view import state_of
from bot.views.words import delivery as progress
from bot.views.words.names import PLATFORM
from bot.views.words.post import MARK, STEP
from bot.wiring.upkeep import Desktop, reading
from core.domain.chronicle import Entry
from core.domain.delivery import Delivery
from core.domain.post import SHORT_DIGEST, Decision
from core.domain.refusals import Refusal
from core.usecases.posts import PostFilter, PostView
from core.usecases.tracing import Trace

SEARCHED = 1000
"""Posts that are looked through for those in a state."""
TRACE_FIELDS = (
    "at", "what", "before", "by", "instead_of", "delivery", "platform", "waits", "blame", "code", "log_id", "audience",
    "reference", "permalink", "channel", "reason", "digest", "post", "client", "workspace",
)  # fmt: skip


def posts(
    *,
    client: Annotated[str | None, typer.Option("--client", help="Only this client's, by its name.")] = None,
    state: Annotated[
        list[PostState] | None, typer.Option("--state", help="Only those in this state; may be repeated.")
    ] = None,
    limit: Annotated[int, typer.Option(help="How many posts at most.", min=1, max=SEARCHED)] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")] = False,
) -> None:
    """Show the posts that were asked for and what became of them, newest first.

    Examples:
      crosslink posts --state needs_somebody --state waiting
      crosslink posts --client "Nordlicht Bakery" --json
    """
    wanted = frozenset(state or ())
    if PostState.DRAFTS in wanted:
        console.err.print("Drafts are shown to their owners alone: /crosslink post list drafts in Slack.")
        raise typer.Exit(console.WRONG_USE)
    rows, is_cut = console.answered(_rows(console.settings(), client, wanted, limit))
    if is_cut:
        narrower = "" if client else " Name a client with --client to look further back."
        console.err.print(f"Only the newest {SEARCHED} posts were looked through.{narrower}")
    if as_json:
        console.document({"posts": [_post(row) for row in rows]})
    elif rows:
        _print(rows)
    else:
        none = "No post is like that." if wanted or client else "No post was asked for yet."
        console.out.print(f"{none} People begin with /crosslink post in Slack.")


async def trace(settings: Settings, post_id: str) -> Trace:
    """Return the story of a post, in whichever workspace it is. Raises Refusal `post_unknown`."""
    async with reading(settings) as desk:
        for workspace in desk.workspaces:
            try:
                return await desk.tracing.of(workspace, post_id)
            except Refusal as refusal:
                if refusal.code != "post_unknown":
                    raise
    raise Refusal("post_unknown")


def trace_rows(told: Trace) -> list[dict[str, str]]:
    """Return the events of a post as rows of `TRACE_FIELDS`, oldest first."""
    of_post = {"post": told.post.id, "client": told.client.name, "workspace": told.post.workspace}
    empty = dict.fromkeys(TRACE_FIELDS, "")
    return [empty | _event(each) | of_post for each in told.events]


def print_trace(rows: Sequence[Mapping[str, str]]) -> None:
    """Print the story of a post: a line for each event, below them what is too long for one."""
    if not rows:
        console.out.print("Nothing has happened to it yet: it is a draft.")
        return
    for row in rows:
        console.out.print(_line(row), markup=False)
    reasons = [f"{row['by']}: {row['reason']}" for row in rows if row["reason"]]
    links = [f"{row['platform']}: {row['permalink']}" for row in rows if row["permalink"]]
    for line in dict.fromkeys([*reasons, *links]):
        console.out.print(line, markup=False)


def _line(row: Mapping[str, str]) -> str:
    at = datetime.fromisoformat(row["at"]).isoformat(sep=" ", timespec="seconds")
    what = f"{row['what']} (waits)" if row["waits"] else row["what"]
    told = (
        f"by {row['by']}" if row["by"] else "",
        f"instead of {row['instead_of']}" if row["instead_of"] else "",
        ": ".join(filter(None, (row["blame"], row["code"]))),
        f"log {row['log_id']}" if row["log_id"] else "",
        f"content {row['digest'][:SHORT_DIGEST]}" if row["digest"] else "",
    )
    return "  ".join([at, f"{what:<26}", f"{row['platform']:<9}", *filter(None, told)]).rstrip()


def _event(event: Entry | Decision) -> dict[str, str]:
    if isinstance(event, Decision):
        return {
            "at": event.at.isoformat(),
            "what": f"decided: {event.kind}",
            "by": event.by,
            "instead_of": event.instead_of,
            "channel": event.channel,
            "reason": event.reason,
            "digest": event.digest,
        }
    return {
        "at": event.at.isoformat(),
        "what": event.what,
        "before": event.before,
        "by": event.by,
        "delivery": event.delivery_id,
        "platform": event.platform,
        "waits": "yes" if event.waits else "",
        "blame": event.blame,
        "code": event.code,
        "log_id": event.log_id,
        "audience": event.audience,
        "reference": event.reference,
        "permalink": event.permalink,
        "digest": event.digest,
    }


async def _rows(
    settings: Settings, name: str | None, states: frozenset[PostState], limit: int
) -> tuple[Sequence[PostView], bool]:
    """The posts that are meant; True beside them where older ones were not looked through for those in a state."""
    async with reading(settings) as desk:
        read = [await _of(desk, *each, states, limit) for each in await _asked(desk, name)]
    found = [row for rows in read for row in rows if not states or state_of(row) in states]
    newest = sorted(found, key=lambda row: row.post.created_at, reverse=True)[:limit]
    return newest, bool(states) and len(newest) < limit and any(len(rows) > SEARCHED for rows in read)


async def _asked(desk: Desktop, name: str | None) -> Sequence[tuple[str, str | None]]:
    if name is None:
        return [(workspace, None) for workspace in desk.workspaces]
    return [(row.client.workspace, row.client.id) for row in await desk.named(name)]


async def _of(
    desk: Desktop, workspace: str, client_id: str | None, states: frozenset[PostState], limit: int
) -> Sequence[PostView]:
    most = SEARCHED + 1 if states else limit
    return await desk.posts.every(workspace, PostFilter(client_id=client_id, limit=most))


def _print(rows: Sequence[PostView]) -> None:
    for row in rows:
        post = row.post
        asked = (post.requested_at or post.created_at).isoformat(timespec="minutes")
        told = (f"{MARK[post.step]} {post.id}", asked, row.client.name, STEP[post.step], f"by {post.by}")
        console.out.print("  ".join(told), markup=False)
        for each in current(row):
            held = f" ({each.obstacle.blame}: {each.obstacle.code})" if each.obstacle else ""
            said = f"   {PLATFORM[each.platform]}: {progress.progress(each)}{held} {each.permalink}"
            console.out.print(said.rstrip(), markup=False)


def _post(row: PostView) -> Mapping[str, Any]:
    post, content = row.post, row.post.content
    return {
        "id": post.id,
        "workspace": post.workspace,
        "client": row.client.name,
        "state": state_of(row),
        "step": post.step,
        "by": post.by,
        "created_at": post.created_at,
        "requested_at": post.requested_at,
        "settled_at": post.settled_at,
        "publish_at": content.publish_at,
        "digest": post.digest,
        "targets": [each.form for each in content.targets],
        "waiting_for": row.tally.waiting_for,
        "approvals_missing": row.tally.missing,
        "deliveries": [_delivery(each) for each in current(row)],
    }


def _delivery(each: Delivery) -> Mapping[str, Any]:
    obstacle = each.obstacle
    return {
        "id": each.id,
        "platform": each.platform,
        "step": each.step,
        "since": each.stepped_at or each.created_at,
        "leave_at": each.leave_at,
        "due_at": each.due_at,
        "waits": each.waits,
        "blame": obstacle.blame if obstacle else None,
        "code": obstacle.code if obstacle else None,
        "log_id": obstacle.log_id if obstacle else None,
        "sent": each.ticket.sent,
        "total": each.ticket.total,
        "audience": each.audience,
        "permalink": each.permalink or None,
    }
