"""Deliveries on their way: on record before they are asked for, at their time, and never asked for twice."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.delivery import Audience, Blame, DeliveryStep
from core.domain.errors import Final, Unconfirmed
from core.domain.patience import GRACE
from core.ports import Look, Sight
from core.usecases.publishing import LEASE
from tests.landing import landed
from tests.unit.usecases.pier import Done, Pier
from tests.unit.usecases.studio import MANAGER, REQUESTER

WAY = ["allowance", "prepare", "upload", "upload", "ask"]
PENDING = Look(sight=Sight.PUBLISHED, audience=Audience.PENDING)


class TestTheWay:
    async def test_each_act_is_taken_once(self, pier: Pier, tiktok):
        delivery = await pier.over(await pier.one())
        assert tiktok.calls == WAY
        assert delivery.step is DeliveryStep.PUBLISHED
        assert (delivery.post_ids, delivery.permalink) == (("70",), "https://x.test/post/70")

    async def test_it_was_on_record_before_it_was_asked_for(self, pier: Pier, tiktok):
        delivery, seen = await pier.one(), []

        async def look() -> None:
            seen.append((await pier.now(delivery)).step)

        tiktok.meanwhile |= {"ask": look}
        await pier.run()
        assert seen == [DeliveryStep.ASKED]

    async def test_both_platforms_leave_beside_each_other(self, pier: Pier):
        await pier.approved()
        assert await pier.run() == 2
        assert [len(each.out) for each in pier.publishers.values()] == [1, 1]

    async def test_one_platform_failing_leaves_the_other_alone(self, pier: Pier, tiktok):
        tiktok.blames = {"file_format_check_failed": Blame.CONTENT}
        tiktok.will("prepare", Final("file_format_check_failed"))
        first, second = await pier.approved()
        assert (await pier.over(first)).step is DeliveryStep.REFUSED
        assert (await pier.over(second)).step is DeliveryStep.PUBLISHED

    async def test_the_platform_takes_its_time(self, pier: Pier, tiktok):
        tiktok.will("ask", Look(sight=Sight.PROCESSING))
        tiktok.will("look", Look(sight=Sight.PROCESSING), Look(sight=Sight.PROCESSING))
        delivery = await pier.over(await pier.one())
        assert delivery.step is DeliveryStep.PUBLISHED
        assert tiktok.calls == [*WAY, "look", "look", "look"]

    async def test_audience_and_address_come_later(self, pier: Pier, tiktok):
        tiktok.will("ask", PENDING)
        tiktok.will("look", PENDING)
        delivery = await pier.one()
        await pier.run()
        assert (await pier.now(delivery)).audience is Audience.PENDING
        assert (await pier.over(delivery)).audience is Audience.PUBLIC
        assert len(tiktok.out) == 1

    async def test_news_is_written_with_each_change(self, pier: Pier):
        await pier.one()
        await pier.run()
        assert (await pier.news()).count("delivery") == 3, "that all is there and asked for is one commit"

    async def test_two_processes_take_it_once(self, pier: Pier, tiktok):
        await pier.one()
        other = pier.process("two")
        assert await pier.publishing.send_due(pier.clock.now()) + await other.send_due(pier.clock.now()) == 1
        await landed(pier.publishing)
        assert len(tiktok.out) == 1

    async def test_two_posts_of_one_account_go_one_after_the_other(self, pier: Pier, tiktok):
        await pier.one()
        await pier.one()
        assert await pier.publishing.send_due(pier.clock.now()) == 1
        await landed(pier.publishing)
        await pier.run()
        assert len(tiktok.out) == 2


class TestLostAnswers:
    @pytest.mark.parametrize("lost", [Unconfirmed("ReadTimeout"), RuntimeError("a bug")])
    async def test_nothing_is_asked_again_before_it_was_looked_for(self, pier: Pier, tiktok, lost):
        tiktok.will("ask", Done(lost))
        delivery = await pier.over(await pier.one())
        assert delivery.step is DeliveryStep.PUBLISHED
        assert tiktok.calls == [*WAY, "look"]
        assert len(tiktok.out) == 1

    async def test_what_never_arrived_is_asked_for_again_after_looking(self, pier: Pier, tiktok):
        tiktok.will("ask", Unconfirmed("ReadTimeout"))
        delivery = await pier.over(await pier.one())
        assert delivery.step is DeliveryStep.PUBLISHED
        assert tiktok.calls.count("ask") == 2
        assert tiktok.calls.count("look") >= 3
        assert len(tiktok.out) == 1

    async def test_what_looking_cannot_tell_is_for_a_person(self, pier: Pier, tiktok):
        tiktok.will("ask", Unconfirmed("ReadTimeout"))
        tiktok.will("look", Look(sight=Sight.UNKNOWN))
        delivery = await pier.over(await pier.one())
        assert (delivery.step, delivery.due_at) == (DeliveryStep.UNCERTAIN, None)
        settled = await pier.deliveries.settle(MANAGER, delivery.id, published=True)
        assert (settled.step, settled.settled_by) == (DeliveryStep.PUBLISHED, MANAGER.user)
        assert tiktok.calls.count("ask") == 1

    async def test_a_person_saw_nothing_and_has_it_sent_again_in_the_same_row(self, pier: Pier, tiktok):
        tiktok.will("ask", Unconfirmed("ReadTimeout"))
        tiktok.will("look", Look(sight=Sight.UNKNOWN))
        delivery = await pier.over(await pier.one())
        refused = await pier.deliveries.settle(REQUESTER, delivery.id, published=False)
        assert refused.step is DeliveryStep.REFUSED
        await pier.deliveries.try_again(REQUESTER, delivery.id)
        assert (await pier.over(delivery)).step is DeliveryStep.PUBLISHED
        assert len(tiktok.out) == 1

    async def test_what_never_will_be_is_begun_anew(self, pier: Pier, tiktok):
        tiktok.will("ask", Unconfirmed("ReadTimeout"))
        tiktok.will("look", Look(sight=Sight.GONE))
        delivery = await pier.over(await pier.one())
        assert (delivery.step, delivery.rounds) == (DeliveryStep.PUBLISHED, 1)
        assert tiktok.calls.count("prepare") == 2

    async def test_a_dead_process_is_followed_once_its_lease_is_over(self, pier: Pier, tiktok):
        delivery = await pier.one()
        async with pier.work.writing() as unit:
            await unit.deliveries.claim_due(
                pier.clock.now(), owner="dead", until=pier.clock.now() + LEASE, limit=1
            )
            await unit.commit()
        assert await pier.run() == 0
        pier.clock.turn(LEASE)
        await pier.run()
        assert (await pier.now(delivery)).step is DeliveryStep.PUBLISHED

    async def test_what_a_process_asked_for_as_it_ended_is_left_to_the_platform_first(
        self, pier: Pier, tiktok
    ):
        delivery, asked = await pier.one(), asyncio.Event()

        async def never_answers() -> None:
            asked.set()
            await asyncio.Event().wait()

        tiktok.meanwhile["ask"] = never_answers
        await pier.publishing.send_due(pier.clock.now())
        await asked.wait()
        await pier.publishing.drained(0)
        assert (await pier.now(delivery)).step is DeliveryStep.ASKED
        assert await pier.run(pier.process("two")) == 0
        pier.clock.turn(LEASE)
        await pier.run(pier.process("two"))
        assert tiktok.calls == [*WAY, "look"]


async def test_what_is_no_longer_as_it_was_approved_stays(pier: Pier, tiktok):
    delivery = await pier.one()
    post = await pier.post_of(delivery)
    async with pier.work.writing() as unit:
        await unit.posts.save(replace(post, content=pier.content(caption="Other words")))
        await unit.commit()
    assert (await pier.over(delivery)).step is DeliveryStep.CANCELLED
    assert tiktok.calls == []


async def test_what_was_put_at_the_same_address_later_is_not_what_goes_out(pier: Pier, tiktok):
    there = pier.url()
    draft = await pier.draft(items=())
    await pier.composing.attach(REQUESTER, draft.id, [there])
    post = (await pier.requesting.request(REQUESTER, draft.id)).post
    there.held = b"another film"
    await pier.approve(post)
    await pier.run()
    (out,) = tiktok.out
    (item,) = out.items
    assert pier.store.files[item.sha256] == b"film"


class TestTime:
    async def test_a_scheduled_post_leaves_at_its_time(self, pier: Pier, tiktok):
        at = pier.clock.now() + timedelta(hours=2)
        delivery = await pier.one(at=at)
        assert await pier.run() == 0
        pier.clock.turn(hours=2)
        await pier.run()
        assert (await pier.now(delivery)).step is DeliveryStep.PUBLISHED

    async def test_later_than_the_grace_people_are_asked(self, pier: Pier, tiktok):
        delivery = await pier.one(at=pier.clock.now() + timedelta(hours=2))
        pier.clock.turn(timedelta(hours=2, seconds=1) + GRACE)
        await pier.run()
        assert (await pier.now(delivery)).step is DeliveryStep.MISSED
        assert tiktok.calls == []
        await pier.deliveries.send_now(MANAGER, delivery.id)
        assert (await pier.over(delivery)).step is DeliveryStep.PUBLISHED

    async def test_a_missed_one_can_be_dropped(self, pier: Pier, tiktok):
        delivery = await pier.one(at=pier.clock.now() + timedelta(hours=2))
        pier.clock.turn(hours=3)
        await pier.run()
        assert (await pier.deliveries.drop(REQUESTER, delivery.id)).step is DeliveryStep.CANCELLED
        assert await pier.run() == 0

    async def test_a_clock_turned_back_sends_nothing_early(self, pier: Pier, tiktok):
        at = pier.clock.now() + timedelta(hours=2)
        delivery = await pier.one(at=at)
        claimed_at = pier.clock.now() + timedelta(hours=3)
        await pier.publishing.send_due(claimed_at)
        await landed(pier.publishing)
        assert ((await pier.now(delivery)).due_at, tiktok.calls) == (at, [])
