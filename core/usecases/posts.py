"""Posts as people see them, and what every change of one has in common: it is found, sent out, and called back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.account import Platform
from core.domain.approval import Tally, tally
from core.domain.client import Client, Person
from core.domain.delivery import LAWFUL as DELIVERY_LAWFUL
from core.domain.delivery import Delivery, DeliveryStep
from core.domain.ids import fingerprint, new_id
from core.domain.post import Content, Decision, Post, PostStep, Sender, Target, TikTokOptions
from core.domain.refusals import Refusal
from core.ports import Clock, UnitOfWork, Work
from core.usecases.chronicle import note_passage
from core.usecases.clients import known_client

OUT = frozenset({DeliveryStep.ASKED, DeliveryStep.PUBLISHED, DeliveryStep.UNCERTAIN})
"""Where a delivery can't be called back: somebody may see it already."""
REQUESTS = frozenset(PostStep) - {PostStep.DRAFT}


@dataclass(frozen=True, slots=True, kw_only=True)
class PostView:
    """A post with all that became of it. `deliveries` and `decisions` are of all its contents, oldest first."""

    post: Post
    client: Client
    deliveries: Sequence[Delivery]
    decisions: Sequence[Decision]
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFilter:
    """Which posts are meant. Without steps: all that were ever asked for."""

    client_id: str | None = None
    by: str | None = None
    steps: Collection[PostStep] = REQUESTS
    limit: int = 50


class Posts:
    """Reads posts; changes nothing."""

    def __init__(self, *, work: Work, clock: Clock) -> None:
        self._work = work
        self._clock = clock

    async def of(self, workspace: str, post_id: str) -> PostView:
        """Return one post. Raises Refusal `post_unknown`."""
        async with self._work.reading() as unit:
            return (await views(unit, [await known_post(unit, workspace, post_id)], self._clock.now()))[0]

    async def every(self, workspace: str, wanted: PostFilter) -> Sequence[PostView]:
        """Return the posts that are meant, newest first."""
        async with self._work.reading() as unit:
            found = await unit.posts.every(
                workspace,
                client_id=wanted.client_id,
                by=wanted.by,
                steps=wanted.steps or REQUESTS,
                limit=wanted.limit,
            )
            return await views(unit, found, self._clock.now())


async def views(unit: UnitOfWork, posts: Sequence[Post], at: datetime) -> Sequence[PostView]:
    """Return posts of one workspace with all that became of them."""
    if not posts:
        return []
    workspace, ids = posts[0].workspace, [each.id for each in posts]
    clients = {each.id: each for each in await unit.clients.every(workspace)}
    deliveries = await unit.deliveries.of_posts(workspace, ids)
    decisions = await unit.posts.decisions_of(workspace, ids)
    return [
        PostView(
            post=each,
            client=clients[each.client_id],
            deliveries=deliveries[each.id],
            decisions=decisions[each.id],
            tally=tally(clients[each.client_id], each, decisions[each.id], at),
        )
        for each in posts
    ]


async def known_post(unit: UnitOfWork, workspace: str, post_id: str) -> Post:
    """Return a post of this workspace by its id. Raises Refusal `post_unknown`."""
    post = await unit.posts.get(workspace, post_id)
    if post is None:
        raise Refusal("post_unknown")
    return post


async def post_and_client(unit: UnitOfWork, person: Person, post_id: str) -> tuple[Post, Client]:
    """Return a post that a person speaks of, and its client. A draft is known to its owner alone."""
    post = await known_post(unit, person.workspace, post_id)
    if post.step is PostStep.DRAFT and (person.user, person.home) != (post.by, post.workspace):
        raise Refusal("post_unknown")
    return post, await known_client(unit, person.workspace, post.client_id)


def draft_id(person: Person, key: str) -> str:
    """Return the id of the one draft that a person has for a key."""
    return f"po_{fingerprint(f'{person.workspace}/{person.user}/{key}')[:20]}"


def unconsented(content: Content) -> Content:
    """Return content as another request begins with it: TikTok's consent is given by whoever asks, each time."""
    targets = tuple(replace(each, tiktok=replace(each.tiktok, consents=False)) for each in content.targets)
    return replace(content, targets=targets)


def unchosen(content: Content) -> Content:
    """Return content as another post begins with: nothing preselected that TikTok wants a person to choose.

    Audience, interactions, disclosure and consent (content-sharing guidelines).
    """
    return replace(content, targets=tuple(map(_unchosen, content.targets)))


def _unchosen(target: Target) -> Target:
    kept = target.tiktok
    anew = TikTokOptions(
        to_inbox=kept.to_inbox,
        ai_generated=kept.ai_generated,
        auto_music=kept.auto_music,
        cover_ms=kept.cover_ms,
    )
    return replace(target, tiktok=anew)


async def send_out(
    unit: UnitOfWork, post: Post, senders: Mapping[Platform, Sender], at: datetime
) -> Sequence[Delivery]:
    """Put one delivery for each target on its way, to the account that the last approver saw."""
    made, leave_at = [], max(post.content.publish_at or at, at)
    for target in post.content.targets:
        sender = senders[target.platform]
        delivery = Delivery(
            id=new_id("dl"),
            workspace=post.workspace,
            client_id=post.client_id,
            post_id=post.id,
            digest=post.digest,
            connection_id=sender.connection_id,
            account_id=sender.account_id,
            form=target.form,
            created_at=at,
            leave_at=leave_at,
            due_at=leave_at,
        )
        if await unit.deliveries.add(delivery):
            await note_passage(unit, None, delivery, at=at)
            made.append(delivery)
    await unit.alarms.wake(post.workspace, post.client_id, at)
    return made


async def call_back(unit: UnitOfWork, post: Post, by: str, at: datetime) -> None:
    """Cancel what an approved post still has on its way. Raises Refusal `delivery_gone_out` where any is out."""
    deliveries = [
        each for each in await unit.deliveries.of_post(post.workspace, post.id) if each.digest == post.digest
    ]
    out = next((each for each in deliveries if each.step in OUT), None)
    if out is not None:
        raise Refusal("delivery_gone_out", platform=out.platform, step=out.step)
    for each in deliveries:
        if DeliveryStep.CANCELLED in DELIVERY_LAWFUL[each.step]:
            cancelled = await unit.deliveries.overrule(each.cancelled(by, at))
            await note_passage(unit, each, cancelled, at=at, by=by)
    await unit.alarms.wake(post.workspace, post.client_id, at)


def refuse_settled(post: Post, decisions: Sequence[Decision] = ()) -> Refusal:
    """Return the refusal that tells how a request ended, by whom and when."""
    if post.step is PostStep.EXPIRED:
        return Refusal("post_expired")
    last = next((each for each in reversed(decisions) if each.digest == post.digest), None)
    at = post.settled_at or (last.at if last else None)
    return Refusal(
        "post_settled", step=post.step, by=last.by if last else "", at=at.isoformat() if at else ""
    )
