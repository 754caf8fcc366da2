"""Deciding: rights at each act, one winner, what changed is asked first, and time is kept."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.client import Substitute
from core.domain.delivery import DeliveryStep
from core.domain.post import Form, PostStep, Target
from core.domain.recheck import Recheck
from core.domain.refusals import Refusal
from core.ports import Work
from core.usecases.approving import Decided
from core.usecases.posts import PostFilter
from tests.builders import WORKSPACE
from tests.conftest import Stored
from tests.unit.domain.media import a_film
from tests.unit.usecases.studio import (
    BEN,
    CREATOR,
    INSTAGRAM,
    MANAGER,
    OUTSIDER,
    REQUESTER,
    STRANGER,
    TIKTOK,
    Studio,
)
from tests.unit.usecases.test_composing import opened, refused


async def anyway(studio: Studio, post, person=MANAGER) -> Decided:
    """Answer the question that an approval brings."""
    asked = await studio.approve(post, person)
    assert isinstance(asked, Recheck)
    assert not asked.blocks
    return await studio.approve(post, person, anyway=asked.name)


def codes(asked: Recheck) -> list[str]:
    assert isinstance(asked, Recheck)
    return [each.code for each in asked.changes]


class TestApproval:
    async def test_sends_to_each_target_at_once(self):
        studio = await opened()
        post = await studio.requested()
        decided = await studio.approve(post)
        assert decided.post.step is PostStep.APPROVED
        assert {(each.form, each.connection_id, each.account_id) for each in decided.deliveries} == {
            (Form.TIKTOK_VIDEO, studio.connections[TIKTOK].id, "tiktok:nordlicht.bakery"),
            (Form.REEL, studio.connections[INSTAGRAM].id, "instagram:nordlicht.bakery"),
        }
        assert {each.due_at for each in decided.deliveries} == {studio.clock.now()}
        assert await studio.news() == ["requested", "approved"]

    async def test_of_a_timed_post_sends_at_its_time(self):
        studio = await opened()
        at = studio.clock.now() + timedelta(hours=5)
        decided = await studio.approve(await studio.requested(publish_at=at))
        assert {each.leave_at for each in decided.deliveries} == {at}

    async def test_pressed_twice_counts_once(self):
        studio = await opened(needed=2)
        post = await studio.requested()
        assert (await studio.approve(post)).is_new
        again = await studio.approve(post)
        assert (again.is_new, again.tally.missing) == (False, 1)
        await studio.approve(post, BEN)
        after = await studio.approve(post)
        assert (after.is_new, len(after.deliveries), after.post.step) == (False, 2, PostStep.APPROVED)
        assert await studio.news() == ["requested", "voted", "approved"]

    async def test_is_nobodys_who_may_not(self):
        studio = await opened()
        post = await studio.requested()
        refusals = {}
        for person in (STRANGER, OUTSIDER, REQUESTER, replace(STRANGER, is_admin=True)):
            refusal = await refused(studio.approve(post, person))
            refusals[person.user] = refusal.code
            assert refusal.facts["managers"] == "U0MANAGER U0BEN"
        assert set(refusals.values()) == {"not_approver"}

    async def test_of_ones_own_post_needs_the_policy(self):
        studio = await opened(managers=("U0REQUESTER", "U0BEN"))
        post = await studio.requested()
        assert (await refused(studio.approve(post, REQUESTER))).code == "own_post"
        free = await opened(managers=("U0REQUESTER",), self_approval=True)
        assert (await free.approve(await free.requested(), REQUESTER)).post.step is PostStep.APPROVED

    async def test_by_an_outsider_counts_where_the_policy_names_them(self):
        studio = await opened(outsiders=("U0OUTSIDER",))
        decided = await studio.approve(await studio.requested(), OUTSIDER)
        assert (decided.post.step, decided.decision.home) == (PostStep.APPROVED, "T0OUTSIDE")

    async def test_by_a_substitute_is_written_down_as_such_and_ends_with_the_absence(self):
        until = Studio().clock.now() + timedelta(hours=8)
        away = (Substitute(manager="U0MANAGER", user="U0STRANGER", until=until),)
        studio = await opened(managers=("U0MANAGER",), substitutes=away)
        post, late = await studio.requested(), await studio.requested()
        assert (await studio.approve(post, STRANGER)).decision.instead_of == "U0MANAGER"
        studio.clock.turn(hours=9)
        assert (await refused(studio.approve(late, STRANGER))).code == "not_approver"

    async def test_is_of_exactly_one_content(self):
        studio = await opened()
        post = await studio.requested()
        for digest in ("", post.digest[:8], "0" * 64):
            attempt = studio.approving.approve(MANAGER, post.id, digest, channel="C0")
            assert (await refused(attempt)).code == "post_changed"

    async def test_of_what_nobody_knows_is_refused(self):
        studio = await opened()
        post = await studio.requested()
        attempt = studio.approving.approve(
            replace(MANAGER, workspace="T0OTHER"), post.id, post.digest, channel="C0"
        )
        assert (await refused(attempt)).code == "post_unknown"

    async def test_is_completed_by_whoever_approved_once_the_others_are_gone(self):
        studio = await opened(needed=0)
        post = await studio.requested()
        await studio.approve(post)
        async with studio.work.writing() as unit:
            client = await unit.clients.get(WORKSPACE, studio.client.id)
            assert client is not None
            await unit.clients.save(replace(client, managers=("U0MANAGER",)))
            await unit.commit()
        assert (await studio.view(post)).post.step is PostStep.REQUESTED
        assert (await studio.approve(post)).post.step is PostStep.APPROVED


class TestTurningDown:
    async def test_needs_a_reason_and_settles(self):
        studio = await opened()
        post = await studio.requested()
        assert (await refused(studio.reject(post, reason="  "))).code == "reason_missing"
        decided = await studio.reject(post, reason=" Wrong bread ")
        assert (decided.post.step, decided.decision.reason) == (PostStep.REJECTED, "Wrong bread")
        again = await studio.reject(post)
        assert (again.is_new, again.decision.reason) == (False, "Wrong bread")

    async def test_is_told_to_whoever_comes_second(self):
        studio = await opened()
        post = await studio.requested()
        await studio.reject(post)
        refusal = await refused(studio.approve(post, BEN))
        assert (refusal.code, refusal.facts["step"], refusal.facts["by"]) == (
            "post_settled",
            "rejected",
            "U0MANAGER",
        )

    async def test_is_no_second_thought_about_ones_own_approval(self):
        studio = await opened(needed=2)
        post = await studio.requested()
        await studio.approve(post)
        refusal = await refused(studio.reject(post))
        assert (refusal.code, refusal.facts["kind"]) == ("decided_already", "approved")

    async def test_of_what_is_approved_comes_too_late(self):
        studio = await opened()
        post = await studio.requested()
        await studio.approve(post)
        assert (await refused(studio.ask_changes(post, BEN))).code == "post_settled"


class TestWhatChanged:
    async def test_an_account_that_was_swapped_is_asked_about(self):
        studio = await opened()
        post = await studio.requested()
        await studio.swap(TIKTOK, "velo.fanpage")
        asked = await studio.approve(post)
        assert codes(asked) == ["account_swapped"]
        assert asked.changes[0].facts == {"before": "nordlicht.bakery", "after": "velo.fanpage"}
        decided = await studio.approve(post, anyway=asked.name)
        assert {each.account_id for each in decided.deliveries} == {
            "tiktok:velo.fanpage",
            "instagram:nordlicht.bakery",
        }

    async def test_the_answer_to_one_question_is_none_to_another(self):
        studio = await opened()
        post = await studio.requested()
        await studio.swap(TIKTOK, "velo.fanpage")
        first = await studio.approve(post)
        await studio.swap(TIKTOK, "velowerk")
        second = await studio.approve(post, anyway=first.name)
        assert codes(second) == ["account_swapped"]
        assert second.name != first.name

    async def test_an_audience_that_is_gone_blocks(self):
        studio = await opened()
        post = await studio.requested()
        studio.clock.turn(minutes=6)
        fewer = CREATOR | {"privacy_options": "SELF_ONLY", "comment_disabled": "yes"}
        studio.tiktok.account = replace(studio.tiktok.account, details=fewer)
        asked = await studio.approve(post)
        assert codes(asked) == ["privacy_not_offered", "comment_off"]
        assert asked.blocks
        assert codes(await studio.approve(post, anyway=asked.name)) == codes(asked)
        assert (await studio.view(post)).deliveries == []

    async def test_a_film_that_became_too_long_for_the_account_blocks(self):
        studio = await opened()
        post = await studio.requested()
        studio.clock.turn(minutes=6)
        shorter = CREATOR | {"max_video_seconds": "20"}
        studio.tiktok.account = replace(studio.tiktok.account, details=shorter)
        asked = await studio.approve(post)
        assert [each.finding.code for each in asked.changes if each.finding] == ["video.duration.max"]
        assert asked.blocks

    async def test_what_was_shown_with_the_request_is_no_question(self):
        studio = await opened()
        studio.probe.facts[b"film, grainy"] = a_film(video={"dynamic": "hlg"})
        post = await studio.requested(items=(studio.item(b"film, grainy"),))
        assert post.noted is not None
        assert post.noted.remarks
        assert isinstance(await studio.approve(post), Decided)

    async def test_a_broken_link_blocks(self):
        studio = await opened()
        post = await studio.requested()
        async with studio.work.writing() as unit:
            await unit.connections.save(studio.connections[INSTAGRAM].erased(studio.clock.now()))
            await unit.commit()
        asked = await studio.approve(post)
        assert (codes(asked), asked.blocks) == (["account_blocked"], True)

    async def test_a_file_that_is_gone_blocks(self):
        studio = await opened()
        post = await studio.requested()
        studio.store.files.clear()
        asked = await studio.approve(post)
        assert (codes(asked), asked.blocks) == (["media_gone"], True)

    async def test_a_time_that_is_over_is_asked_about_and_then_means_now(self):
        studio = await opened()
        post = await studio.requested(publish_at=studio.clock.now() + timedelta(minutes=2))
        studio.clock.turn(minutes=3)
        decided = await anyway(studio, post)
        assert {each.leave_at for each in decided.deliveries} == {studio.clock.now()}


class TestTime:
    async def test_people_are_reminded_and_then_it_is_over(self):
        studio = await opened(remind_hours=24, expire_hours=60)
        post = await studio.requested()
        for _ in range(14):
            await studio.approving.attend_due(studio.clock.turn(hours=5))
        assert await studio.news() == ["requested", "reminded", "reminded", "expired"]
        assert (await studio.view(post)).post.step is PostStep.EXPIRED
        assert (await refused(studio.approve(post))).code == "post_expired"

    async def test_nobody_approves_after_the_end_even_before_it_was_noticed(self):
        studio = await opened(expire_hours=1)
        post = await studio.requested()
        studio.clock.turn(hours=1)
        assert (await refused(studio.approve(post))).code == "post_expired"
        assert (await refused(studio.reject(post))).code == "post_expired"
        assert await studio.approving.waiting_for(MANAGER) == []

    async def test_a_clock_that_is_turned_back_brings_nothing_back(self):
        studio = await opened(expire_hours=10, remind_hours=4)
        post = await studio.requested()
        await studio.approving.attend_due(studio.clock.turn(hours=5))
        studio.clock.turn(hours=-4)
        assert await studio.approving.attend_due(studio.clock.now()) == 0
        await studio.approving.attend_due(studio.clock.turn(hours=20))
        studio.clock.turn(hours=-20)
        await studio.approving.attend_due(studio.clock.now())
        assert (await refused(studio.approve(post))).code == "post_expired"
        studio.clock.turn(hours=20)
        assert await studio.news() == ["requested", "reminded", "expired"]

    async def test_two_processes_remind_once(self):
        studio = await opened()
        await studio.requested()
        at = studio.clock.turn(hours=25)
        await asyncio.gather(studio.approving.attend_due(at), studio.approving.attend_due(at))
        assert await studio.news() == ["requested", "reminded"]

    async def test_one_that_fails_stops_no_other(self, monkeypatch):
        studio = await opened()
        first, _ = await studio.requested(), await studio.requested()
        at = studio.clock.turn(hours=25)
        attend = studio.approving._attend

        async def fails(due, unit):
            if due.id == first.id:
                raise ValueError("spoiled")
            await attend(due, unit)

        monkeypatch.setattr(studio.approving, "_attend", fails)
        with pytest.raises(ValueError, match="spoiled"):
            await studio.approving.attend_due(at)
        assert await studio.news() == ["requested", "requested", "reminded"]


class TestLists:
    async def test_show_what_waits_for_whom(self):
        studio = await opened(needed=2, outsiders=("U0OUTSIDER",))
        first, second = await studio.requested(), await studio.requested()
        await studio.approve(first)

        async def waiting(person):
            return [each.post.id for each in await studio.approving.waiting_for(person)]

        assert await waiting(MANAGER) == [second.id]
        assert set(await waiting(BEN)) == set(await waiting(OUTSIDER)) == {first.id, second.id}
        assert await waiting(REQUESTER) == await waiting(STRANGER) == []

    async def test_are_filtered(self):
        studio = await opened()
        post = await studio.requested()
        await studio.draft()
        await studio.approve(post)
        shown = await studio.posts.every(WORKSPACE, PostFilter(by="U0REQUESTER"))
        assert [(each.post.id, len(each.deliveries), len(each.decisions)) for each in shown] == [
            (post.id, 2, 1)
        ]
        assert await studio.posts.every(WORKSPACE, PostFilter(steps={PostStep.REQUESTED})) == []
        assert await studio.posts.every("T0OTHER", PostFilter()) == []


class TestRaces:
    """On every way of storing: whatever people press at once, one thing happens."""

    @pytest.fixture
    async def studio(self, work: Work, stored: Stored) -> Studio:
        await stored.install(WORKSPACE)
        return await Studio(work).open()

    async def test_two_managers_at_once_have_one_winner(self, studio: Studio):
        post = await studio.requested()
        outcomes = await asyncio.gather(
            studio.approve(post), studio.reject(post, BEN), return_exceptions=True
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
        people = [MANAGER, BEN, MANAGER, BEN]
        outcomes = await asyncio.gather(
            *(studio.approve(post, each) for each in people), return_exceptions=True
        )
        view = await studio.view(post)
        assert len(view.deliveries) == 2
        assert len([each for each in outcomes if isinstance(each, Decided) and each.is_new]) == 1
        assert {each.code for each in outcomes if isinstance(each, Refusal)} <= {"post_settled"}

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
