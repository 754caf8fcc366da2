"""Trouble on the way: what is tried again, what is waited for, and what ends a delivery."""

from datetime import timedelta

import pytest

from core.domain.delivery import Blame, DeliveryStep, Obstacle
from core.domain.errors import Final, PlatformDown, Throttled, Unreachable
from core.ports import TICKET_GONE, Allowance, Look, Pace, Sight
from tests.unit.usecases.pier import Pier


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
