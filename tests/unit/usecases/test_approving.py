"""Deciding: rights at each act, about exactly one content, once; and time is kept."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.client import Substitute
from core.domain.post import Form, Post, PostStep
from core.usecases import approving
from core.usecases.posts import PostFilter
from core.usecases.record import RETRY_AFTER
from tests.builders import WORKSPACE
from tests.unit.usecases.refusals import refused
from tests.unit.usecases.studio import (
    COLLEAGUE,
    INSTAGRAM,
    MANAGER,
    OUTSIDER,
    REQUESTER,
    STRANGER,
    TIKTOK,
    Studio,
    opened,
)


def spoil(studio: Studio, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every look at one request fail."""
    attend = studio.approving._attend

    async def fails(due, unit):
        if due.id == post.id:
            raise ValueError("spoiled")
        await attend(due, unit)

    monkeypatch.setattr(studio.approving, "_attend", fails)


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
        await studio.approve(post, COLLEAGUE)
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
            assert refusal.facts["managers"] == "U0MANAGER U0COLLEAGUE"
        assert set(refusals.values()) == {"not_approver"}

    async def test_of_ones_own_post_needs_the_policy(self):
        studio = await opened(managers=("U0REQUESTER", "U0COLLEAGUE"))
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
        refusal = await refused(studio.approve(post, COLLEAGUE))
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
        assert (await refused(studio.ask_changes(post, COLLEAGUE))).code == "post_settled"


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
        spoil(studio, first, monkeypatch)
        with pytest.raises(ValueError, match="spoiled"):
            await studio.approving.attend_due(at)
        assert await studio.news() == ["requested", "requested", "reminded"]

    async def test_those_that_fail_keep_no_other_from_its_turn(self, monkeypatch):
        monkeypatch.setattr(approving, "BATCH", 1)
        studio = await opened()
        first, second = await studio.requested(), await studio.requested()
        spoil(studio, first, monkeypatch)
        at = studio.clock.turn(hours=25)
        with pytest.raises(ValueError, match="spoiled"):
            await studio.approving.attend_due(at)
        assert await studio.approving.attend_due(at) == 1
        assert (await studio.view(second)).post.reminded_at == at
        with pytest.raises(ValueError, match="spoiled"):
            await studio.approving.attend_due(studio.clock.turn(RETRY_AFTER))


class TestLists:
    async def test_show_what_waits_for_whom(self):
        studio = await opened(needed=2, outsiders=("U0OUTSIDER",))
        first, second = await studio.requested(), await studio.requested()
        await studio.approve(first)

        async def waiting(person):
            return [each.post.id for each in await studio.approving.waiting_for(person)]

        assert await waiting(MANAGER) == [second.id]
        assert set(await waiting(COLLEAGUE)) == set(await waiting(OUTSIDER)) == {first.id, second.id}
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
