"""Fix: a rendition that fits takes the file's place, and what was asked for is asked for anew."""

from dataclasses import replace

import pytest

from core.domain.limits import Severity
from core.domain.media import Kind
from core.domain.post import Form, PostStep, Target
from core.domain.preflight import Verdict
from core.domain.refusals import Refusal
from core.domain.rendition import Cut
from core.usecases.checking import Checked
from tests.unit.domain.media import a_film, a_picture
from tests.unit.usecases.studio import REQUESTER, opened

OLD = b"film in an old codec"
LONG = b"film that is too long"


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

    async def test_leaves_what_is_edited_meanwhile(self):
        studio = await opened()
        studio.probe.facts[OLD] = a_film(video={"codec": "mpeg4"})
        draft = await studio.draft(items=(studio.item(OLD),))
        async for step in studio.composing.fix(REQUESTER, draft.id, draft.digest):
            if not isinstance(step, Checked):
                edited = replace(draft.content, caption="New words")
                await studio.composing.save(REQUESTER, draft.id, edited)
        content = (await studio.view(draft)).post.content
        assert content.caption == "New words"
        assert studio.store.files[content.items[0].sha256] == b"mended " + OLD

    async def test_of_a_file_that_is_replaced_meanwhile_leaves_the_new_one(self):
        studio = await opened()
        studio.probe.facts[OLD] = a_film(video={"codec": "mpeg4"})
        draft = await studio.draft(items=(studio.item(OLD),))
        steps = studio.composing.fix(REQUESTER, draft.id, draft.digest)
        await anext(steps)
        other = replace(draft.content, items=(studio.item(b"another film"),))
        await studio.composing.save(REQUESTER, draft.id, other)
        with pytest.raises(Refusal, match="post_changed"):
            _ = [each async for each in steps]
        assert (await studio.view(draft)).post.content == other

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
