"""Instagram's containers against its emulator: every form, every uncertain point, and posts whose answer was lost."""

import pytest

from core.domain.account import Platform
from core.domain.delivery import Audience, Blame
from core.domain.errors import AccountHeld, Final, Passing, ScopeMissing, Throttled, Unconfirmed
from core.domain.post import Form
from core.ports import TICKET_GONE, Act, Sight
from core.providers.instagram.publisher import InstagramPublisher
from core.providers.pools import Pools
from core.providers.wire import Wire
from sandbox.instagram.publishing_switches import PUBLISHING
from sandbox.instagram.switches import TABLE
from tests.contract.provider_stages import instagram_app, positions
from tests.contract.publisher_stages import for_instagram, publishing
from tests.unit.sandbox.films import film, jpeg

FILM, PICTURE = film(), jpeg()


@pytest.fixture
async def at():
    async with publishing(Platform.INSTAGRAM) as stage:
        stage.shelf.put("a.mp4", FILM)
        stage.shelf.put("a.jpg", PICTURE)
        stage.shelf.put("b.jpg", PICTURE)
        yield stage


@pytest.fixture
def of(at):
    """Make a cargo of files on the shelf."""
    return lambda form, *names, **options: for_instagram(
        form, *(f"{at.shelf.url}/{name}" for name in names), **options
    )


@pytest.fixture
def reel(of):
    return of(Form.REEL, "a.mp4")


async def publish(at, cargo):
    return await at.ask(cargo, await at.ready(cargo))


class TestForms:
    @pytest.mark.parametrize(
        ("form", "names", "kind"),
        [
            (Form.REEL, ("a.mp4",), "reel"),
            (Form.STORY, ("a.mp4",), "story"),
            (Form.STORY, ("a.jpg",), "story"),
            (Form.IMAGE, ("a.jpg",), "image"),
            (Form.CAROUSEL, ("a.jpg", "a.mp4", "b.jpg"), "carousel"),
        ],
    )
    async def test_every_form_goes_out_with_its_address(self, at, of, form, names, kind):
        _ticket, look = await publish(at, of(form, *names))
        [post] = at.posts()
        assert (look.sight, look.audience, look.ids) == (Sight.PUBLISHED, Audience.PUBLIC, (post["id"],))
        assert (post["kind"], look.permalink, len(post["media"])) == (kind, post["url"], len(names))
        assert post["caption"] == ("" if form is Form.STORY else "Bread at five #bakery")

    @pytest.mark.parametrize("feed", [True, False])
    async def test_what_was_chosen_is_what_is_asked_for(self, at, of, feed):
        await publish(at, of(Form.REEL, "a.mp4", share_to_feed=feed, ai_generated=True, cover_ms=1_500))
        assert at.posts()[0]["options"] == {
            "share_to_feed": feed,
            "thumb_offset": 1_500,
            "is_ai_generated": True,
        }

    async def test_a_carousel_says_it_once_for_the_whole(self, at, of):
        await publish(at, of(Form.CAROUSEL, "a.jpg", "b.jpg", ai_generated=True))
        assert at.posts()[0]["options"] == {"is_ai_generated": True}

    async def test_a_carousel_is_made_of_finished_parts(self, at, of):
        cargo = of(Form.CAROUSEL, "a.jpg", "b.jpg")
        begun = await at.prepare(cargo)
        assert (begun.reference, len(begun.parts)) == ("", 2)
        waiting = await at.upload(cargo, begun)
        assert waiting == begun
        await at.rest()
        whole = await at.upload(cargo, waiting)
        assert (bool(whole.reference), whole.parts, whole.is_ready) == (True, begun.parts, False)
        assert len(at.publisher.paces(Act.PREPARE, cargo)) == 3


class TestSwitches:
    @pytest.mark.parametrize(("name", "position"), positions((*PUBLISHING, *TABLE)))
    async def test_a_reel_goes_out_whatever_nobody_could_say_for_sure(self, at, reel, name, position):
        at.stage.switch(**{name: position})
        look = await at.delivered(reel)
        assert (look.sight, len(at.posts())) == (Sight.PUBLISHED, 1)

    @pytest.mark.parametrize("second", ["9007/2207027", "24/2207006", "same_id"])
    async def test_a_second_publish_of_one_container_changes_nothing(self, at, reel, second):
        at.stage.switch(second_publish=second, published_lag_seconds=3_600)
        ticket, _look = await publish(at, reel)
        try:
            await at.ask(reel, ticket)
        except Unconfirmed:
            assert second != "same_id"
        at.stage.advance(hours=2)
        assert (await at.look(reel, ticket)).sight is Sight.PUBLISHED
        assert len(at.posts()) == 1


class TestLostAnswers:
    async def test_a_container_that_is_public_is_never_published_again(self, at, reel):
        at.stage.switch(second_publish="another_post")
        ticket = await at.ready(reel)
        at.fault("ask", what="drop_after")
        with pytest.raises(Unconfirmed):
            await at.ask(reel, ticket)
        _ticket, look = await at.ask(reel, ticket)
        assert (look.sight, len(at.posts())) == (Sight.PUBLISHED, 1)
        assert look.ids == (at.posts()[0]["id"],)

    async def test_a_container_that_lags_behind_is_waited_for(self, at, reel):
        at.stage.switch(published_lag_seconds=600)
        ticket = await at.ready(reel)
        at.fault("ask", what="drop_after")
        with pytest.raises(Unconfirmed):
            await at.ask(reel, ticket)
        assert (await at.look(reel, ticket)).sight is Sight.PROCESSING
        at.stage.advance(minutes=11)
        assert (await at.look(reel, ticket)).ids == (at.posts()[0]["id"],)

    @pytest.mark.parametrize(
        "code", ["1", "2", "4", "4/2207051", "-1/2207001", "-1/2207032", "100/33", "24/2207006"]
    )
    @pytest.mark.parametrize("when", ["before", "after"])
    async def test_refusals_that_lie_are_looked_after(self, at, reel, code, when):
        ticket = await at.ready(reel)
        at.fault("ask", what="refuse", code=code, when=when)
        with pytest.raises(Unconfirmed, match=code):
            await at.ask(reel, ticket)
        look = await at.outcome(reel, ticket)
        assert look.sight is (Sight.PUBLISHED if when == "after" else Sight.ABSENT)
        assert len(at.posts()) == (when == "after")

    @pytest.mark.parametrize(
        ("code", "trouble"),
        [
            ("9/2207042", Throttled),
            ("17", Throttled),
            ("80002", Throttled),
            ("10", ScopeMissing),
            ("25/2207050", AccountHeld),
            ("368", AccountHeld),
            ("36003/2207009", Final),
        ],
    )
    async def test_plain_refusals_are_believed(self, at, reel, code, trouble):
        ticket = await at.ready(reel)
        at.fault("ask", what="refuse", code=code)
        with pytest.raises(trouble, match=code):
            await at.ask(reel, ticket)

    async def test_the_first_of_the_feed_is_not_taken_for_it(self, at, of, reel):
        ticket = await at.ready(reel)
        at.fault("ask", what="drop_after")
        with pytest.raises(Unconfirmed):
            await at.ask(reel, ticket)
        await publish(at, of(Form.REEL, "a.mp4", caption="Something else"))
        mine = next(each for each in at.posts() if each["caption"] == reel.caption)
        assert (await at.look(reel, ticket)).ids == (mine["id"],)

    async def test_of_two_that_look_alike_neither_is_named(self, at, reel):
        first = await at.ready(reel)
        for _ in range(2):
            ticket = await at.ready(reel)
            await at.ask(reel, ticket)
        at.fault("ask", what="drop_after")
        with pytest.raises(Unconfirmed):
            await at.ask(reel, first)
        look = await at.look(reel, first)
        assert (look.sight, look.audience, look.ids, look.permalink) == (
            Sight.PUBLISHED,
            Audience.PUBLIC,
            (),
            "",
        )

    async def test_what_was_posted_before_is_not_it(self, at, reel):
        await publish(at, reel)
        at.stage.advance(hours=2)
        ticket = await at.ready(reel)
        assert (await at.look(reel, ticket)).sight is Sight.ABSENT
        at.fault("ask", what="drop_after")
        with pytest.raises(Unconfirmed):
            await at.ask(reel, ticket)
        assert (await at.look(reel, ticket)).ids == (at.posts()[-1]["id"],)

    async def test_a_story_is_found_among_the_stories(self, at, of):
        story = of(Form.STORY, "a.mp4")
        ticket = await at.ready(story)
        at.fault("ask", what="drop_after")
        with pytest.raises(Unconfirmed):
            await at.ask(story, ticket)
        look = await at.look(story, ticket)
        assert (look.ids, look.permalink) == ((at.posts()[0]["id"],), at.posts()[0]["url"])

    async def test_another_story_makes_a_lost_one_wait_rather_than_go_out_twice(self, at, of):
        story = of(Form.STORY, "a.mp4")
        ticket = await at.ready(story)
        at.fault("ask", what="drop_before")
        with pytest.raises(Unconfirmed):
            await at.ask(story, ticket)
        assert (await at.look(story, ticket)).sight is Sight.ABSENT
        await publish(at, of(Form.STORY, "a.jpg"))
        assert (await at.look(story, ticket)).sight is Sight.PROCESSING

    async def test_an_address_that_cant_be_read_changes_nothing(self, at, reel):
        at.fault("instagram.media_node", what="refuse", code="100/33", times=-1)
        _ticket, look = await publish(at, reel)
        assert (look.sight, len(look.ids), look.permalink) == (Sight.PUBLISHED, 1, "")

    async def test_a_feed_that_cant_be_read_changes_nothing(self, at, reel):
        ticket, _look = await publish(at, reel)
        at.fault("instagram.media_list", what="refuse", code="1", times=-1)
        assert (await at.look(reel, ticket)).sight is Sight.PUBLISHED

    async def test_an_act_that_finds_no_container_is_looked_after(self, at, reel):
        ticket = await at.ready(reel)
        at.fault("instagram.container", what="refuse", code="24/2207006")
        with pytest.raises(Unconfirmed, match="24/2207006"):
            await at.ask(reel, ticket)
        at.fault("instagram.container", what="refuse", code="24/2207006")
        assert (await at.look(reel, ticket)).sight is Sight.UNKNOWN


@pytest.mark.parametrize("ids", ["professional", "app_scoped", "both"])
async def test_another_process_finds_out_by_which_id_the_account_goes(at, reel, ids):
    at.stage.switch(node_ids=ids)
    ticket = await at.ready(reel)
    base = at.stage.sandbox.world.base_url
    async with Pools() as transport:
        at.publisher = InstagramPublisher(app=instagram_app(base), wire=Wire(transport), clock=at.stage.clock)
        _ticket, look = await at.ask(reel, ticket)
    assert (look.sight, len(at.posts())) == (Sight.PUBLISHED, 1)


class TestContainers:
    async def test_one_that_is_not_there_is_made_anew(self, at, reel):
        at.fault("instagram.container", what="refuse", code="24/2207008")
        with pytest.raises(Final, match=TICKET_GONE):
            await at.upload(reel, await at.prepare(reel))

    @pytest.mark.parametrize(
        ("code", "blame"),
        [
            ("352/2207026", Blame.CONTENT),
            ("1/2207057", Blame.CONTENT),
            ("9004/2207052", Blame.PLATFORM),
            ("-2/2207003", Blame.PLATFORM),
            ("-1/2207053", Blame.PLATFORM),
        ],
    )
    async def test_a_failed_one_says_why(self, at, reel, code, blame):
        at.fault("processing.instagram", what="refuse", code=code)
        with pytest.raises(Final, match=code) as caught:
            await at.ready(reel)
        assert at.publisher.blame(caught.value.code) is blame

    async def test_one_for_media_that_is_not_there(self, at, of):
        with pytest.raises(Final, match="9004/2207052"):
            await at.ready(of(Form.REEL, "nothing.mp4"))

    async def test_an_expired_one_is_gone(self, at, reel):
        ticket = await at.ready(reel)
        at.stage.advance(hours=24)
        with pytest.raises(Final, match=TICKET_GONE):
            await at.upload(reel, ticket)
        assert (await at.look(reel, ticket)).sight is Sight.GONE

    async def test_one_that_is_not_ready_is_not_published(self, at, reel):
        ticket = await at.prepare(reel)
        with pytest.raises(Passing, match="9007/2207027"):
            await at.ask(reel, ticket)
        assert (await at.look(reel, ticket)).sight is Sight.PROCESSING

    async def test_400_a_day(self, at, reel):
        at.stage.switch(containers_a_day=1)
        await at.prepare(reel)
        with pytest.raises(Throttled):
            await at.prepare(reel)


async def test_the_quota_is_read(at, reel):
    at.stage.switch(quota_total=50)
    await publish(at, reel)
    allowance = await at.publisher.allowance(at.credentials, at.account)
    assert (allowance.left, allowance.total) == (49, 50)
