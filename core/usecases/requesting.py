"""Asking for a post: what is complete becomes a request, an edit a new one, and what nobody wants is called back."""

from dataclasses import replace
from datetime import datetime

from core.domain.approval import Seat, expires_at, next_due, seat, shortage
from core.domain.client import Client, Person
from core.domain.post import SHORT_DIGEST, Content, Noted, Post, PostStep
from core.domain.refusals import Refusal
from core.ports import Clock, UnitOfWork, Work
from core.usecases.checking import Checked, Checking
from core.usecases.clients import known_client
from core.usecases.post_news import tell_post
from core.usecases.posts import (
    call_back,
    draft_id,
    known_post,
    post_and_client,
    refuse_settled,
    unconsented,
)
from core.usecases.record import in_turn

EDITABLE = frozenset({PostStep.REQUESTED, PostStep.CHANGES_REQUESTED, PostStep.APPROVED})


class Requesting:
    """Puts posts before those who decide, and takes them back."""

    def __init__(self, *, work: Work, clock: Clock, checking: Checking) -> None:
        self._work = work
        self._clock = clock
        self._checking = checking

    async def request(self, person: Person, post_id: str) -> Checked:
        """Ask for a draft's approval, in its client's channel; a second press changes nothing.

        A draft of a request's next content takes the place of the present one, as `edit` does, and ends. Raises
        Refusal `post_unknown`, `post_settled`, `post_incomplete`, `post_blocked`, `post_changed` where the draft was
        saved meanwhile, and `nobody_may_approve` or `too_few_approvers`.
        """
        _insider(person)
        async with self._work.reading() as unit:
            post, client = await post_and_client(unit, person, post_id)
        if post.step is not PostStep.DRAFT:
            return Checked(post=_still(post, person), client=client)
        if post.edits:
            return await self._edit(person, post.edits, post.edits_digest, post.content, draft=post)
        self._approvable(post, client)
        checked, noted = await self._checked(post, client)

        async def change(unit: UnitOfWork) -> Post:
            current, client = await post_and_client(unit, person, post_id)
            if current.step is not PostStep.DRAFT:
                return _still(current, person)
            if current.digest != post.digest:
                raise Refusal("post_changed", by=person.user)
            asked = replace(current.to(PostStep.REQUESTED, self._clock.now()), noted=noted)
            return await self._ask(unit, asked, client, "requested", person)

        return replace(checked, post=await in_turn(self._work, change))

    async def reopen(self, person: Person, post_id: str, digest: str) -> Post:
        """Return this person's draft of a request's next content: as they left it, or begun with the present one.

        Raises Refusal as `edit` does.
        """
        _insider(person)

        async def change(unit: UnitOfWork) -> Post:
            before, _ = await self._editable(unit, person, post_id, digest)
            name, now = _name_of_edit(person, before.id, before.digest), self._clock.now()
            known = await unit.posts.get(person.workspace, name)
            return known or await unit.posts.save(
                Post(
                    id=name,
                    workspace=person.workspace,
                    client_id=before.client_id,
                    by=person.user,
                    created_at=now,
                    edited_at=now,
                    content=unconsented(before.content),
                    edits=before.id,
                    edits_digest=before.digest,
                )
            )

        return await in_turn(self._work, change)

    async def reopened(self, person: Person, post_id: str, digest: str) -> Post | None:
        """Return the draft that `reopen` left, even where the request is another by now; None without one."""
        _insider(person)
        async with self._work.reading() as unit:
            return await unit.posts.get(person.workspace, _name_of_edit(person, post_id, digest))

    async def edit(self, person: Person, post_id: str, digest: str, content: Content) -> Checked:
        """Ask for a request's approval with other content: what was decided so far is not about it.

        An approved post's deliveries are cancelled in the same transaction. Raises Refusal `not_editor`,
        `post_changed`, `post_unchanged`, `post_settled`, `delivery_gone_out`, and those of `request`.
        """
        return await self._edit(person, post_id, digest, content)

    async def _edit(
        self, person: Person, post_id: str, digest: str, content: Content, *, draft: Post | None = None
    ) -> Checked:
        _insider(person)
        async with self._work.reading() as unit:
            post, client = await self._editable(unit, person, post_id, digest)
        if content == post.content:
            raise Refusal("post_unchanged")
        edited = post.edited(content, person.user)
        self._approvable(edited, client)
        checked, noted = await self._checked(edited, client)

        async def change(unit: UnitOfWork) -> Post:
            current, client = await self._editable(unit, person, post_id, digest)
            if draft is not None:
                await _end(unit, person, draft)
            if current.step is PostStep.APPROVED:
                await call_back(unit, current, person.user, self._clock.now())
            if current.step is not PostStep.REQUESTED:
                current = current.to(PostStep.REQUESTED, self._clock.now())
            asked = replace(current.edited(content, person.user), noted=noted)
            return await self._ask(unit, asked, client, "edited", person)

        return replace(checked, post=await in_turn(self._work, change))

    async def may_withdraw(self, person: Person, post_id: str) -> None:
        """Raise `not_editor` or `post_settled` where `withdraw` would, before somebody is asked in vain."""
        _insider(person)
        async with self._work.reading() as unit:
            await self._withdrawable(unit, person, post_id)

    async def withdraw(self, person: Person, post_id: str) -> Post:
        """Take a request back, and what an approved one has on its way; a second press changes nothing.

        Raises Refusal `not_editor`, `post_settled`, `delivery_gone_out`.
        """
        _insider(person)

        async def change(unit: UnitOfWork) -> Post:
            now = self._clock.now()
            post = await self._withdrawable(unit, person, post_id)
            if post.step is PostStep.WITHDRAWN:
                return post
            if post.step is PostStep.APPROVED:
                await call_back(unit, post, person.user, now)
            saved = await unit.posts.save(post.to(PostStep.WITHDRAWN, now))
            await tell_post(unit, saved, "withdrawn", person.user, now)
            return saved

        return await in_turn(self._work, change)

    async def _withdrawable(self, unit: UnitOfWork, person: Person, post_id: str) -> Post:
        """Return a request that a person may take back, or that is withdrawn already."""
        post, client = await post_and_client(unit, person, post_id)
        _may_edit(client, post, person, self._clock.now())
        if post.step not in {*EDITABLE, PostStep.WITHDRAWN}:
            raise refuse_settled(post, await unit.posts.decisions(post.workspace, post.id))
        return post

    async def _checked(self, post: Post, client: Client) -> tuple[Checked, Noted]:
        checked = await self._checking.check(post, client)
        checked.refuse()
        return checked, self._checking.noted(checked)

    async def _ask(self, unit: UnitOfWork, post: Post, client: Client, change: str, person: Person) -> Post:
        """Write a request as it begins anew, and its news."""
        self._approvable(post, client)
        now = self._clock.now()
        ends = expires_at(client.policy, post, now)
        asked = replace(
            post,
            address="",
            channel=client.channel,
            requested_at=now,
            reminded_at=None,
            expires_at=ends,
            settled_at=None,
        )
        saved = await unit.posts.save(replace(asked, due_at=next_due(client.policy, asked)))
        await tell_post(unit, saved, change, person.user, now)
        return saved

    def _approvable(self, post: Post, client: Client) -> None:
        """Raise Refusal where not enough people may decide, so that nobody waits for nothing."""
        lacking = shortage(client, post, self._clock.now())
        needed = client.policy.needed
        if lacking and lacking >= needed:
            raise Refusal("nobody_may_approve", client=client.name)
        if lacking:
            raise Refusal(
                "too_few_approvers", client=client.name, needed=str(needed), there=str(needed - lacking)
            )

    async def _editable(
        self, unit: UnitOfWork, person: Person, post_id: str, digest: str
    ) -> tuple[Post, Client]:
        post = await known_post(unit, person.workspace, post_id)
        client = await known_client(unit, person.workspace, post.client_id)
        if post.step is PostStep.DRAFT:
            raise Refusal("post_unknown")
        _may_edit(client, post, person, self._clock.now())
        if post.step not in EDITABLE:
            raise refuse_settled(post, await unit.posts.decisions(post.workspace, post.id))
        if not post.is_about(digest):
            raise Refusal("post_changed", by=post.edited_by or post.by)
        return post, client


def _insider(person: Person) -> None:
    if person.is_outsider:
        raise Refusal("outsider")


def _may_edit(client: Client, post: Post, person: Person, at: datetime) -> None:
    """Raise Refusal `not_editor` unless these are the person's words, or the person decides about them."""
    is_theirs = person.user in post.authors
    if not is_theirs and not isinstance(seat(client, post, person, at), Seat):
        raise Refusal("not_editor", by=post.by, managers=" ".join(client.managers))


def _name_of_edit(person: Person, post_id: str, digest: str) -> str:
    return draft_id(person, f"edit {post_id} {digest[:SHORT_DIGEST]}")


async def _end(unit: UnitOfWork, person: Person, draft: Post) -> None:
    """Remove a draft whose content is asked for. Raises Refusal `post_unknown`, `post_changed`."""
    current, _ = await post_and_client(unit, person, draft.id)
    if current.digest != draft.digest:
        raise Refusal("post_changed", by=person.user)
    await unit.posts.remove(current)


def _still(post: Post, person: Person) -> Post:
    """Return a request that this person made already. Raises Refusal `post_settled`."""
    if post.step is PostStep.REQUESTED and post.by == person.user:
        return post
    raise refuse_settled(post)
