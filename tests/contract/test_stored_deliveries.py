"""What `core.ports` promises of deliveries and of writing them, held by every way of storing."""

from dataclasses import replace
from typing import Any

import pytest

from core.domain.account import Platform
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.delivery import Audience, Blame, DeliveryStep, Obstacle
from core.domain.post import Post
from core.domain.refusals import Stale
from core.ports import Fresh, Work
from tests.builders import NOW, OUTSIDE, WORKSPACE, a_delivery, credentials
from tests.contract.stored import LATER, SOON, given, ids
from tests.contract.stored_deliveries import TICKET, claim, on_their_way, save

NOT_ALLOWED = Obstacle(blame=Blame.AUTHORIZATION, code="access_token_invalid", log_id="2026")


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
