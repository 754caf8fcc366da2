"""Composing: drafts that stay, files brought in whole, TikTok's duties, and Fix."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.errors import Throttled
from core.domain.limits import Severity
from core.domain.media import Kind
from core.domain.post import Form, PostStep, Target, TikTokOptions
from core.domain.preflight import Verdict
from core.domain.refusals import Refusal
from core.domain.rendition import Cut
from core.usecases.checking import Checked
from core.usecases.posts import PostFilter
from tests.builders import WORKSPACE
from tests.unit.domain.media import a_film, a_picture
from tests.unit.usecases.studio import (
    BEN,
    BOTH,
    CHOSEN,
    INSTAGRAM,
    MANAGER,
    OUTSIDER,
    REQUESTER,
    STRANGER,
    Studio,
)

OLD = b"film in an old codec"
LONG = b"film that is too long"


async def refused(attempt) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        await attempt
    return refusal.value


async def opened(**policy) -> Studio:
    return await Studio().open(**policy)


class TestDrafts:
    async def test_a_modals_retries_make_one_draft(self):
        studio = await opened()
        made = [await studio.composing.create(REQUESTER, studio.client.id, key="V1") for _ in range(2)]
        other = await studio.composing.create(MANAGER, studio.client.id, key="V1")
        assert made[0] == made[1]
        assert other.id != made[0].id

    async def test_are_kept_until_their_owner_deletes_them(self):
        studio = await opened()
        draft = await studio.draft(targets=())
        await studio.composing.save(REQUESTER, draft.id, studio.content(caption="Later"))
        assert [each.content.caption for each in await studio.composing.drafts(REQUESTER)] == ["Later"]
        await studio.composing.delete(REQUESTER, draft.id)
        await studio.composing.delete(REQUESTER, draft.id)
        assert await studio.composing.drafts(REQUESTER) == []

    async def test_are_nobody_elses_matter(self):
        studio = await opened()
        draft = await studio.draft()
        for attempt in (
            studio.composing.save(MANAGER, draft.id, draft.content),
            studio.composing.check(MANAGER, draft.id),
            studio.composing.delete(MANAGER, draft.id),
            studio.requesting.request(MANAGER, draft.id),
            studio.approve(draft),
        ):
            assert (await refused(attempt)).code == "post_unknown"
        assert await studio.composing.drafts(MANAGER) == []
        assert await studio.posts.every(WORKSPACE, PostFilter()) == []

    async def test_an_outsider_composes_nothing(self):
        studio = await opened(outsiders=("U0OUTSIDER",))
        assert (await refused(studio.composing.create(OUTSIDER, studio.client.id))).code == "outsider"

    async def test_a_request_is_no_draft_any_more(self):
        studio = await opened()
        post = await studio.requested()
        for attempt in (
            studio.composing.save(REQUESTER, post.id, studio.content(caption="Other")),
            studio.composing.delete(REQUESTER, post.id),
        ):
            assert (await refused(attempt)).code == "post_settled"

    async def test_any_post_can_be_copied_but_not_its_consent_nor_a_time_that_is_over(self):
        studio = await opened()
        post = await studio.requested(publish_at=studio.clock.now() + timedelta(hours=1))
        studio.clock.turn(hours=2)
        copy = await studio.composing.copy(BEN, post.id)
        assert (copy.step, copy.by, copy.content.publish_at) == (PostStep.DRAFT, "U0BEN", None)
        assert copy.content.items == post.content.items
        assert not copy.content.targets[0].tiktok.consents


class TestFiles:
    async def test_are_fetched_whole_and_said_what_they_are(self):
        studio = await opened()
        draft = await studio.draft(items=(), targets=())
        checked = await studio.composing.attach(REQUESTER, draft.id, [studio.url()])
        item = checked.post.content.items[0]
        assert (item.kind, item.name, item.seconds) == (Kind.VIDEO, "film.mp4", 30.0)
        assert [each.form for each in checked.post.content.targets] == [Form.TIKTOK_VIDEO, Form.REEL]
        assert checked.verdict is Verdict.READY
        assert {each.code for each in checked.flaws} == {"privacy_missing", "consent_missing"}

    async def test_replaced_at_the_same_address_change_nothing_that_was_asked_for(self):
        studio = await opened()
        there = studio.url()
        draft = await studio.draft(items=())
        await studio.composing.attach(REQUESTER, draft.id, [there])
        post = (await studio.requesting.request(REQUESTER, draft.id)).post
        there.held = b"another film"
        decided = await studio.approve(post)
        assert decided.post.content == post.content
        assert studio.store.files[post.content.items[0].sha256] == b"film"

    async def test_that_fit_no_chosen_form_change_the_form_and_keep_what_was_chosen(self):
        studio = await opened()
        draft = await studio.draft()
        pictures = [studio.url(b"picture 1", "1.jpg"), studio.url(b"picture 2", "2.jpg")]
        checked = await studio.composing.attach(REQUESTER, draft.id, pictures)
        targets = checked.post.content.targets
        assert [each.form for each in targets] == [Form.TIKTOK_PHOTO, Form.CAROUSEL]
        assert targets[0].tiktok == CHOSEN
        third = await studio.composing.attach(
            REQUESTER, draft.id, [studio.url(b"picture 3", "3.jpg")], add=True
        )
        assert len(third.post.content.items) == 3

    async def test_that_are_neither_film_nor_picture_are_not_posted(self):
        studio = await opened()
        studio.probe.facts[b"song"] = a_film(kind=Kind.AUDIO)
        assert (await refused(studio.composing.bring(REQUESTER, [studio.url(b"song")]))).code == (
            "media_not_postable"
        )

    async def test_are_read_once_however_often_words_change(self):
        studio = await opened()
        draft = await studio.draft()
        for _ in range(3):
            await studio.composing.check(REQUESTER, draft.id)
        assert studio.probe.probed == 1


class TestForm:
    async def test_asks_tiktok_anew_after_minutes(self):
        studio = await opened()
        assert (await studio.composing.for_form(REQUESTER, studio.client.id)).is_fresh
        assert studio.tiktok.calls == []
        studio.clock.turn(minutes=6)
        composer = await studio.composing.for_form(REQUESTER, studio.client.id)
        assert studio.tiktok.calls.count("prove") == 1
        assert composer.is_fresh
        assert composer.creator is not None
        assert (composer.creator.name, composer.creator.may_stitch) == ("Nordlicht", False)

    async def test_says_try_later_where_tiktok_does_not_say(self):
        studio = await opened()
        studio.clock.turn(minutes=6)
        studio.tiktok.always("prove", Throttled("spam_risk_too_many_posts"))
        assert not (await studio.composing.for_form(REQUESTER, studio.client.id)).is_fresh
        draft = await studio.draft()
        assert (await refused(studio.requesting.request(REQUESTER, draft.id))).facts["first"] == (
            "creator_unknown"
        )


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
        assert (await refused(studio.approve(post, BEN))).code == "post_changed"

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
        assert (await studio.approve(edited, BEN)).post.step is PostStep.APPROVED

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
        assert (await refused(studio.requesting.withdraw(STRANGER, post.id))).code == "not_editor"
        await studio.reject(post)
        assert (await refused(studio.requesting.withdraw(REQUESTER, post.id))).code == "post_settled"


class TestFix:
    async def fixed(self, studio, post, cut=None):
        steps = [each async for each in studio.composing.fix(REQUESTER, post.id, post.digest, cut)]
        assert isinstance(steps[-1], Checked)
        return steps[-1]

    async def test_puts_a_rendition_in_the_files_place(self):
        studio = await opened()
        studio.probe.facts[OLD] = a_film(video={"codec": "mpeg4"})
        draft = await studio.draft(items=(studio.item(OLD),))
        before = await studio.composing.check(REQUESTER, draft.id)
        assert before.plan is not None
        assert before.plan.recipes
        after = await self.fixed(studio, draft)
        assert studio.store.files[after.post.content.items[0].sha256] == b"mended " + OLD
        assert (after.flaws, after.verdict) == ((), Verdict.READY)

    async def test_of_a_film_that_is_too_long_needs_a_choice(self):
        studio = await opened()
        studio.probe.facts[LONG] = a_film(video={"duration": 1000.0}, container={"duration": 1000.0})
        draft = await studio.draft(items=(studio.item(LONG),))
        checked = await studio.composing.check(REQUESTER, draft.id)
        assert checked.plan is not None
        assert checked.plan.longest == 600
        with pytest.raises(Refusal, match="fix_cut_needed"):
            await self.fixed(studio, draft)
        after = await self.fixed(studio, draft, Cut(0.0, 500.0))
        assert (after.flaws, after.verdict) == ((), Verdict.READY)

    async def test_of_one_picture_among_several_leaves_the_others(self):
        studio = await opened()
        studio.probe.facts[b"picture 2"] = replace(
            a_film(), kind=Kind.IMAGE, videos=(), audios=(), image=_png(), container=_png_container()
        )
        items = (studio.item(b"picture 1"), studio.item(b"picture 2"))
        draft = await studio.draft(items=items, targets=(Target(form=Form.CAROUSEL),))
        checked = await studio.composing.check(REQUESTER, draft.id)
        assert checked.fix_item == 1
        after = await self.fixed(studio, draft)
        assert after.post.content.items[0] == items[0]
        assert after.post.content.items[1] != items[1]
        assert (after.flaws, after.verdict) == ((), Verdict.READY)

    async def test_of_a_request_asks_for_it_anew(self):
        studio = await opened()
        wide = b"film with a warning"
        studio.probe.facts[wide] = a_film(video={"dynamic": "hlg"})
        post = await studio.requested(items=(studio.item(wide),))
        assert post.noted is not None
        assert {each.finding.severity for each in post.noted.remarks} >= {Severity.WARN}
        after = await self.fixed(studio, post)
        assert (after.post.step, after.post.revision) == (PostStep.REQUESTED, 1)
        assert await studio.news() == ["requested", "edited"]


def _png():
    image = a_picture().image
    assert image is not None
    return replace(image, format="png")


def _png_container():
    return replace(a_film().container, format="png", moov=None)
