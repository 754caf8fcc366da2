"""Posts as rows, and what people decided about them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, or_, select

from core.domain.post import OPEN, Decision, DecisionKind, Post, PostStep
from core.domain.refusals import Stale
from storage.post_content import content_from_json, content_to_json, files_of, noted_from_json, noted_to_json
from storage.post_tables import DUE_POST, GOING_ON, chronicle, decisions, deliveries, post_messages, posts
from storage.transaction import Transaction, Values


class SqlPosts:
    """Keeps the PostRepository port."""

    def __init__(self, unit: Transaction) -> None:
        self._unit = unit

    async def get(self, workspace: str, post_id: str) -> Post | None:
        row = await self._unit.one(_of(workspace).where(posts.c.id == post_id))
        return post_from_row(row) if row else None

    async def every(
        self,
        workspace: str,
        *,
        client_id: str | None = None,
        by: str | None = None,
        steps: Collection[PostStep] = (),
        limit: int,
    ) -> Sequence[Post]:
        named = {posts.c.client_id: client_id, posts.c.asked_by: by}
        found = _of(workspace).where(*(column == name for column, name in named.items() if name is not None))
        if steps:
            found = found.where(posts.c.step.in_(sorted(steps)))
        newest = found.order_by(posts.c.created_at.desc(), posts.c.seq.desc()).limit(limit)
        return [post_from_row(row) for row in await self._unit.all(newest)]

    async def save(self, post: Post) -> Post:
        return replace(post, version=await self._unit.save(posts, _row(post)))

    async def remove(self, post: Post) -> None:
        for table in (post_messages, chronicle):
            of_it = (table.c.workspace == post.workspace, table.c.post_id == post.id)
            await self._unit.write(delete(table).where(*of_it))
        same = (posts.c.workspace == post.workspace, posts.c.id == post.id, posts.c.version == post.version)
        draft = delete(posts).where(*same, posts.c.step == str(PostStep.DRAFT))
        if (await self._unit.write(draft)).rowcount != 1:
            raise Stale

    async def due(self, at: datetime, *, limit: int) -> Sequence[Post]:
        due = select(posts).where(DUE_POST, posts.c.due_at <= at)
        earliest = due.order_by(posts.c.due_at, posts.c.seq).limit(limit)
        return [post_from_row(row) for row in await self._unit.all(earliest)]

    async def decide(self, decision: Decision) -> bool:
        row = asdict(decision)
        row["decided_by"] = row.pop("by")
        return await self._unit.add(decisions, row)

    async def decisions(self, workspace: str, post_id: str) -> Sequence[Decision]:
        return (await self.decisions_of(workspace, [post_id]))[post_id]

    async def decisions_of(
        self, workspace: str, post_ids: Collection[str]
    ) -> Mapping[str, Sequence[Decision]]:
        by_post: dict[str, list[Decision]] = {post_id: [] for post_id in post_ids}
        of_them = (decisions.c.workspace == workspace, decisions.c.post_id.in_(list(post_ids)))
        found = select(decisions).where(*of_them).order_by(decisions.c.at, decisions.c.seq)
        for row in await self._unit.all(found):
            by_post[row["post_id"]].append(_decision(row))
        return by_post

    async def referenced(self, *, since: datetime) -> Collection[str]:
        going_on = or_(deliveries.c.step.in_(GOING_ON), deliveries.c.stepped_at >= since)
        needed = or_(
            posts.c.step.in_(sorted(OPEN)),
            posts.c.settled_at >= since,
            posts.c.id.in_(select(deliveries.c.post_id).where(going_on)),
        )
        rows = await self._unit.all(select(posts.c.content, posts.c.noted).where(needed))
        return {sha256 for row in rows for sha256 in files_of(row["content"], row["noted"])}


def _of(workspace: str) -> Select[Any]:
    return select(posts).where(posts.c.workspace == workspace)


def _row(post: Post) -> dict[str, Any]:
    return {
        "id": post.id,
        "workspace": post.workspace,
        "client_id": post.client_id,
        "asked_by": post.by,
        "created_at": post.created_at,
        "content": content_to_json(post.content),
        "revision": post.revision,
        "noted": noted_to_json(post.noted),
        "step": post.step,
        "channel": post.channel,
        "requested_at": post.requested_at,
        "expires_at": post.expires_at,
        "reminded_at": post.reminded_at,
        "settled_at": post.settled_at,
        "due_at": post.due_at,
        "edited_by": post.edited_by,
        "edited_at": post.edited_at,
        "edits": post.edits,
        "edits_digest": post.edits_digest,
        "address": post.address,
        "version": post.version,
    }


def post_from_row(row: Values) -> Post:
    """Return the post of a row."""
    return Post(
        id=row["id"],
        workspace=row["workspace"],
        client_id=row["client_id"],
        by=row["asked_by"],
        created_at=row["created_at"],
        content=content_from_json(row["content"]),
        revision=row["revision"],
        noted=noted_from_json(row["noted"]),
        step=PostStep(row["step"]),
        channel=row["channel"],
        requested_at=row["requested_at"],
        expires_at=row["expires_at"],
        reminded_at=row["reminded_at"],
        settled_at=row["settled_at"],
        due_at=row["due_at"],
        edited_by=row["edited_by"],
        edited_at=row["edited_at"],
        edits=row["edits"],
        edits_digest=row["edits_digest"],
        address=row["address"],
        version=row["version"],
    )


def _decision(row: Values) -> Decision:
    own = {each.name: row[each.name] for each in fields(Decision) if each.name != "by"}
    return Decision(**own | {"by": row["decided_by"], "kind": DecisionKind(row["kind"])})
