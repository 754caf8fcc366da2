"""What becomes of posts on TikTok, drafts and pictures included, at every uncertain point of its emulator."""

from datetime import timedelta

import pytest

from core.domain.account import Platform
from core.domain.delivery import Audience, Blame
from core.domain.errors import AccountHeld, Final, Passing, Throttled, Unconfirmed
from core.domain.post import Form
from core.ports import Act, Sight
from sandbox.tiktok.posting_switches import POSTING
from tests.contract.provider_stages import linked, positions
from tests.contract.publisher_stages import InMemory, for_tiktok, publishing
from tests.unit.sandbox.films import film, jpeg

FILM = film()
UNUSABLE = frozenset({("audited", False)})
"""Nothing goes out publicly with it."""


@pytest.fixture
async def at():
    async with publishing(Platform.TIKTOK) as stage:
        yield stage


@pytest.fixture
def pictures(at):
    return tuple(at.shelf.put(f"{name}.jpg", jpeg()) for name in "ab")


class TestOutcome:
    @pytest.mark.parametrize(("name", "position"), positions(POSTING, besides=UNUSABLE))
    async def test_a_film_goes_out_whatever_nobody_could_say_for_sure(self, at, name, position):
        at.stage.switch(**{name: position})
        look = await at.delivered(for_tiktok(len(FILM)), InMemory(FILM))
        [post] = at.posts()
        assert (look.sight, look.ids) == (Sight.PUBLISHED, (post["id"],))

    async def test_moderation_takes_its_time(self, at):
        at.stage.switch(moderation_seconds=7_200)
        cargo, source = for_tiktok(len(FILM)), InMemory(FILM)
        look = await at.delivered(cargo, source)
        assert (look.sight, look.audience, look.ids, look.permalink) == (
            Sight.PUBLISHED,
            Audience.PENDING,
            (),
            "",
        )

    @pytest.mark.parametrize("privacy", ["SELF_ONLY", "MUTUAL_FOLLOW_FRIENDS"])
    async def test_what_is_not_public_is_private(self, at, privacy):
        look = await at.delivered(for_tiktok(len(FILM), privacy=privacy), InMemory(FILM))
        assert (look.sight, look.audience, look.ids) == (Sight.PUBLISHED, Audience.PRIVATE, ())

    @pytest.mark.parametrize(
        ("reason", "blame"),
        [
            ("internal", Blame.PLATFORM),
            ("frame_rate_check_failed", Blame.CONTENT),
            ("spam_risk_too_many_posts", Blame.LIMIT),
            ("auth_removed", Blame.AUTHORIZATION),
            ("something_new", Blame.PLATFORM),
        ],
    )
    async def test_a_failure_says_whose_matter_it_is(self, at, reason, blame):
        at.fault("processing.tiktok", what="refuse", code=reason)
        look = await at.delivered(for_tiktok(len(FILM)), InMemory(FILM))
        assert (look.sight, look.obstacle.code, look.obstacle.blame) == (Sight.REFUSED, reason, blame)

    @pytest.mark.parametrize(("fails", "sight"), [(True, Sight.REFUSED), (False, Sight.GONE)])
    async def test_an_upload_that_nobody_finished_can_be_begun_anew(self, at, fails, sight):
        at.stage.switch(abandoned_uploads_fail=fails)
        cargo = for_tiktok(len(FILM))
        ticket = await at.prepare(cargo)
        at.stage.advance(minutes=66)
        look = await at.look(cargo, ticket)
        assert look.sight is sight
        assert look.obstacle is None or look.obstacle.blame is Blame.PLATFORM

    @pytest.mark.parametrize(("handle", "blame"), [("velowerk", None), ("nordlicht.bakery", Blame.CONTENT)])
    async def test_an_unaudited_app_posts_for_private_accounts_to_themselves(self, at, handle, blame):
        at.stage.switch(audited=False)
        at.credentials = (await linked(at.stage, handle=handle)).credentials
        cargo, source = for_tiktok(len(FILM), privacy="SELF_ONLY"), InMemory(FILM)
        if blame is None:
            assert (await at.delivered(cargo, source)).audience is Audience.PRIVATE
            return
        with pytest.raises(Final) as caught:
            await at.prepare(cargo)
        assert at.publisher.blame(caught.value.code) is blame

    async def test_a_forgotten_id_tells_nothing(self, at):
        cargo, source = for_tiktok(len(FILM)), InMemory(FILM)
        ticket, _look = await at.ask(cargo, await at.ready(cargo, source), source)
        at.stage.switch(publish_id_seconds=60)
        at.stage.advance(minutes=2)
        assert (await at.look(cargo, ticket)).sight is Sight.UNKNOWN

    async def test_what_was_chosen_is_what_is_asked_for(self, at):
        cargo = for_tiktok(
            len(FILM),
            allow_comment=True,
            discloses=True,
            branded=True,
            own_brand=True,
            ai_generated=True,
            cover_ms=1_500,
        )
        await at.delivered(cargo, InMemory(FILM))
        [post] = at.posts()
        assert post["options"] == {
            "privacy_level": "PUBLIC_TO_EVERYONE",
            "disable_comment": False,
            "disable_duet": True,
            "disable_stitch": True,
            "brand_content_toggle": True,
            "brand_organic_toggle": True,
            "is_aigc": True,
            "video_cover_timestamp_ms": 1_500,
        }

    async def test_a_brand_that_is_not_disclosed_is_not_said(self, at):
        await at.delivered(for_tiktok(len(FILM), branded=True), InMemory(FILM))
        assert at.posts()[0]["options"]["brand_content_toggle"] is False


class TestDrafts:
    async def test_a_draft_is_delivered_and_seen_again_once_it_is_posted(self, at):
        cargo, source = for_tiktok(len(FILM), to_inbox=True, privacy=None), InMemory(FILM)
        ticket, _look = await at.ask(cargo, await at.ready(cargo, source), source)
        look = await at.outcome(cargo, ticket)
        assert (look.sight, look.audience) == (Sight.PUBLISHED, Audience.INBOX)
        assert at.posts()[0]["state"] == "draft"
        at.stage.change(post_draft=ticket.reference)
        at.stage.advance(minutes=2)
        assert (await at.look(cargo, ticket)).audience is Audience.PUBLIC

    async def test_five_wait_at_most(self, at):
        cargo, source = for_tiktok(len(FILM), to_inbox=True), InMemory(FILM)
        assert [each.most for each in at.publisher.paces(Act.PREPARE, cargo)] == [6, 5]
        for _ in range(5):
            await at.delivered(cargo, source)
        at.stage.advance(minutes=1)
        with pytest.raises(Throttled) as caught:
            await at.prepare(cargo)
        assert at.publisher.blame(caught.value.code) is Blame.LIMIT
        assert caught.value.until - at.stage.clock.now() > timedelta(hours=23)


class TestPictures:
    @pytest.mark.parametrize("to_inbox", [False, True])
    async def test_pictures_are_fetched_and_posted(self, at, pictures, to_inbox):
        cargo = for_tiktok(
            1, form=Form.TIKTOK_PHOTO, urls=pictures, to_inbox=to_inbox, auto_music=True, ai_generated=True
        )
        ticket = await at.ready(cargo)
        assert (ticket.reference, ticket.is_ready, at.shelf.asked) == ("", True, [])
        ticket, _look = await at.ask(cargo, ticket)
        look = await at.outcome(cargo, ticket)
        [post] = at.posts()
        assert (post["kind"], post["caption"], len(post["media"])) == ("photo", cargo.caption, 2)
        assert post["options"]["title"] == "Rolls"
        if to_inbox:
            assert look.audience is Audience.INBOX
        else:
            assert (look.permalink, post["options"]["is_aigc"]) == (post["url"], True)

    @pytest.mark.parametrize("what", ["drop_before", "drop_after"])
    async def test_a_lost_answer_leaves_nothing_to_look_for(self, at, pictures, what):
        cargo = for_tiktok(1, form=Form.TIKTOK_PHOTO, urls=pictures)
        ticket = await at.ready(cargo)
        at.fault("tiktok.publish.content_init", what=what)
        with pytest.raises(Unconfirmed):
            await at.ask(cargo, ticket)
        assert (await at.look(cargo, ticket)).sight is Sight.UNKNOWN

    @pytest.mark.parametrize("code", ["internal_error", "http_500"])
    async def test_trouble_on_their_side_may_have_done_it(self, at, pictures, code):
        cargo = for_tiktok(1, form=Form.TIKTOK_PHOTO, urls=pictures)
        at.fault("tiktok.publish.content_init", what="refuse", code=code, when="after")
        with pytest.raises(Unconfirmed):
            await at.ask(cargo, await at.ready(cargo))

    async def test_pictures_that_never_arrive_are_waited_for(self, at, pictures):
        at.stage.switch(pulls_hang=True)
        cargo = for_tiktok(1, form=Form.TIKTOK_PHOTO, urls=pictures)
        ticket, _look = await at.ask(cargo, await at.ready(cargo))
        at.stage.advance(minutes=90)
        assert (await at.look(cargo, ticket)).sight is Sight.PROCESSING

    async def test_pictures_that_cant_be_fetched_are_the_platforms_matter(self, at, pictures):
        cargo = for_tiktok(1, form=Form.TIKTOK_PHOTO, urls=(f"{at.shelf.url}/nothing.jpg",))
        look = await at.delivered(cargo)
        assert (look.sight, look.obstacle.code) == (Sight.REFUSED, "photo_pull_failed")


class TestRefusals:
    @pytest.mark.parametrize(
        ("code", "trouble", "blame"),
        [
            ("invalid_param", Final, Blame.CONTENT),
            ("invalid_params", Final, Blame.CONTENT),
            ("app_version_check_failed", Final, Blame.AUTHORIZATION),
            ("spam_risk_too_many_posts", Throttled, Blame.LIMIT),
            ("spam_risk_user_banned_from_posting", AccountHeld, Blame.AUTHORIZATION),
            ("spam_risk_too_many_pending_share", Throttled, Blame.LIMIT),
            ("reached_active_user_cap", Throttled, Blame.LIMIT),
            ("unaudited_client_can_only_post_to_private_accounts", Final, Blame.CONTENT),
            ("privacy_level_option_mismatch", Final, Blame.CONTENT),
            ("rate_limit_exceeded", Throttled, Blame.LIMIT),
        ],
    )
    async def test_an_init_is_refused(self, at, code, trouble, blame):
        at.fault("prepare", what="refuse", code=code)
        with pytest.raises(trouble, match=code) as caught:
            await at.prepare(for_tiktok(5))
        assert at.publisher.blame(caught.value.code) is blame

    async def test_nothing_is_sent_without_a_choice_of_who_sees_it(self, at):
        with pytest.raises(Final, match="privacy_level_option_mismatch"):
            await at.prepare(for_tiktok(5, privacy=None))

    async def test_a_token_that_ran_out_is_renewed_first(self, at):
        at.stage.advance(hours=3)
        with pytest.raises(Passing, match="access_token_expired"):
            await at.prepare(for_tiktok(5))
