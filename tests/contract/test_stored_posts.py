"""What `core.ports` promises of posts, decisions and where posts are shown, held by every way of storing."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.domain.account import Platform
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.delivery import DeliveryStep
from core.domain.fixes import FixKind
from core.domain.ids import fingerprint
from core.domain.limits import Severity
from core.domain.media import Kind
from core.domain.post import (
    Content,
    DecisionKind,
    Form,
    InstagramOptions,
    Noted,
    Post,
    PostStep,
    Remark,
    Sender,
    Target,
    TikTokOptions,
)
from core.domain.preflight import Finding, Music
from core.domain.refusals import Stale
from core.ports import Work
from tests.builders import (
    NOW,
    OUTSIDE,
    WORKSPACE,
    a_client,
    a_content,
    a_decision,
    a_delivery,
    a_post,
    a_post_message,
    an_item,
)
from tests.contract.stored import LATER, SOON, given, ids

DAY = timedelta(days=1)
BERLIN = datetime(2026, 11, 14, 18, 30, tzinfo=ZoneInfo("Europe/Berlin"))
EVERY_OPTION = Content(
    items=(
        an_item(sha256=fingerprint("one"), name="ünï.mp4", seconds=0.1 + 0.2),
        an_item(sha256=fingerprint("two"), kind=Kind.IMAGE, seconds=None),
    ),
    caption="Frisches Brot 🥖\n#bakery @velo",
    targets=(
        Target(
            form=Form.TIKTOK_PHOTO,
            caption="",
            title="Bread",
            tiktok=TikTokOptions(
                to_inbox=True, privacy="PUBLIC_TO_EVERYONE", allow_comment=True, allow_duet=True,
                allow_stitch=True, discloses=True, own_brand=True, branded=True, ai_generated=True,
                auto_music=True, cover_ms=1500, consents=True,
            ),
        ),
        Target(
            form=Form.CAROUSEL,
            caption="Für Instagram",
            instagram=InstagramOptions(share_to_feed=False, ai_generated=True, cover_ms=0),
        ),
    ),
    publish_at=BERLIN,
    music=Music.COMMERCIAL,
)  # fmt: skip
NOTED = Noted(
    at=SOON,
    senders=(
        Sender(platform=Platform.TIKTOK, connection_id="cn_1", account_id="a", handle="bakery", name="B"),
    ),
    remarks=(
        Remark(
            form=Form.REEL,
            finding=Finding(
                code="video.fps", severity=Severity.BLOCK, where="video", measured="75", allowed="60",
                source="https://example.com", fix=FixKind.TRANSCODE, item=2,
            ),
        ),
        Remark(
            form=Form.TIKTOK_VIDEO,
            finding=Finding(
                code="music", severity=Severity.QUESTION, where="sound", measured="", allowed=""
            ),
        ),
    ),
    poster=an_item(sha256=fingerprint("poster"), kind=Kind.IMAGE, seconds=None),
)  # fmt: skip


@pytest.fixture
async def post(work: Work, client: Client) -> Post:
    """A draft that is stored."""
    post = a_post(client)
    await given(work, client, post)
    return replace(post, version=1)


class TestPosts:
    @pytest.mark.parametrize("content", [Content(), a_content(), EVERY_OPTION])
    async def test_come_back_with_the_same_digest(self, work: Work, client: Client, content: Content) -> None:
        full = a_post(
            client, content=content, step=PostStep.REQUESTED, requested_at=NOW, expires_at=LATER,
            reminded_at=SOON, settled_at=SOON, due_at=LATER, edited_by="U0MANAGER", revision=3, noted=NOTED,
            edited_at=SOON, edits="po_other", edits_digest="d1",
            address="https://cdn.example/ride.mp4",
        )  # fmt: skip
        bare = a_post(client, content=content, channel="")
        await given(work, client, full, bare)
        async with work.reading() as unit:
            for made in (full, bare):
                found = await unit.posts.get(WORKSPACE, made.id)
                assert found == replace(made, version=1)
                assert found.digest == made.digest

    async def test_are_seen_in_their_own_workspace_only(self, work: Work, post: Post) -> None:
        async with work.writing() as unit:
            await unit.posts.decide(a_decision(post))
            await unit.post_messages.save(a_post_message(post))
            assert await unit.posts.get(OUTSIDE, post.id) is None
            assert await unit.posts.every(OUTSIDE, limit=5) == []
            assert await unit.posts.decisions(OUTSIDE, post.id) == []
            assert await unit.post_messages.of_post(OUTSIDE, post.id) == []
            assert await unit.post_messages.get(OUTSIDE, post.id, post.channel) is None
            with pytest.raises(Stale):
                await unit.posts.save(replace(post, workspace=OUTSIDE))

    async def test_refuse_the_later_of_two_writers(self, work: Work, post: Post) -> None:
        async with work.writing() as unit:
            saved = await unit.posts.save(replace(post, step=PostStep.REQUESTED))
            assert saved.version == 2
            with pytest.raises(Stale):
                await unit.posts.save(replace(post, step=PostStep.WITHDRAWN))
            with pytest.raises(Stale):
                await unit.posts.save(replace(post, version=0))

    async def test_are_found_newest_first_by_client_person_and_step(self, work: Work, post: Post) -> None:
        other = a_client()
        newer = a_post(other, created_at=SOON, by="U0ONCALL", step=PostStep.REQUESTED)
        beside = replace(a_post(other, step=PostStep.APPROVED), created_at=NOW)
        older = replace(a_post(other), client_id=post.client_id, created_at=NOW - DAY)
        await given(work, other, newer, beside, older)
        async with work.reading() as unit:
            every = await unit.posts.every(WORKSPACE, limit=9)
            assert ids(every) == [newer.id, beside.id, post.id, older.id]
            assert ids(await unit.posts.every(WORKSPACE, limit=1)) == [newer.id]
            own = await unit.posts.every(WORKSPACE, client_id=post.client_id, limit=9)
            assert ids(own) == [post.id, older.id]
            assert ids(await unit.posts.every(WORKSPACE, by="U0ONCALL", limit=9)) == [newer.id]
            steps = {PostStep.REQUESTED, PostStep.APPROVED}
            assert ids(await unit.posts.every(WORKSPACE, steps=steps, limit=9)) == [newer.id, beside.id]
            both = await unit.posts.every(WORKSPACE, by="U0REQUESTER", steps=steps, limit=9)
            assert ids(both) == [beside.id]

    async def test_are_due_earliest_first(self, work: Work, post: Post, client: Client) -> None:
        made = [a_post(client, due_at=at) for at in (SOON, NOW, LATER)]
        await given(work, *made)
        async with work.reading() as unit:
            assert ids(await unit.posts.due(SOON, limit=5)) == [made[1].id, made[0].id]
            assert ids(await unit.posts.due(LATER, limit=1)) == [made[1].id]

    async def test_drafts_are_removed_with_where_they_were_shown(self, work: Work, post: Post) -> None:
        async with work.writing() as unit:
            await unit.post_messages.save(a_post_message(post))
            await unit.posts.remove(post)
            await unit.commit()
        async with work.reading() as unit:
            assert await unit.posts.get(WORKSPACE, post.id) is None
            assert await unit.post_messages.of_post(WORKSPACE, post.id) == []

    @pytest.mark.parametrize("change", [{"version": 7}, {"workspace": OUTSIDE}, {"id": "po_nothing"}])
    async def test_nobody_removes_what_they_have_not_seen(
        self, work: Work, post: Post, change: dict[str, Any]
    ) -> None:
        async with work.writing() as unit:
            with pytest.raises(Stale):
                await unit.posts.remove(replace(post, **change))
            requested = await unit.posts.save(replace(post, step=PostStep.REQUESTED))
            with pytest.raises(Stale):
                await unit.posts.remove(requested)


class TestDecisions:
    async def test_are_one_per_person_and_digest(self, work: Work, post: Post) -> None:
        first = a_decision(
            post, kind=DecisionKind.CHANGES_REQUESTED, reason="Zu dunkel", home=OUTSIDE, instead_of="U0BOSS"
        )
        second = a_decision(post, by="U0ONCALL", at=SOON)
        edited = replace(post, revision=1)
        about_the_edit = a_decision(edited, at=LATER)
        async with work.writing() as unit:
            assert await unit.posts.decide(second)
            assert await unit.posts.decide(first)
            assert not await unit.posts.decide(a_decision(post, at=SOON)), "they decided already"
            assert await unit.posts.decide(about_the_edit)
            await unit.commit()
        async with work.reading() as unit:
            assert await unit.posts.decisions(WORKSPACE, post.id) == [first, second, about_the_edit]

    async def test_of_several_posts_come_for_each(self, work: Work, post: Post, client: Client) -> None:
        other = a_post(client)
        await given(work, other)
        decided = a_decision(other)
        async with work.writing() as unit:
            await unit.posts.decide(decided)
            found = await unit.posts.decisions_of(WORKSPACE, [post.id, other.id])
            assert found == {post.id: [], other.id: [decided]}
            assert await unit.posts.decisions_of(WORKSPACE, []) == {}


class TestFilesOfPosts:
    async def referenced(self, work: Work, since: datetime = NOW) -> set[str]:
        async with work.reading() as unit:
            return set(await unit.posts.referenced(since=since))

    @pytest.mark.parametrize("step", PostStep)
    async def test_are_needed_while_people_decide(self, work: Work, client: Client, step: PostStep) -> None:
        await given(work, client, a_post(client, step=step, settled_at=NOW - DAY, noted=NOTED))
        needed = {fingerprint("bread.mp4"), fingerprint("poster")}
        is_open = step in {PostStep.DRAFT, PostStep.REQUESTED, PostStep.CHANGES_REQUESTED}
        assert await self.referenced(work) == (needed if is_open else set())
        assert await self.referenced(work, since=NOW - DAY) == needed, "and for a while after"

    @pytest.mark.parametrize("step", DeliveryStep)
    async def test_are_needed_while_a_delivery_goes_on(
        self, work: Work, connection: Connection, client: Client, step: DeliveryStep
    ) -> None:
        post = a_post(client, step=PostStep.APPROVED, settled_at=NOW - DAY)
        await given(work, post, a_delivery(post, connection, step=step, stepped_at=NOW - DAY))
        ended = {"published", "refused", "cancelled", "missed"}
        assert await self.referenced(work) == (set() if step in ended else {fingerprint("bread.mp4")})
        assert await self.referenced(work, since=NOW - DAY) == {fingerprint("bread.mp4")}


class TestPostMessages:
    async def test_are_one_per_post_and_place(self, work: Work, post: Post) -> None:
        made, elsewhere = a_post_message(post), a_post_message(post, target="U0REQUESTER")
        async with work.writing() as unit:
            saved = await unit.post_messages.save(made)
            await unit.post_messages.save(elsewhere)
            with pytest.raises(Stale):
                await unit.post_messages.save(a_post_message(post))
            shown = saved.posted("C0BAKERY", "1.1", shown=fingerprint("blocks"), at=NOW)
            edited = await unit.post_messages.save(shown)
            with pytest.raises(Stale):
                await unit.post_messages.save(shown)
            found = await unit.post_messages.of_post(WORKSPACE, post.id)
            assert found == [edited, replace(elsewhere, version=1)]
            assert edited == replace(shown, version=2)
            assert await unit.post_messages.get(WORKSPACE, post.id, post.channel) == edited
            assert await unit.post_messages.get(WORKSPACE, post.id, "C0NOWHERE") is None
