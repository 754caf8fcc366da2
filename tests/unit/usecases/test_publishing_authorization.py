"""Links that end under a delivery: it waits, a relink has it go on, and another account gets nothing."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

import pytest

from core.domain.delivery import Blame, Delivery, DeliveryStep, Obstacle
from core.domain.errors import GrantLost
from core.domain.evidence import Source
from core.domain.observation import Grant, Observation
from core.ports import Duty, Look, Sight
from core.usecases.departure import Departure
from core.usecases.load import Load
from core.usecases.publishing import LEASE
from core.usecases.record import Seen, record
from tests.builders import WORKSPACE, credentials
from tests.unit.usecases.pier import Pier
from tests.unit.usecases.studio import TIKTOK

WITHDRAWN = Observation(grant=Grant.WITHDRAWN)
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

    async def test_another_account_since_the_upload_began_gets_nothing(self, pier: Pier, tiktok):
        delivery = await pier.one()
        tiktok.meanwhile["upload"] = partial(pier.swap, TIKTOK, "velowerk")
        now = await pier.over(delivery)
        assert (now.step, now.obstacle.code) == (DeliveryStep.REFUSED, "account_swapped")
        assert "ask" not in tiktok.calls

    async def test_what_became_of_it_is_not_asked_of_another_account(self, pier: Pier, tiktok):
        tiktok.will("ask", Look(sight=Sight.PROCESSING))
        delivery = await pier.one()
        await pier.run()
        await pier.swap(TIKTOK, "velowerk")
        pier.clock.turn(minutes=1)
        await pier.run()
        now = await pier.now(delivery)
        assert (now.step, now.obstacle.code) == (DeliveryStep.UNCERTAIN, "account_swapped")
        assert "look" not in tiktok.calls

    async def test_what_a_late_process_hears_is_not_written_over_anothers_work(self, pier: Pier, tiktok):
        delivery = await pier.one()

        async def taken_over() -> None:
            at = pier.clock.turn(LEASE)
            async with pier.work.writing() as unit:
                await unit.deliveries.claim_due(at, owner="other", until=at + LEASE, limit=1)
                await unit.commit()

        tiktok.meanwhile["upload"] = taken_over
        tiktok.will("upload", GrantLost("access_token_invalid", WITHDRAWN))
        await pier.run()
        now = await pier.now(delivery)
        assert (now.step, now.waits, now.fence) == (DeliveryStep.PREPARED, False, 2)
        async with pier.work.reading() as unit:
            assert await unit.evidence.of_connection(WORKSPACE, delivery.connection_id, limit=1) == []

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
