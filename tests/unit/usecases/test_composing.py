"""Composing: drafts that stay and are their owner's, files brought in whole, and what TikTok's form must know."""

from datetime import timedelta

from core.domain.errors import Throttled
from core.domain.media import Kind
from core.domain.post import Form, PostStep
from core.domain.preflight import Verdict
from core.usecases.posts import PostFilter
from tests.builders import WORKSPACE
from tests.unit.domain.media import a_film
from tests.unit.usecases.refusals import refused
from tests.unit.usecases.studio import CHOSEN, COLLEAGUE, MANAGER, OUTSIDER, REQUESTER, opened


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
        copy = await studio.composing.copy(COLLEAGUE, post.id)
        assert (copy.step, copy.by, copy.content.publish_at) == (PostStep.DRAFT, "U0COLLEAGUE", None)
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
