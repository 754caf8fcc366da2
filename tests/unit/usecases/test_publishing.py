"""Deliveries on their way: what is written before what, and what follows on each kind of trouble."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from core.domain.delivery import Audience, Blame, Delivery, DeliveryStep, Obstacle
from core.domain.errors import Final, GrantLost, PlatformDown, Throttled, Unconfirmed, Unreachable
from core.domain.evidence import Source
from core.domain.observation import Grant, Observation
from core.domain.patience import GRACE
from core.domain.refusals import Refusal
from core.ports import TICKET_GONE, Allowance, Duty, Look, Pace, Sight
from core.usecases.departure import Departure
from core.usecases.load import Load
from core.usecases.publishing import LEASE
from core.usecases.record import Seen, record
from tests.builders import WORKSPACE, a_notice, a_person, credentials
from tests.unit.usecases.pier import Done, Pier
from tests.unit.usecases.studio import MANAGER, OUTSIDER, REQUESTER, STRANGER, TIKTOK

WAY = ["allowance", "prepare", "upload", "upload", "ask"]
WITHDRAWN = Observation(grant=Grant.WITHDRAWN)
PENDING = Look(sight=Sight.PUBLISHED, audience=Audience.PENDING)


@pytest.fixture
async def pier() -> Pier:
    opened = Pier()
    await opened.open()
    return opened


@pytest.fixture
def tiktok(pier: Pier):
    return pier.publishers[TIKTOK]


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
        await pier.publishing.landed()
        assert len(tiktok.out) == 1

    async def test_two_posts_of_one_account_go_one_after_the_other(self, pier: Pier, tiktok):
        await pier.one()
        await pier.one()
        assert await pier.publishing.send_due(pier.clock.now()) == 1
        await pier.publishing.landed()
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


class TestTrouble:
    async def test_what_passes_is_tried_again_at_the_same_step(self, pier: Pier, tiktok):
        tiktok.will("upload", Unreachable("ReadTimeout"), PlatformDown("http_503"))
        assert (await pier.over(await pier.one())).step is DeliveryStep.PUBLISHED
        assert tiktok.calls.count("prepare") == 1

    async def test_what_certainly_did_not_happen_is_asked_for_again(self, pier: Pier, tiktok):
        tiktok.will("ask", PlatformDown("http_503"))
        assert (await pier.over(await pier.one())).step is DeliveryStep.PUBLISHED
        assert "look" not in tiktok.calls

    @pytest.mark.parametrize("call", ["upload", "ask"])
    async def test_a_dead_ticket_is_replaced(self, pier: Pier, tiktok, call: str):
        tiktok.will(call, Final(TICKET_GONE))
        assert (await pier.over(await pier.one())).step is DeliveryStep.PUBLISHED
        assert tiktok.calls.count("prepare") == 2

    async def test_a_cap_is_waited_out(self, pier: Pier, tiktok):
        until = pier.clock.now() + timedelta(hours=24)
        tiktok.will("prepare", Throttled("spam_risk_too_many_posts", until=until))
        delivery = await pier.one()
        await pier.run()
        now = await pier.now(delivery)
        assert (now.due_at, now.obstacle.blame) == (until, Blame.LIMIT)
        assert (await pier.over(delivery)).step is DeliveryStep.PUBLISHED

    async def test_a_full_account_is_not_asked(self, pier: Pier, tiktok):
        tiktok.will("allowance", Allowance(left=0, total=50))
        delivery = await pier.one()
        await pier.run()
        assert (await pier.now(delivery)).obstacle == Obstacle(blame=Blame.LIMIT, code="quota")
        assert tiktok.calls == ["allowance"]
        assert (await pier.over(delivery)).step is DeliveryStep.PUBLISHED

    async def test_an_allowance_that_cannot_be_read_holds_nothing_up(self, pier: Pier, tiktok):
        tiktok.will("allowance", PlatformDown("100/33"))
        delivery = await pier.one()
        await pier.run()
        assert (await pier.now(delivery)).failures == 0
        assert (await pier.over(delivery)).step is DeliveryStep.PUBLISHED

    async def test_a_turn_is_waited_for_before_the_call(self, pier: Pier, tiktok):
        tiktok.paced = (Pace(endpoint="init", most=1, window=timedelta(minutes=1)),)
        first, second = await pier.one(), await pier.one()
        await pier.run()
        assert tiktok.calls.count("prepare") == 1
        await pier.over(first)
        await pier.over(second)
        assert len(tiktok.out) == 2

    async def test_media_that_a_platform_would_refuse_is_not_sent(self, pier: Pier, tiktok):
        delivery = await pier.one()
        pier.store.files.clear()
        now = await pier.over(delivery)
        assert (now.step, now.obstacle.code) == (DeliveryStep.REFUSED, "media_gone")
        assert tiktok.calls == []

    async def test_a_refusal_after_the_act_about_the_platform_begins_anew(self, pier: Pier, tiktok):
        internal = Obstacle(blame=Blame.PLATFORM, code="internal")
        tiktok.will("ask", Look(sight=Sight.PROCESSING))
        tiktok.will("look", Look(sight=Sight.REFUSED, obstacle=internal))
        delivery = await pier.over(await pier.one())
        assert tiktok.calls.count("ask") == 2
        assert delivery.step is DeliveryStep.PUBLISHED

    async def test_a_refusal_after_the_act_about_the_content_ends_it(self, pier: Pier, tiktok):
        content = Obstacle(blame=Blame.CONTENT, code="duration_check_failed")
        tiktok.will("ask", Look(sight=Sight.REFUSED, obstacle=content))
        assert (await pier.over(await pier.one())).obstacle == content


REMOVED = Obstacle(blame=Blame.AUTHORIZATION, code="auth_removed")


class TestAuthorization:
    async def test_revoked_during_the_upload(self, pier: Pier, tiktok):
        tiktok.will("upload", GrantLost("access_token_invalid", WITHDRAWN))
        delivery = await pier.one()
        await pier.run()
        now = await pier.now(delivery)
        assert (now.step, now.waits, now.obstacle.blame) == (
            DeliveryStep.PREPARED,
            True,
            Blame.AUTHORIZATION,
        )
        async with pier.work.reading() as unit:
            (evidence, *_) = await unit.evidence.of_connection(WORKSPACE, delivery.connection_id, limit=1)
            assert (await unit.next_wakes())[Duty.ALERTS] is not None
        assert (evidence.source, evidence.code) == (Source.PUBLISH, "access_token_invalid")

    async def test_a_relink_has_it_go_on(self, pier: Pier, tiktok):
        tiktok.will("ask", GrantLost("access_token_invalid", WITHDRAWN))
        delivery = await pier.one()
        await pier.run()
        assert (await pier.now(delivery)).waits
        await self._relink(pier)
        await pier.run()
        assert (await pier.now(delivery)).step is DeliveryStep.PUBLISHED
        assert len(tiktok.out) == 1

    async def test_linked_anew_during_the_call(self, pier: Pier, tiktok):
        delivery = await pier.one()

        async def relinked() -> None:
            await self._relink(pier)

        tiktok.meanwhile["upload"] = relinked
        tiktok.will("upload", GrantLost("access_token_invalid", WITHDRAWN))
        assert (await pier.over(delivery)).step is DeliveryStep.PUBLISHED

    async def test_linked_anew_before_it_is_written_that_it_waits(
        self, pier: Pier, tiktok, monkeypatch: pytest.MonkeyPatch
    ):
        delivery = await pier.one()
        await self._noted(pier, WITHDRAWN)
        load, relinks = Departure.load_every, iter([self._relink])

        async def slow(self: Departure, deliveries: Sequence[Delivery]) -> Mapping[str, Load]:
            loaded = await load(self, deliveries)
            for relink in relinks:
                await relink(pier)
            return loaded

        monkeypatch.setattr(Departure, "load_every", slow)
        assert (await pier.over(delivery)).step is DeliveryStep.PUBLISHED
        assert len(tiktok.out) == 1

    async def test_removed_while_the_platform_was_at_it(self, pier: Pier, tiktok):
        delivery = await self._processed_and_removed(pier, tiktok)
        await pier.run()
        now = await pier.now(delivery)
        assert (now.step, now.waits, now.obstacle) == (DeliveryStep.QUEUED, True, REMOVED)

    async def test_a_removal_that_is_seen_after_the_relink_asks_for_no_other(self, pier: Pier, tiktok):
        delivery = await self._processed_and_removed(pier, tiktok)
        await self._relink(pier)
        await pier.run()
        now = await pier.now(delivery)
        assert (now.step, now.waits, now.obstacle) == (DeliveryStep.QUEUED, False, None)
        assert (await pier.over(delivery)).step is DeliveryStep.PUBLISHED
        assert tiktok.calls.count("ask") == 2

    async def _processed_and_removed(self, pier: Pier, tiktok) -> Delivery:
        """A delivery that is due for a look, which shows that nothing came of it."""
        tiktok.will("ask", Look(sight=Sight.PROCESSING))
        tiktok.will("look", Look(sight=Sight.REFUSED, obstacle=REMOVED))
        delivery = await pier.one()
        await pier.run()
        assert (await pier.now(delivery)).step is DeliveryStep.ASKED
        pier.clock.turn(minutes=1)
        return delivery

    async def _noted(self, pier: Pier, seen: Observation) -> None:
        async with pier.work.writing() as unit:
            before = await unit.connections.get(WORKSPACE, pier.connections[TIKTOK].id)
            now = pier.clock.now()
            proof = Seen(source=Source.PROBE, observation=seen, at=now, now=now)
            await record(unit, before, before.refused(seen, at=now, now=now), proof)
            await unit.commit()

    async def test_another_account_by_now_gets_nothing(self, pier: Pier, tiktok):
        delivery = await pier.one()
        await pier.swap(TIKTOK, "velowerk")
        now = await pier.over(delivery)
        assert (now.step, now.obstacle.code) == (DeliveryStep.REFUSED, "account_swapped")
        assert tiktok.calls == []

    async def test_a_token_near_its_end_is_renewed_first(self, pier: Pier, tiktok):
        delivery = await pier.one(at=pier.clock.now() + timedelta(hours=23, minutes=55))
        pier.clock.turn(hours=23, minutes=55)
        await pier.run()
        assert "refresh" in pier.tiktok.calls
        assert (await pier.now(delivery)).step is DeliveryStep.PUBLISHED

    async def _relink(self, pier: Pier) -> None:
        held = credentials(issued_at=pier.clock.turn(seconds=1))
        async with pier.work.writing() as unit:
            before = await unit.connections.get(WORKSPACE, pier.connections[TIKTOK].id)
            seen = Observation(grant=Grant.PRESENT, granted=before.sides.granted)
            now = pier.clock.now()
            await unit.credentials.put(before.id, held)
            proof = Seen(source=Source.OAUTH, observation=seen, at=now, now=now)
            await record(unit, before, before.linked(pier.tiktok.account, held, seen, now), proof)
            await unit.commit()


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
        await pier.publishing.landed()
        assert ((await pier.now(delivery)).due_at, tiktok.calls) == (at, [])


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
        await pier.run()
        assert (await pier.queue.waiting(WORKSPACE, delivery.connection_id)).count == 0

    async def test_the_queue_says_what_was_asked_for_and_waits_for_a_relink(self, pier: Pier, tiktok):
        tiktok.will("ask", Look(sight=Sight.PROCESSING))
        delivery = await pier.one()
        await pier.run()
        assert (await pier.queue.waiting(WORKSPACE, delivery.connection_id)).count == 0
        tiktok.will("look", GrantLost("access_token_invalid", WITHDRAWN))
        pier.clock.turn(minutes=1)
        await pier.run()
        assert (await pier.now(delivery)).waits
        assert (await pier.queue.waiting(WORKSPACE, delivery.connection_id)).count == 1

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
