"""Posts and their messages in memory, and what is taken out of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from core.domain.delivery import FORGOTTEN
from core.domain.post import Decision, Post, PostStep
from core.domain.post_message import PostMessage
from core.domain.refusals import Stale
from tests.memory_rows import NEVER, Repository, Rows, parent, save


class Posts(Repository):
    async def get(self, workspace: str, post_id: str) -> Post | None:
        found = self.rows.posts.get(post_id)
        return found if found and found.workspace == workspace else None

    async def every(
        self,
        workspace: str,
        *,
        client_id: str | None = None,
        by: str | None = None,
        steps: Collection[PostStep] = (),
        limit: int,
    ) -> Sequence[Post]:
        found = [
            each
            for each in reversed(self.rows.posts.values())
            if each.workspace == workspace
            and client_id in {None, each.client_id}
            and by in {None, each.by}
            and (not steps or each.step in steps)
        ]
        return sorted(found, key=lambda each: each.created_at, reverse=True)[:limit]

    async def save(self, post: Post) -> Post:
        parent(self.rows.clients, post.client_id)
        return save(self.unit.written.posts, post)

    async def remove(self, post: Post) -> None:
        rows = self.unit.written
        stored = await self.get(post.workspace, post.id)
        if stored is None or stored.version != post.version or stored.step is not PostStep.DRAFT:
            raise Stale
        del rows.posts[post.id]
        _drop_beside(rows, {post.id})

    async def due(self, at: datetime, *, limit: int) -> Sequence[Post]:
        found = [each for each in self.rows.posts.values() if each.due_at and each.due_at <= at]
        return sorted(found, key=lambda each: each.due_at or NEVER)[:limit]

    async def decide(self, decision: Decision) -> bool:
        rows = self.unit.written
        parent(rows.posts, decision.post_id)
        if (decision.digest, decision.by) in {(each.digest, each.by) for each in rows.decisions.values()}:
            return False
        rows.decisions[decision.id] = decision
        return True

    async def decisions(self, workspace: str, post_id: str) -> Sequence[Decision]:
        return (await self.decisions_of(workspace, [post_id]))[post_id]

    async def decisions_of(
        self, workspace: str, post_ids: Collection[str]
    ) -> Mapping[str, Sequence[Decision]]:
        found = [each for each in self.rows.decisions.values() if each.workspace == workspace]
        ordered = sorted(found, key=lambda each: each.at)
        return {post_id: [each for each in ordered if each.post_id == post_id] for post_id in post_ids}

    async def referenced(self, *, since: datetime) -> Collection[str]:
        lately = {
            each.post_id
            for each in self.rows.deliveries.values()
            if not each.is_over or (each.stepped_at or NEVER) >= since
        }
        needed = [
            each
            for each in self.rows.posts.values()
            if each.is_open or each.id in lately or (each.settled_at or NEVER) >= since
        ]
        posters = [each.noted.poster for each in needed if each.noted and each.noted.poster]
        items = [item for each in needed for item in each.content.items]
        return {each.sha256 for each in (*items, *posters)}


class PostMessages(Repository):
    async def get(self, workspace: str, post_id: str, target: str) -> PostMessage | None:
        found = await self.of_post(workspace, post_id)
        return next((each for each in found if each.target == target), None)

    async def of_post(self, workspace: str, post_id: str) -> Sequence[PostMessage]:
        of_it = (workspace, post_id)
        return [each for each in self.rows.post_messages.values() if (each.workspace, each.post_id) == of_it]

    async def save(self, message: PostMessage) -> PostMessage:
        rows = self.unit.written
        parent(rows.posts, message.post_id)
        there = await self.get(message.workspace, message.post_id, message.target)
        if there and there.id != message.id:
            raise Stale
        return save(rows.post_messages, message)


def forget_names_in_posts(rows: Rows, workspace: str, connection_id: str) -> None:
    """Take an account's ids, handle and name out of posts, deliveries and what happened to them."""
    there = (workspace, connection_id)
    own = [each for each in rows.deliveries.values() if (each.workspace, each.connection_id) == there]
    for each in own:
        nobodys = replace(each, account_id=FORGOTTEN, permalink="", version=each.version + 1)
        rows.deliveries[each.id] = nobodys
    for number, entry in rows.chronicle.items():
        if entry.delivery_id in {each.id for each in own}:
            rows.chronicle[number] = replace(entry, permalink="")
    for post in rows.posts.values():
        noted = post.noted if post.workspace == workspace else None
        if noted and connection_id in {each.connection_id for each in noted.senders}:
            senders = tuple(
                replace(each, account_id=FORGOTTEN, handle="", name="")
                if each.connection_id == connection_id
                else each
                for each in noted.senders
            )
            rows.posts[post.id] = replace(
                post, noted=replace(noted, senders=senders), version=post.version + 1
            )


def drop_drafts(rows: Rows, before: datetime, limit: int) -> int:
    """End drafts that nobody saved since a moment and that were never asked for."""
    decided = {each.post_id for each in rows.decisions.values()}
    drafts = [each for each in rows.posts.values() if each.step is PostStep.DRAFT and not each.requested_at]
    left = [each for each in drafts if max(each.created_at, each.edited_at or each.created_at) < before]
    dropped = [each.id for each in left if each.id not in decided][:limit]
    for id_ in dropped:
        del rows.posts[id_]
    _drop_beside(rows, set(dropped))
    return len(dropped)


def _drop_beside(rows: Rows, post_ids: Collection[str]) -> None:
    rows.post_messages = {
        id_: each for id_, each in rows.post_messages.items() if each.post_id not in post_ids
    }
    rows.chronicle = {n: each for n, each in rows.chronicle.items() if each.post_id not in post_ids}
