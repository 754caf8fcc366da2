"""What `core.ports` promises of deliveries and their leases, held by every way of storing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.domain.account import Platform
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.delivery import Audience, Blame, Delivery, DeliveryStep, Obstacle, Ticket
from core.domain.post import Post
from core.domain.refusals import Stale
from core.domain.secret import Secret
from core.ports import Duty, Fresh, Work
from tests.builders import NOW, OUTSIDE, WORKSPACE, a_connection, a_delivery, a_post, credentials
from tests.contract.stored import LATER, SOON, given, ids

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
TICKET = Ticket(
    reference="v_pub_url~v2.1",
    parts=("1", "2"),
    upload=Secret("https://open-upload.tiktokapis.com/video/?upload_id=1&upload_token=secret"),
    upload_until=LATER,
    chunk=64_000_000,
    sent=3_000_000_000,
    total=4_000_000_000,
    is_ready=True,
)
NOT_ALLOWED = Obstacle(blame=Blame.AUTHORIZATION, code="access_token_invalid", log_id="2026")


@pytest.fixture
async def post(work: Work, connection: Connection, client: Client) -> Post:
    """A post that is stored, beside a client's TikTok connection."""
    post = a_post(client)
    await given(work, post)
    return replace(post, version=1)


@pytest.fixture
async def second(work: Work, client: Client, post: Post) -> Connection:
    """The client's Instagram connection."""
    made = a_connection(client, platform=Platform.INSTAGRAM)
    await given(work, made)
    return made


async def on_their_way(
    work: Work, client: Client, connection: Connection, *due: datetime | None
) -> list[Delivery]:
    """Store a delivery of a post of its own for each moment at which it is due."""
    made = []
    for at in due:
        post = a_post(client)
        made.append(a_delivery(post, connection, due_at=at, leave_at=at or NOW))
        await given(work, post, made[-1])
    return [replace(each, version=1) for each in made]


async def claim(
    work: Work, owner: str = "a", at: datetime = NOW, *, until: datetime | None = None, limit: int = 10
) -> Sequence[Delivery]:
    async with work.writing() as unit:
        lease = until or at + 3 * MINUTE
        taken = await unit.deliveries.claim_due(at, owner=owner, until=lease, limit=limit)
        await unit.commit()
    return taken


async def save(work: Work, delivery: Delivery, *, release: bool = False) -> Delivery:
    async with work.writing() as unit:
        saved = await unit.deliveries.save(delivery, release=release)
        await unit.commit()
    return saved


async def next_due(work: Work) -> datetime | None:
    async with work.reading() as unit:
        return (await unit.next_wakes())[Duty.DELIVERIES]


class TestDeliveries:
    async def test_come_back_as_they_were_written(
        self, work: Work, connection: Connection, post: Post
    ) -> None:
        full = a_delivery(
            post, connection, account_id="open-id", step=DeliveryStep.PUBLISHED, stepped_at=SOON,
            asked_at=SOON, ticket=TICKET, obstacle=NOT_ALLOWED, waits=True, failures=2, looks=3, rounds=1,
            audience=Audience.PENDING, post_ids=("7", "8"), permalink="https://example.com/7",
            settled_by="U0MANAGER", due_at=None, fence=4,
        )  # fmt: skip
        await given(work, full)
        async with work.reading() as unit:
            stored = replace(full, version=1)
            assert await unit.deliveries.get(WORKSPACE, full.id) == stored
            assert await unit.deliveries.get(OUTSIDE, full.id) is None
            assert await unit.deliveries.of_post(WORKSPACE, post.id) == [stored]
            assert await unit.deliveries.of_post(OUTSIDE, post.id) == []

    async def test_are_one_per_digest_and_connection_whatever_became_of_it(
        self, work: Work, connection: Connection, second: Connection, post: Post
    ) -> None:
        over = a_delivery(post, connection, step=DeliveryStep.CANCELLED, due_at=None)
        edited = replace(post, revision=1)
        async with work.writing() as unit:
            assert await unit.deliveries.add(over)
            assert not await unit.deliveries.add(a_delivery(post, connection))
            assert not await unit.deliveries.add(over)
            assert await unit.deliveries.add(a_delivery(post, second))
            assert await unit.deliveries.add(a_delivery(edited, connection))
            assert len(await unit.deliveries.of_post(WORKSPACE, post.id)) == 3

    async def test_are_found_by_post_connection_workspace_and_step(
        self, work: Work, client: Client, connection: Connection, second: Connection
    ) -> None:
        late, early = await on_their_way(work, client, connection, LATER, NOW)
        (other,) = await on_their_way(work, client, second, SOON)
        await save(work, replace(other, step=DeliveryStep.UPLOADED))
        queued = {DeliveryStep.QUEUED}
        every = {DeliveryStep.QUEUED, DeliveryStep.UPLOADED}
        async with work.reading() as unit:
            found = unit.deliveries
            by_post = await found.of_posts(WORKSPACE, [late.post_id, "po_none"])
            assert by_post == {late.post_id: [late], "po_none": []}
            assert await found.of_posts(WORKSPACE, []) == {}
            of_it = await found.of_connection(WORKSPACE, connection.id, steps=every)
            assert of_it == [early, late]
            assert await found.of_connection(OUTSIDE, connection.id, steps=every) == []
            assert ids(await found.of_workspace(WORKSPACE, steps=every)) == ids([early, other, late])
            assert ids(await found.of_workspace(WORKSPACE, steps=queued)) == ids([early, late])
            assert await found.of_workspace(OUTSIDE, steps=every) == []

    async def test_are_found_by_what_the_platform_calls_them(
        self, work: Work, client: Client, connection: Connection
    ) -> None:
        one, _ = await on_their_way(work, client, connection, NOW, NOW)
        saved = await save(work, replace(one, ticket=TICKET))
        async with work.reading() as unit:
            assert await unit.deliveries.by_reference(Platform.TIKTOK, TICKET.reference) == saved
            assert await unit.deliveries.by_reference(Platform.INSTAGRAM, TICKET.reference) is None
            assert await unit.deliveries.by_reference(Platform.TIKTOK, "") is None
        await save(work, replace(saved, ticket=replace(TICKET, reference="v_2")))
        async with work.reading() as unit:
            assert await unit.deliveries.by_reference(Platform.TIKTOK, TICKET.reference) is None


class TestClaims:
    async def test_take_what_is_due_first_with_a_new_fence(
        self, work: Work, client: Client, connection: Connection, second: Connection
    ) -> None:
        (late,) = await on_their_way(work, client, connection, SOON)
        (early,) = await on_their_way(work, client, second, NOW)
        assert await claim(work, at=NOW - MINUTE) == []
        assert await claim(work, at=SOON, limit=1) == [replace(early, fence=1)]
        assert await claim(work, "b", at=SOON) == [replace(late, fence=1)]
        assert await claim(work, "c", at=SOON) == []

    async def test_take_one_of_a_connection_at_a_time(
        self, work: Work, client: Client, connection: Connection
    ) -> None:
        later, first = await on_their_way(work, client, connection, NOW, NOW - MINUTE)
        (taken,) = await claim(work)
        assert taken.id == first.id
        assert await claim(work, "b") == []
        async with work.writing() as unit:
            await unit.deliveries.release(taken)
            await unit.commit()
        await save(work, replace(taken, due_at=None))
        assert ids(await claim(work, "b")) == [later.id]

    async def test_take_over_where_a_lease_ran_out(
        self, work: Work, client: Client, connection: Connection
    ) -> None:
        await on_their_way(work, client, connection, NOW)
        (first,) = await claim(work)
        assert await claim(work, "b", at=SOON - MINUTE) == []
        (second,) = await claim(work, "b", at=SOON)
        assert (first.fence, second.fence) == (1, 2)
        with pytest.raises(Stale):
            await save(work, replace(first, step=DeliveryStep.ASKED))
        async with work.writing() as unit:
            assert not await unit.deliveries.extend(first, until=LATER)
            await unit.deliveries.release(first)
            await unit.commit()
        assert await claim(work, "c", at=SOON) == [], "who lost the fence ends nobody's lease"
        await save(work, replace(second, step=DeliveryStep.ASKED))

    async def test_last_as_long_as_they_are_extended(
        self, work: Work, client: Client, connection: Connection
    ) -> None:
        await on_their_way(work, client, connection, NOW)
        (taken,) = await claim(work)
        async with work.writing() as unit:
            assert await unit.deliveries.extend(taken, until=LATER)
            await unit.commit()
        assert await claim(work, "b", at=SOON) == []
        async with work.writing() as unit:
            await unit.deliveries.release(taken)
            assert not await unit.deliveries.extend(taken, until=LATER), "what was given back is nobody's"
            await unit.commit()
        assert len(await claim(work, "b", at=SOON)) == 1

    async def test_leave_alone_what_nobody_need_act_on(
        self, work: Work, client: Client, connection: Connection
    ) -> None:
        await on_their_way(work, client, connection, None)
        assert await claim(work, at=LATER) == []
        assert await next_due(work) is None

    async def test_of_one_account_keep_nobody_else_waiting(
        self, work: Work, client: Client, connection: Connection, second: Connection
    ) -> None:
        await on_their_way(work, client, connection, *[NOW - DAY] * 5)
        (other,) = await on_their_way(work, client, second, NOW)
        assert other.id in ids(await claim(work, limit=2))


class TestManyAtOnce:
    async def test_are_read_with_what_they_are_made_of(
        self, work: Work, client: Client, connection: Connection, second: Connection
    ) -> None:
        (one,) = await on_their_way(work, client, connection, NOW)
        (other,) = await on_their_way(work, client, second, NOW)
        held = credentials()
        async with work.writing() as unit:
            await unit.credentials.put(connection.id, held)
            await unit.commit()
        async with work.reading() as unit:
            given = await unit.deliveries.provisions([one, other])
            for each, tokens in ((one, held), (other, None)):
                assert given[each.id].post == await unit.posts.get(WORKSPACE, each.post_id)
                assert given[each.id].connection == await unit.connections.get(WORKSPACE, each.connection_id)
                assert given[each.id].credentials == tokens
            assert await unit.deliveries.provisions([]) == {}

    async def test_are_held_as_they_are_by_now_while_the_fence_is_ours(
        self, work: Work, client: Client, connection: Connection, second: Connection
    ) -> None:
        await on_their_way(work, client, connection, NOW)
        await on_their_way(work, client, second, NOW)
        one, other = await claim(work)
        newer = await save(work, replace(one, failures=1))
        async with work.writing() as unit:
            post = await unit.posts.get(WORKSPACE, one.post_id)
            assert post is not None
            await unit.posts.save(post)
            await unit.commit()
        async with work.writing() as unit:
            lost = replace(other, fence=other.fence + 1)
            assert await unit.deliveries.held([one, lost]) == {
                one.id: Fresh(delivery=newer, post=2, connection=1)
            }
            assert await unit.deliveries.held([]) == {}

    async def test_are_saved_at_once_and_some_of_them_released(
        self, work: Work, client: Client, connection: Connection, second: Connection
    ) -> None:
        await on_their_way(work, client, connection, NOW)
        await on_their_way(work, client, second, NOW)
        one, other = await claim(work)
        async with work.writing() as unit:
            held = await unit.deliveries.held([one, other])
            after = [replace(held[each.id].delivery, ticket=TICKET) for each in (one, other)]
            saved = await unit.deliveries.save_held(after, released={other.id})
            assert await unit.deliveries.save_held([]) == {}
            await unit.commit()
        async with work.reading() as unit:
            for each in (one, other):
                assert saved[each.id] == replace(each, ticket=TICKET, version=each.version + 1)
                assert await unit.deliveries.get(WORKSPACE, each.id) == saved[each.id]
        assert ids(await claim(work, "b")) == [other.id]


class TestWakes:
    async def test_follow_what_is_due(
        self, work: Work, client: Client, connection: Connection, second: Connection
    ) -> None:
        assert await next_due(work) is None
        await on_their_way(work, client, connection, LATER, SOON)
        assert await next_due(work) == SOON
        await on_their_way(work, client, second, NOW)
        assert await next_due(work) == NOW

    async def test_wait_for_the_end_of_a_lease_on_the_same_connection(
        self, work: Work, client: Client, connection: Connection, second: Connection
    ) -> None:
        await on_their_way(work, client, connection, NOW, NOW)
        await claim(work)
        assert await next_due(work) == SOON, "the other one can't be taken before"
        await on_their_way(work, client, second, SOON - MINUTE)
        assert await next_due(work) == SOON - MINUTE
        await claim(work, "b", at=SOON, until=LATER)
        assert await next_due(work) == LATER, "a lease that ran out beside a new one opens nothing"

    async def test_look_no_further_than_what_was_given_back(
        self, work: Work, client: Client, connection: Connection
    ) -> None:
        await on_their_way(work, client, connection, NOW, NOW)
        (taken,) = await claim(work)
        await save(work, replace(taken, due_at=LATER), release=True)
        assert await next_due(work) == NOW


class TestWrites:
    async def test_raise_the_version_and_refuse_the_later_of_two(
        self, work: Work, client: Client, connection: Connection
    ) -> None:
        (made,) = await on_their_way(work, client, connection, NOW)
        saved = await save(work, replace(made, failures=1))
        assert saved == replace(made, failures=1, version=2)
        for late in (made, replace(saved, workspace=OUTSIDE), replace(saved, fence=7)):
            with pytest.raises(Stale):
                await save(work, late)

    async def test_by_people_end_the_lease_and_the_workers_say(
        self, work: Work, client: Client, connection: Connection
    ) -> None:
        await on_their_way(work, client, connection, NOW)
        (taken,) = await claim(work)
        async with work.writing() as unit:
            cancelled = replace(taken, step=DeliveryStep.CANCELLED, due_at=None, settled_by="U0REQUESTER")
            overruled = await unit.deliveries.overrule(cancelled)
            await unit.commit()
        assert overruled == replace(cancelled, fence=taken.fence + 1, version=taken.version + 1)
        with pytest.raises(Stale):
            await save(work, replace(taken, step=DeliveryStep.ASKED))
        async with work.writing() as unit:
            assert not await unit.deliveries.extend(taken, until=LATER)
            assert await unit.deliveries.get(WORKSPACE, taken.id) == overruled
            with pytest.raises(Stale):
                await unit.deliveries.overrule(cancelled)

    async def test_hasten_what_waits_for_a_connection(
        self, work: Work, client: Client, connection: Connection, second: Connection
    ) -> None:
        made = await on_their_way(work, client, connection, None, None, None, None)
        (elsewhere,) = await on_their_way(work, client, second, None)
        waiting: dict[str, Any] = {"waits": True, "obstacle": NOT_ALLOWED}
        held, asked = [
            await save(work, replace(each, step=step, **waiting))
            for each, step in zip(made, (DeliveryStep.UPLOADED, DeliveryStep.ASKED), strict=False)
        ]
        over = replace(made[2], step=DeliveryStep.REFUSED, **waiting)
        other = replace(made[3], waits=True, obstacle=Obstacle(blame=Blame.LIMIT, code="quota"))
        _, other, _ = [await save(work, each) for each in (over, other, replace(elsewhere, **waiting))]
        async with work.writing() as unit:
            assert await unit.deliveries.hasten(OUTSIDE, connection.id, LATER) == 0
            assert await unit.deliveries.hasten(WORKSPACE, connection.id, LATER) == 2
            for each in (held, asked):
                hastened = replace(each, due_at=LATER, waits=False, version=each.version + 1)
                assert await unit.deliveries.get(WORKSPACE, each.id) == hastened
            for each in (held, other):
                with pytest.raises(Stale):
                    await unit.deliveries.save(each)
