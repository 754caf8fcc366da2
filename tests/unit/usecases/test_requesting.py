"""Asking for a post: complete or not at all, once; edited visibly, withdrawn by those who may."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.post import Form, PostStep, Target, TikTokOptions
from tests.unit.domain.media import a_film
from tests.unit.usecases.refusals import refused
from tests.unit.usecases.studio import (
    BOTH,
    CHOSEN,
    COLLEAGUE,
    INSTAGRAM,
    MANAGER,
    OUTSIDER,
    REQUESTER,
    STRANGER,
    Studio,
    opened,
)

OLD = b"film in an old codec"


class TestRequest:
    async def test_is_shown_in_the_clients_channel_with_what_is_known(self):
        studio = await opened()
        post = await studio.requested()
        assert (post.step, post.channel) == (PostStep.REQUESTED, studio.client.channel)
        assert post.noted is not None
        assert [each.handle for each in post.noted.senders] == ["nordlicht.bakery", "nordlicht.bakery"]
        assert post.noted.poster is not None
        assert post.noted.poster.sha256 in studio.store.files
        assert await studio.news() == ["requested"]

    async def test_twice_is_once(self):
        studio = await opened()
        post = await studio.requested()
        assert (await studio.requesting.request(REQUESTER, post.id)).post == post
        assert await studio.news() == ["requested"]

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"items": ()}, "media_missing"),
            ({"targets": ()}, "targets_missing"),
            ({"targets": (replace(BOTH[0], tiktok=TikTokOptions()),)}, "privacy_missing"),
            (
                {"targets": (replace(BOTH[0], tiktok=replace(CHOSEN, allow_stitch=True)),)},
                "stitch_off",
            ),
            ({"targets": (Target(form=Form.CAROUSEL),)}, "media_unfit"),
        ],
    )
    async def test_needs_what_is_missing(self, changes, code):
        studio = await opened()
        draft = await studio.draft(**changes)
        refusal = await refused(studio.requesting.request(REQUESTER, draft.id))
        assert (refusal.code, refusal.facts["first"]) == ("post_incomplete", code)
        assert await studio.news() == []

    async def test_is_stopped_by_what_blocks(self):
        studio = await opened()
        studio.probe.facts[OLD] = a_film(video={"codec": "mpeg4"})
        draft = await studio.draft(items=(studio.item(OLD),))
        refusal = await refused(studio.requesting.request(REQUESTER, draft.id))
        assert (refusal.code, refusal.facts["findings"]) == ("post_blocked", "video.codec.in")

    async def test_of_a_file_that_is_gone_says_so(self):
        studio = await opened()
        draft = await studio.draft()
        studio.store.files.clear()
        checked = await studio.composing.check(REQUESTER, draft.id)
        assert [(each.code, each.facts) for each in checked.flaws] == [("media_gone", {"name": "film.mp4"})]
        assert checked.report is None

    async def test_needs_somebody_who_may_decide(self):
        studio = await opened(managers=("U0REQUESTER",))
        draft = await studio.draft()
        assert (await refused(studio.requesting.request(REQUESTER, draft.id))).code == "nobody_may_approve"
        more = await opened(needed=3)
        draft = await more.draft()
        refusal = await refused(more.requesting.request(REQUESTER, draft.id))
        assert (refusal.code, refusal.facts["there"]) == ("too_few_approvers", "2")

    async def test_of_what_was_saved_meanwhile_asks_again(self):
        studio = await opened()
        draft = await studio.draft()
        studio.probe.probe = _saving(studio, draft.id)  # type: ignore[method-assign]
        assert (await refused(studio.requesting.request(REQUESTER, draft.id))).code == "post_changed"

    async def test_without_tiktok_asks_nothing_of_tiktok(self):
        studio = await opened()
        studio.clock.turn(minutes=6)
        await studio.requested(targets=(Target(form=Form.REEL),))
        assert studio.tiktok.calls == []

    async def test_is_blocked_where_the_link_is_broken(self):
        studio = await opened()
        async with studio.work.writing() as unit:
            gone = studio.connections[INSTAGRAM]
            await unit.connections.save(gone.erased(studio.clock.now()))
            await unit.commit()
        checked = await studio.composing.check(REQUESTER, (await studio.draft()).id)
        assert [(each.code, each.platform) for each in checked.flaws] == [("account_blocked", INSTAGRAM)]


def _saving(studio: Studio, post_id: str):
    probe = type(studio.probe).probe

    async def saves(source, **known):
        await studio.composing.save(REQUESTER, post_id, studio.content(caption="Other"))
        return await probe(studio.probe, source, **known)

    return saves


class TestEdit:
    async def test_voids_what_was_decided_visibly(self):
        studio = await opened(needed=2)
        post = await studio.requested()
        await studio.approve(post)
        other = studio.content(caption="Cake")
        edited = (await studio.requesting.edit(REQUESTER, post.id, post.digest, other)).post
        view = await studio.view(post)
        assert (edited.step, edited.content.caption) == (PostStep.REQUESTED, "Cake")
        assert (view.tally.missing, len(view.decisions)) == (2, 1)
        assert await studio.news() == ["requested", "voted", "edited"]
        assert (await refused(studio.approve(post, COLLEAGUE))).code == "post_changed"

    async def test_answers_a_wish_for_changes(self):
        studio = await opened()
        post = await studio.requested()
        asked = (await studio.ask_changes(post)).post
        assert asked.step is PostStep.CHANGES_REQUESTED
        again = await studio.requesting.edit(REQUESTER, post.id, post.digest, studio.content(caption="Cake"))
        assert again.post.step is PostStep.REQUESTED
        assert (await studio.approve(again.post)).post.step is PostStep.APPROVED

    async def test_is_for_those_who_asked_or_decide(self):
        studio = await opened(outsiders=("U0OUTSIDER",))
        post = await studio.requested()
        other = studio.content(caption="Cake")
        assert (
            await refused(studio.requesting.edit(STRANGER, post.id, post.digest, other))
        ).code == "not_editor"
        assert (
            await refused(studio.requesting.edit(OUTSIDER, post.id, post.digest, other))
        ).code == "outsider"
        edited = (await studio.requesting.edit(MANAGER, post.id, post.digest, other)).post
        assert (await refused(studio.approve(edited))).code == "own_post"
        assert (await studio.approve(edited, COLLEAGUE)).post.step is PostStep.APPROVED

    async def test_of_an_older_content_or_without_a_change_is_refused(self):
        studio = await opened()
        post = await studio.requested()
        same = studio.requesting.edit(REQUESTER, post.id, post.digest, post.content)
        assert (await refused(same)).code == "post_unchanged"
        await studio.requesting.edit(REQUESTER, post.id, post.digest, studio.content(caption="Cake"))
        late = studio.requesting.edit(REQUESTER, post.id, post.digest, studio.content(caption="Pie"))
        assert (await refused(late)).code == "post_changed"

    async def test_back_and_forth_is_asked_and_sent_anew(self):
        studio = await opened()
        post = await studio.requested(publish_at=studio.clock.now() + timedelta(hours=5))
        first = (await studio.approve(post)).post
        timed = first.content
        other = replace(timed, caption="Cake")
        cake = (await studio.requesting.edit(REQUESTER, post.id, first.digest, other)).post
        back = (await studio.requesting.edit(REQUESTER, post.id, cake.digest, timed)).post
        decided = await studio.approve(back)
        steps = [each.step for each in (await studio.view(post)).deliveries]
        assert len(decided.deliveries) == 2
        assert steps == ["cancelled", "cancelled", "queued", "queued"]


class TestWithdrawal:
    async def test_ends_a_request_once(self):
        studio = await opened()
        post = await studio.requested()
        for _ in range(2):
            assert (await studio.requesting.withdraw(REQUESTER, post.id)).step is PostStep.WITHDRAWN
        assert await studio.news() == ["requested", "withdrawn"]
        assert (await refused(studio.approve(post))).facts["step"] == "withdrawn"

    async def test_calls_back_what_has_not_left(self):
        studio = await opened()
        post = await studio.requested(publish_at=studio.clock.now() + timedelta(hours=5))
        await studio.approve(post)
        await studio.requesting.withdraw(MANAGER, post.id)
        assert {each.step for each in (await studio.view(post)).deliveries} == {"cancelled"}

    async def test_is_for_those_who_asked_or_decide(self):
        studio = await opened()
        post = await studio.requested()
        await studio.requesting.may_withdraw(REQUESTER, post.id)
        for act in (studio.requesting.may_withdraw, studio.requesting.withdraw):
            assert (await refused(act(STRANGER, post.id))).code == "not_editor"
        await studio.reject(post)
        for act in (studio.requesting.may_withdraw, studio.requesting.withdraw):
            assert (await refused(act(REQUESTER, post.id))).code == "post_settled"
