"""On every way of storing: whatever people press at once, one thing happens."""

import asyncio
from dataclasses import replace

import pytest

from core.domain.delivery import DeliveryStep
from core.domain.post import Form, PostStep, Target
from core.domain.refusals import Refusal
from core.ports import Work
from core.usecases.approving import Decided
from tests.builders import WORKSPACE
from tests.conftest import Stored
from tests.unit.usecases.refusals import refused
from tests.unit.usecases.studio import COLLEAGUE, MANAGER, REQUESTER, Studio


class TestRaces:
    @pytest.fixture
    async def studio(self, work: Work, stored: Stored) -> Studio:
        await stored.install(WORKSPACE)
        return await Studio(work).open()

    async def test_two_managers_at_once_have_one_winner(self, studio: Studio):
        post = await studio.requested()
        outcomes = await asyncio.gather(
            studio.approve(post), studio.reject(post, COLLEAGUE), return_exceptions=True
        )
        won = [each for each in outcomes if isinstance(each, Decided)]
        lost = [each for each in outcomes if isinstance(each, Refusal)]
        assert (len(won), len(lost)) == (1, 1)
        assert (lost[0].code, lost[0].facts["by"]) == ("post_settled", won[0].decision.by)
        view = await studio.view(post)
        assert (view.post.step == "approved") == (len(view.deliveries) == 2)
        assert len(view.decisions) == 1

    async def test_both_approving_at_once_send_once(self, studio: Studio):
        post = await studio.requested()
        people = [MANAGER, COLLEAGUE, MANAGER, COLLEAGUE]
        outcomes = await asyncio.gather(
            *(studio.approve(post, each) for each in people), return_exceptions=True
        )
        view = await studio.view(post)
        assert len(view.deliveries) == 2
        assert len([each for each in outcomes if isinstance(each, Decided) and each.is_new]) == 1
        assert {each.code for each in outcomes if isinstance(each, Refusal)} <= {"post_settled"}

    async def test_two_votes_at_once_see_each_other_where_both_are_needed(self, studio: Studio):
        async with studio.work.writing() as unit:
            client = replace(studio.client, policy=replace(studio.client.policy, needed=2))
            await unit.clients.save(client)
            await unit.commit()
        for _ in range(3):
            post = await studio.requested()
            await asyncio.gather(studio.approve(post), studio.approve(post, COLLEAGUE))
            view = await studio.view(post)
            assert (view.post.step, len(view.deliveries)) == (PostStep.APPROVED, 2)

    async def test_an_edit_during_an_approval_lets_one_of_them_happen(self, studio: Studio):
        post = await studio.requested()
        cake = studio.content(caption="Cake")
        outcomes = await asyncio.gather(
            studio.approve(post),
            studio.requesting.edit(REQUESTER, post.id, post.digest, cake),
            return_exceptions=True,
        )
        assert not [
            each for each in outcomes if isinstance(each, Exception) and not isinstance(each, Refusal)
        ]
        view = await studio.view(post)
        live = [each for each in view.deliveries if each.step is not DeliveryStep.CANCELLED]
        if view.post.content.caption == "Cake":
            assert (view.post.step, live) == (PostStep.REQUESTED, [])
        else:
            assert (view.post.step, len(live)) == (PostStep.APPROVED, 2)

    async def test_an_edit_that_comes_after_the_check_wins_over_the_approval(self, studio: Studio):
        post = await studio.requested()
        check = studio.checking.check

        async def slow(checked, client):
            found = await check(checked, client)
            if checked.digest == post.digest:
                cake = studio.content(caption="Cake")
                await studio.requesting.edit(REQUESTER, post.id, post.digest, cake)
            return found

        studio.checking.check = slow  # type: ignore[method-assign]
        assert (await refused(studio.approve(post))).code == "post_changed"
        assert (await studio.view(post)).deliveries == []

    async def test_what_has_left_can_neither_be_edited_nor_withdrawn(self, studio: Studio):
        post = await studio.requested()
        approved = (await studio.approve(post)).post
        async with studio.work.writing() as unit:
            tiktok = (await unit.deliveries.of_post(WORKSPACE, post.id))[0]
            await unit.deliveries.overrule(replace(tiktok, step=DeliveryStep.ASKED))
            await unit.commit()
        other = studio.content(targets=(Target(form=Form.REEL),))
        attempt = studio.requesting.edit(REQUESTER, post.id, approved.digest, other)
        assert (await refused(attempt)).code == "delivery_gone_out"
        assert (await refused(studio.requesting.withdraw(REQUESTER, post.id))).code == "delivery_gone_out"
        steps = [each.step for each in (await studio.view(post)).deliveries]
        assert steps == [DeliveryStep.ASKED, DeliveryStep.QUEUED]

    async def test_a_double_click_asks_once(self, studio: Studio):
        draft = await studio.draft()
        await asyncio.gather(*(studio.requesting.request(REQUESTER, draft.id) for _ in range(3)))
        assert await studio.news() == ["requested"]
