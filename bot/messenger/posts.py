"""Tells what became of posts: the request's message says how it stands, its thread says what people have to hear."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.media_links import MediaLinks
from bot.messenger.errors import Undeliverable
from bot.messenger.once import Once
from bot.messenger.post import Post as Slack
from bot.messenger.post import is_person
from bot.views.blocks import Message
from bot.views.incident_view import line_message
from bot.views.news import instead_of_channel
from bot.views.post_news import news_of
from bot.views.post_shapes import PostRow
from bot.views.request_view import Shown, request_message
from core.domain.errors import Throttled
from core.domain.fact import Fact
from core.domain.ids import new_id
from core.domain.post import Item, PostStep
from core.domain.post_message import PostMessage
from core.domain.refusals import Refusal, Stale
from core.domain.symptom import Condition, symptoms
from core.ports import Clock, Kept, Work

_log = structlog.get_logger(__name__)
Rows = Callable[[str, str], Awaitable[PostRow]]
"""A post with all that became of it, by workspace and id. Raises Refusal `post_unknown`."""
PACE = timedelta(seconds=3)
"""Between two edits of one message: what happens in quick succession becomes one edit."""
AFTER_A_PRESS = timedelta(seconds=1)
"""The same where a person did something: they look at the message to see it."""
BUSY = timedelta(seconds=5)
POSTING = timedelta(seconds=30)
"""How long a first message that is being posted is left to whoever posts it."""
LINK_LIFE = timedelta(days=14)
"""How long a message's picture and film can be opened; each edit renews it."""
_LOST = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
_NOWHERE = "https://crosslink.invalid/"


class PostNews:
    """Tells POST_CHANGED facts."""

    def __init__(
        self, *, work: Work, clock: Clock, post: Slack, rows: Rows, links: MediaLinks, once: Once
    ) -> None:
        self._work = work
        self._clock = clock
        self._post = post
        self._rows = rows
        self._links = links
        self._once = once

    async def tell(self, fact: Fact) -> None:
        """Bring every place that shows the post up to date, then add to its threads. Raises Passing."""
        try:
            row = await self._rows(fact.workspace, fact.subject)
        except Refusal:
            return
        if row.post.step is PostStep.DRAFT:
            return
        later: Throttled | None = None
        pace = AFTER_A_PRESS if fact.details.get("by") else PACE
        for place in await self._places(row):
            try:
                await self._bring_up_to_date(row, place, pace)
            except Throttled as paced:
                later = paced
        await self._threads(fact, row)  # a reply told late would be about what is over
        if later is not None:
            raise later

    async def _places(self, row: PostRow) -> Sequence[PostMessage]:
        """Where the post is shown: its channel, else the people told instead."""
        post = row.post
        async with self._work.reading() as unit:
            known = await unit.post_messages.of_post(post.workspace, post.id)
        if known:
            return known
        return [await self._new(row, post.channel or row.client.channel)]

    async def _new(self, row: PostRow, target: str) -> PostMessage:
        fresh = PostMessage(id=new_id("pm"), workspace=row.post.workspace, post_id=row.post.id, target=target)
        try:
            return await self._save(fresh)
        except Stale:
            async with self._work.reading() as unit:
                found = await unit.post_messages.get(row.post.workspace, row.post.id, target)
            if found is None:
                raise self._busy() from None
            return found

    async def _bring_up_to_date(self, row: PostRow, place: PostMessage, pace: timedelta = PACE) -> None:
        """Post or edit what a place shows, where that is not how it stands."""
        name = _name(request_message(self._drawn(row, is_nameless=True)))
        if place.refused or place.shown == name:
            return
        if place.ts:
            await self._edit(row, place, name, pace)
        else:
            await self._first(row, place, name)

    async def _edit(self, row: PostRow, place: PostMessage, name: str, pace: timedelta) -> None:
        now, last = self._clock.now(), place.edited_at or place.posted_at
        if last is not None and now - last < pace:
            raise Throttled("post_paced", until=last + pace)
        told = self._told(row, place)
        try:
            await self._post.edit(place.workspace, place.channel, place.ts, told)
        except Undeliverable as refused:
            if refused.code not in _LOST:
                await self._refused(row, place, refused.code)
                return
            await self._first(row, replace(place, channel="", ts="", posted_at=None, edited_at=None), name)
            return
        with suppress(Stale):  # somebody newer has shown something newer
            await self._save(place.edited(shown=name, at=now))

    async def _first(self, row: PostRow, place: PostMessage, name: str) -> None:
        """Post it anew; claimed first, so that two processes don't."""
        now = self._clock.now()
        if place.version > 1 and place.edited_at is not None and now - place.edited_at < POSTING:
            raise self._busy()
        try:
            claimed = await self._save(replace(place, edited_at=now))
        except Stale:
            raise self._busy() from None
        try:
            channel, ts = await self._post.message(row.post.workspace, place.target, self._told(row, place))
        except Undeliverable as refused:
            await self._refused(row, claimed, refused.code)
            return
        except BaseException:
            await self._save(replace(claimed, edited_at=None))
            raise
        await self._save(claimed.posted(channel, ts, shown=name, at=self._clock.now()))

    async def _refused(self, row: PostRow, place: PostMessage, code: str) -> None:
        """Note that a place takes nothing from us, and tell those who look after the client instead."""
        _log.info("a place refused a post", target=place.target, code=code)
        await self._save(replace(place, refused=code))
        if is_person(place.target):
            return
        people = [each for each in row.client.managers if is_person(each)]
        if not people:
            _log.error("nobody could be told of a post", post=row.post.id)
        for each in people:
            await self._bring_up_to_date(row, await self._new(row, each))

    async def _threads(self, fact: Fact, row: PostRow) -> None:
        """A reply rings those whom it mentions, which an edit never does."""
        news = news_of(row, fact.details, alerted=await self._alerted(row))
        if news is None:
            return
        async with self._work.reading() as unit:
            places = await unit.post_messages.of_post(fact.workspace, fact.subject)
        told = line_message(news.text)
        key = replace(fact, id=f"{row.post.id}/{news.key}") if news.key else fact
        for place in places:
            if not place.ts or place.refused:
                continue

            async def reply(place: PostMessage = place) -> None:
                with suppress(Undeliverable):  # the message itself says how it stands
                    await self._post.message(
                        fact.workspace, place.channel, told, thread=place.ts, broadcast=news.is_loud
                    )

            await self._once.send(key, f"thread {place.target}", reply)

    async def _alerted(self, row: PostRow) -> frozenset[str]:
        """Return the connections that this post waits for and that have an alert of their own, told or about to be."""
        if not any(each.waits for each in row.deliveries):
            return frozenset()
        async with self._work.reading() as unit:
            pair = await unit.connections.of_client(row.post.workspace, row.client.id)
        found = symptoms(row.client, pair, self._clock.now())
        return frozenset(each.subject for each in found if each.condition is Condition.BROKEN)

    def _told(self, row: PostRow, place: PostMessage) -> Message:
        told = request_message(self._drawn(row, is_nameless=False))
        is_elsewhere = place.target != (row.post.channel or row.client.channel)
        return instead_of_channel(told, row.client) if is_elsewhere else told

    def _drawn(self, row: PostRow, *, is_nameless: bool) -> Shown:
        """Return what the message shows. Addresses change each time, so its name is made without them."""
        noted = row.post.noted

        def url(item: Item) -> str:
            kept = Kept(sha256=item.sha256, size=item.size)
            return (
                f"{_NOWHERE}{item.sha256}"
                if is_nameless
                else self._links.url(kept, item.name, life=LINK_LIFE)
            )

        return Shown(
            row=row,
            poster=url(noted.poster) if noted and noted.poster else "",
            plays=[(each.name, url(each)) for each in row.post.content.items],
        )

    async def _save(self, place: PostMessage) -> PostMessage:
        async with self._work.writing() as unit:
            saved = await unit.post_messages.save(place)
            await unit.commit()
        return saved

    def _busy(self) -> Throttled:
        return Throttled("post_busy", until=self._clock.now() + BUSY)


def _name(told: Message) -> str:
    """Return the name of what a message shows."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
