"""What changed between a request and its approval is asked about first, or stops it."""

from dataclasses import replace
from datetime import timedelta

from core.domain.recheck import Recheck
from core.usecases.approving import Decided
from tests.unit.domain.media import a_film
from tests.unit.usecases.studio import CREATOR, INSTAGRAM, MANAGER, TIKTOK, Studio, opened


async def anyway(studio: Studio, post, person=MANAGER) -> Decided:
    """Answer the question that an approval brings."""
    asked = await studio.approve(post, person)
    assert isinstance(asked, Recheck)
    assert not asked.blocks
    return await studio.approve(post, person, anyway=asked.name)


def codes(asked: Recheck) -> list[str]:
    assert isinstance(asked, Recheck)
    return [each.code for each in asked.changes]


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
