"""People and others about deliveries on their way: cancelling, sending late, queues, messages of platforms, ending processes."""

import logging
from datetime import timedelta

import pytest

from core.domain.delivery import Audience, Blame, DeliveryStep
from core.domain.errors import Final, GrantLost, PlatformDown
from core.domain.observation import Grant, Observation
from core.domain.refusals import Refusal
from core.ports import Look, Sight
from core.usecases.unlinking import Unlinking
from tests.builders import WORKSPACE, a_notice, a_person
from tests.fakes import FakeDirectory
from tests.memory import MemoryUnit
from tests.unit.usecases.pier import Pier
from tests.unit.usecases.studio import INSTAGRAM, MANAGER, OUTSIDER, REQUESTER, STRANGER, TIKTOK

WITHDRAWN = Observation(grant=Grant.WITHDRAWN)
PENDING = Look(sight=Sight.PUBLISHED, audience=Audience.PENDING)


class TestPeople:
    async def test_cancelled_before_it_was_begun(self, pier: Pier, tiktok):
        delivery = await pier.one()
        cancelled = await pier.deliveries.cancel(STRANGER, delivery.id)
        assert (cancelled.step, cancelled.settled_by) == (DeliveryStep.CANCELLED, STRANGER.user)
        assert await pier.run() == 0
        assert await pier.deliveries.cancel(STRANGER, delivery.id) == cancelled

    @pytest.mark.parametrize("call", ["allowance", "prepare", "upload"])
    async def test_cancelled_while_somebody_works_on_it(self, pier: Pier, tiktok, call: str):
        delivery = await pier.one()

        async def cancel() -> None:
            await pier.deliveries.cancel(REQUESTER, delivery.id)

        tiktok.meanwhile[call] = cancel
        await pier.run()
        assert (await pier.now(delivery)).step is DeliveryStep.CANCELLED
        assert "ask" not in tiktok.calls

    async def test_too_late_to_cancel(self, pier: Pier, tiktok):
        delivery = await pier.one()

        async def cancel() -> None:
            with pytest.raises(Refusal, match="delivery_gone_out"):
                await pier.deliveries.cancel(REQUESTER, delivery.id)

        tiktok.meanwhile["ask"] = cancel
        await pier.run()
        assert (await pier.now(delivery)).step is DeliveryStep.PUBLISHED

    async def test_who_may_not(self, pier: Pier):
        delivery = await pier.one()
        with pytest.raises(Refusal, match="outsider"):
            await pier.deliveries.cancel(OUTSIDER, delivery.id)
        with pytest.raises(Refusal, match="delivery_unknown"):
            await pier.deliveries.cancel(a_person(workspace="T0OTHER", home="T0OTHER"), delivery.id)
        with pytest.raises(Refusal, match="delivery_moved_on"):
            await pier.deliveries.try_again(MANAGER, delivery.id)
        with pytest.raises(Refusal, match="delivery_moved_on"):
            await pier.deliveries.settle(MANAGER, delivery.id, published=True)

    async def test_an_act_that_could_not_be_kept_is_not_in_the_log(self, pier: Pier, caplog, monkeypatch):
        delivery = await pier.one()

        async def fails(_unit):
            raise ConnectionError

        caplog.set_level(logging.INFO)
        with monkeypatch.context() as broken:
            broken.setattr(MemoryUnit, "commit", fails)
            with pytest.raises(ConnectionError):
                await pier.deliveries.cancel(REQUESTER, delivery.id)
        assert "delivery" not in caplog.messages
        await pier.deliveries.cancel(REQUESTER, delivery.id)
        assert "delivery" in caplog.messages

    async def test_a_stranger_has_nothing_sent_late(self, pier: Pier):
        delivery = await pier.one(at=pier.clock.now() + timedelta(hours=2))
        pier.clock.turn(hours=3)
        await pier.run()
        with pytest.raises(Refusal, match="not_approver"):
            await pier.deliveries.send_now(STRANGER, delivery.id)

    async def test_what_was_edited_since_is_not_sent(self, pier: Pier, tiktok):
        tiktok.blames = {"spam_risk_text": Blame.CONTENT}
        tiktok.will("prepare", Final("spam_risk_text"))
        delivery = await pier.over(await pier.one())
        post = await pier.post_of(delivery)
        await pier.requesting.edit(REQUESTER, post.id, post.digest[:16], pier.content(caption="Other words"))
        with pytest.raises(Refusal, match="post_changed"):
            await pier.deliveries.try_again(REQUESTER, delivery.id)


class TestAround:
    async def test_the_queue_says_what_waits(self, pier: Pier):
        delivery = await pier.one()
        waiting = await pier.queue.waiting(WORKSPACE, delivery.connection_id)
        assert (waiting.count, waiting.first_at) == (1, delivery.leave_at)
        assert [each.id for each in waiting.soonest] == [delivery.post_id]
        for wait, count in ((timedelta(), 1), (timedelta(seconds=1), 0)):
            later = await pier.queue.waiting(
                WORKSPACE, delivery.connection_id, since=delivery.leave_at + wait
            )
            assert (later.count, len(later.soonest)) == (count, count)
        await pier.run()
        assert (await pier.queue.waiting(WORKSPACE, delivery.connection_id)).count == 0

    async def test_an_unlink_says_beforehand_what_it_stops(self, pier: Pier):
        delivery = await pier.one()
        unlinking = Unlinking(
            work=pier.work,
            clock=pier.clock,
            providers={TIKTOK: pier.tiktok, INSTAGRAM: pier.instagram},
            directory=FakeDirectory(),
            watching=pier.watching,
        )
        plan = await unlinking.plan(MANAGER, delivery.client_id, None)
        counts = {each: posts.count for each, posts in plan.posts.items()}
        assert counts == {each: int(each is delivery.platform) for each in (TIKTOK, INSTAGRAM)}
        assert [each.id for each in plan.posts[delivery.platform].soonest] == [delivery.post_id]

    async def test_what_was_asked_for_may_be_out_and_is_not_said_to_wait(self, pier: Pier, tiktok):
        tiktok.will("ask", Look(sight=Sight.PROCESSING))
        delivery = await pier.one()
        await pier.run()
        assert (await pier.queue.waiting(WORKSPACE, delivery.connection_id)).count == 0
        tiktok.will("look", GrantLost("access_token_invalid", WITHDRAWN))
        pier.clock.turn(minutes=1)
        await pier.run()
        assert (await pier.now(delivery)).waits
        assert (await pier.queue.waiting(WORKSPACE, delivery.connection_id)).count == 0

    async def test_a_platforms_message_has_it_looked_at_at_once(self, pier: Pier, tiktok):
        tiktok.will("ask", PENDING)
        delivery = await pier.one()
        await pier.run()
        pier.clock.turn(seconds=1)
        told = a_notice(
            kind="other",
            code="post.publish.publicly_available",
            details={"publish_id": "pub1"},
            at=pier.clock.now(),
        )
        await pier.notices.receive(told)
        await pier.notices.handle_due(pier.clock.now())
        await pier.run()
        assert (await pier.now(delivery)).audience is Audience.PUBLIC

    async def test_an_ending_process_gives_back_what_it_has(self, pier: Pier, tiktok):
        delivery = await pier.one()

        async def end() -> None:
            pier.publishing.drain()

        tiktok.meanwhile["upload"] = end
        await pier.run()
        assert (await pier.now(delivery)).step is DeliveryStep.PREPARED
        assert await pier.publishing.send_due(pier.clock.now()) == 0
        await pier.run(pier.process("two"))
        assert (await pier.now(delivery)).step is DeliveryStep.PUBLISHED
        assert tiktok.calls.count("upload") == 2

    async def test_one_accounts_trouble_delays_no_other(self, pier: Pier, tiktok):
        first, second = await pier.approved()
        tiktok.will("prepare", *(PlatformDown("http_500") for _ in range(50)))
        await pier.run()
        assert (await pier.now(second)).step is DeliveryStep.PUBLISHED
        assert (await pier.now(first)).step is DeliveryStep.QUEUED
