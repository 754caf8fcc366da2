"""Composing a post: drafts that stay, files brought into the store, and everything against them told at once."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from core.domain.account import Platform
from core.domain.client import Client, Person
from core.domain.composing import Count, fitted
from core.domain.creator import Creator
from core.domain.ids import new_id
from core.domain.media import Kind
from core.domain.post import Content, Item, Post, PostStep, Sender
from core.domain.refusals import Refusal
from core.domain.rendition import Cut, Progress
from core.domain.verdict import Block
from core.ports import Clock, Kept, MediaOrigin, MediaStore, UnitOfWork, Work
from core.usecases.checking import Checked, Checking
from core.usecases.clients import known_client
from core.usecases.mending import Mended, Mending, Wish
from core.usecases.posts import draft_id, post_and_client, unchosen
from core.usecases.record import in_turn
from core.usecases.requesting import Requesting
from core.usecases.stored import Stored

DRAFTS_SHOWN = 50
NOTHING = Content()


@dataclass(frozen=True, slots=True, kw_only=True)
class Composer:
    """What a posting screen shows of a client. `is_fresh` False: TikTok doesn't say now what may be posted."""

    client: Client
    senders: Mapping[Platform, Sender]
    blocked: Mapping[Platform, Block]
    creator: Creator | None
    is_fresh: bool


class Composing:
    """Makes posts ready to be asked for. A draft is its owner's alone."""

    def __init__(
        self,
        *,
        work: Work,
        clock: Clock,
        store: MediaStore,
        checking: Checking,
        mending: Mending,
        requesting: Requesting,
    ) -> None:
        self._work = work
        self._clock = clock
        self._store = store
        self._checking = checking
        self._mending = mending
        self._requesting = requesting

    async def for_form(self, person: Person, client_id: str) -> Composer:
        """Return what a posting screen shows, TikTok asked within the last minutes. Raises Refusal."""
        async with self._work.reading() as unit:
            client = await known_client(unit, _insider(person).workspace, client_id)
        accounts = await self._checking.accounts(client, set(Platform))
        creator = accounts.creator
        return Composer(
            client=client,
            senders=accounts.senders,
            blocked=accounts.blocked(),
            creator=creator,
            is_fresh=creator is not None and creator.is_fresh(self._clock.now()),
        )

    async def create(
        self, person: Person, client_id: str, *, key: str = "", content: Content = NOTHING
    ) -> Post:
        """Save a new draft. The same person's same `key` is the same draft, however often it comes. Raises Refusal."""
        _insider(person)
        name = draft_id(person, key) if key else new_id("po")

        async def change(unit: UnitOfWork) -> Post:
            await known_client(unit, person.workspace, client_id)
            now = self._clock.now()
            known = await unit.posts.get(person.workspace, name)
            return known or await unit.posts.save(
                Post(
                    id=name,
                    workspace=person.workspace,
                    client_id=client_id,
                    by=person.user,
                    created_at=now,
                    edited_at=now,
                    content=content,
                )
            )

        return await in_turn(self._work, change)

    async def bring(self, person: Person, origins: Sequence[MediaOrigin]) -> tuple[Item, ...]:
        """Fetch files whole, so that what is decided about stays what it is, and say what they are. Raises Refusal."""
        _insider(person)
        return tuple([await self._brought(each) for each in origins])

    async def attach(
        self, person: Person, post_id: str, origins: Sequence[MediaOrigin], *, add: bool = False
    ) -> Checked:
        """Bring files into a draft, in place of its former ones unless `add`, and check it.

        Where nobody chose targets, or these files fit none of them, it gets those that the files fit.
        """
        brought = await self.bring(person, origins)

        async def change(unit: UnitOfWork) -> Post:
            post = await _draft(unit, person, post_id)
            items = (*post.content.items, *brought) if add else brought
            content = replace(post.content, items=items)
            return await unit.posts.save(replace(self._saved(post, fitted(content)), address=""))

        post = await in_turn(self._work, change)
        return await self.check(person, post.id)

    async def save(
        self, person: Person, post_id: str, content: Content, *, address: str | None = None
    ) -> Post:
        """Save a draft as it is, complete or not; `address` where its file's is typed, None where nobody was asked.

        Raises Refusal `post_unknown`, `post_settled`.
        """
        _insider(person)

        async def change(unit: UnitOfWork) -> Post:
            post = await _draft(unit, person, post_id)
            typed = post.address if address is None else address
            if (post.content, post.address) == (content, typed):
                return post
            return await unit.posts.save(replace(self._saved(post, content), address=typed))

        return await in_turn(self._work, change)

    async def move(self, person: Person, post_id: str, client_id: str) -> Post:
        """Give a draft to another client: all that is in it, but not what was chosen for the other one's account.

        Raises Refusal `post_unknown`, `post_settled`, `unknown_client`.
        """
        _insider(person)

        async def change(unit: UnitOfWork) -> Post:
            post = await _draft(unit, person, post_id)
            await known_client(unit, person.workspace, client_id)
            if client_id == post.client_id:
                return post
            return await unit.posts.save(
                self._saved(replace(post, client_id=client_id), unchosen(post.content))
            )

        return await in_turn(self._work, change)

    async def check(self, person: Person, post_id: str, content: Content | None = None) -> Checked:
        """Return all that stands against a post, or against other content of it, its accounts asked lately."""
        async with self._work.reading() as unit:
            post, client = await post_and_client(unit, _insider(person), post_id)
        return await self._checking.check(replace(post, content=content or post.content), client)

    def counts(self, content: Content) -> tuple[Count, ...]:
        """Return how much of their limits a content's words use; asks nobody, for counting while people type."""
        return self._checking.counts(content)

    async def drafts(self, person: Person) -> Sequence[Post]:
        """Return a person's drafts, newest first."""
        async with self._work.reading() as unit:
            return await unit.posts.every(
                _insider(person).workspace, by=person.user, steps={PostStep.DRAFT}, limit=DRAFTS_SHOWN
            )

    async def delete(self, person: Person, post_id: str) -> None:
        """Delete a draft; one that is gone already is no matter. Raises Refusal `post_settled`."""
        _insider(person)

        async def change(unit: UnitOfWork) -> None:
            if await unit.posts.get(person.workspace, post_id) is not None:
                await unit.posts.remove(await _draft(unit, person, post_id))

        await in_turn(self._work, change)

    async def copy(self, person: Person, post_id: str) -> Post:
        """Save a new draft with a post's content, for what it may become again.

        What TikTok wants a person to choose is chosen anew, and a time that is over is nobody's.
        """
        async with self._work.reading() as unit:
            post, client = await post_and_client(unit, _insider(person), post_id)
        now, at = self._clock.now(), post.content.publish_at
        content = replace(unchosen(post.content), publish_at=at if at and at > now else None)
        return await self.create(person, client.id, content=content)

    async def fix(
        self, person: Person, post_id: str, digest: str, cut: Cut | None = None
    ) -> AsyncGenerator[Progress | Checked, None]:
        """Put a rendition in the place of each file that needs one; a request that had the former is asked anew.

        `cut` is for the first such file. What a draft's owner edits meanwhile stays. Ends with a Checked; closing the
        generator cancels. Raises Refusal as Mending and `edit` do, `fix_differs` where no one file can suit all
        targets, and `post_changed` where the files are the draft's no more.
        """
        async with self._work.reading() as unit:
            post, _ = await post_and_client(unit, _insider(person), post_id)
        if not post.is_about(digest):
            raise Refusal("post_changed", by=post.edited_by or post.by)
        content = post.content
        checked = await self.check(person, post_id, content)
        judged = checked.report.targets.values() if checked.report else ()
        accounts = {each.limits.target.partition(".")[0]: each.limits.account for each in judged}
        known = {platform: own for platform, own in accounts.items() if own is not None}
        wish = Wish(targets=tuple(each.form for each in content.targets), accounts=known)
        mended: dict[str, Item] = {}
        for number in range(checked.fix_item, len(content.items)):
            asked = replace(wish, cut=cut if number == checked.fix_item else None)
            is_must = number == checked.fix_item
            async with aclosing(self._mended(content.items[number], asked, must=is_must)) as steps:
                async for step in steps:
                    if isinstance(step, Progress):
                        yield step
                    else:
                        mended[content.items[number].sha256] = step
        if post.step is PostStep.DRAFT:
            await self._put_in_place(person, post_id, mended)
            yield await self.check(person, post_id)
        else:
            yield await self._requesting.edit(person, post_id, digest, _with_items(content, mended))

    async def _put_in_place(self, person: Person, post_id: str, mended: Mapping[str, Item]) -> None:
        """Put mended files in the place of those they were made from, and leave all that was edited meanwhile."""

        async def change(unit: UnitOfWork) -> None:
            draft = await _draft(unit, person, post_id)
            content = _with_items(draft.content, mended)
            if mended and content == draft.content:
                raise Refusal("post_changed", by=person.user)
            await unit.posts.save(self._saved(draft, content))

        await in_turn(self._work, change)

    def _saved(self, draft: Post, content: Content) -> Post:
        return replace(draft, content=content, edited_at=self._clock.now())

    async def _mended(self, item: Item, wish: Wish, *, must: bool) -> AsyncGenerator[Progress | Item, None]:
        """Mend one file. Unless it must be, one that needs nothing or a person's choice stays as it is."""
        made: list[Mended] = []
        try:
            async with aclosing(self._mending.fix(Stored(item, self._store), wish)) as steps:
                async for step in steps:
                    if isinstance(step, Mended):
                        made.append(step)
                    else:
                        yield step
        except Refusal as refusal:
            if must or refusal.code not in {"fix_not_needed", "fix_cut_needed"}:
                raise
        if len(made) > 1:
            raise Refusal("fix_differs")
        for each in made:
            yield await self._checking.bring(each.kept, each.name)

    async def _brought(self, origin: MediaOrigin) -> Item:
        async with origin.hold() as held:
            kept = Kept(sha256=held.sha256, size=held.source.size)
            if await self._store.find(kept.sha256, at=self._clock.now()) is None:
                raise Refusal("media_gone")
            item = await self._checking.bring(kept, held.source.name)
        if item.kind not in {Kind.VIDEO, Kind.IMAGE}:
            raise Refusal("media_not_postable", name=item.name)
        return item


def _insider(person: Person) -> Person:
    if person.is_outsider:
        raise Refusal("outsider")
    return person


async def _draft(unit: UnitOfWork, person: Person, post_id: str) -> Post:
    post, _ = await post_and_client(unit, person, post_id)
    if post.step is not PostStep.DRAFT:
        raise Refusal("post_settled", step=post.step, by=post.by, at="")
    return post


def _with_items(content: Content, mended: Mapping[str, Item]) -> Content:
    """Return content with mended files in the place of those with these sha256."""
    return replace(content, items=tuple(mended.get(each.sha256, each) for each in content.items))
