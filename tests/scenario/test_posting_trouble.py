"""Posts that platforms refuse, lose or hold back: what is said, whose matter it is, and the one press that helps."""

import pytest

from sandbox.journey import button, words
from tests.media.pictures import jpeg
from tests.scenario.posting import (
    INSTAGRAM,
    ONLY_INSTAGRAM,
    ONLY_TIKTOK,
    TIKTOK,
    Composing,
    F,
    Posted,
    posted,
    public,
    request,
)
from tests.scenario.scene import DAY, HOUR, MINUTE, VELO_CHANNEL, Scene, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def relink(scene: Scene, post: Posted) -> None:
    """Press what the message offers, and give the consent again."""
    before = {each["ts"] for each in await scene.private_buttons("requester")}
    await post.press("requester", "link.relink")
    private = await scene.people.sees(
        "requester",
        VELO_CHANNEL,
        lambda each: bool(button(each, "link.open_page")) and each["ts"] not in before,
    )
    await scene.people.consent(str(button(private, "link.open_page")["url"]), "velowerk")


@pytest.mark.parametrize(
    ("where", "what", "comes_as_far_as"),
    [
        ("tiktok.publish.video_init", "throttle", f"*{TIKTOK}*: queued"),
        ("tiktok.upload", "drop_before", f"*{TIKTOK}*: posted; TikTok is processing it"),
    ],
)
async def test_removed_on_the_way_it_goes_on_by_itself_after_a_relink(
    velo: Scene, film: bytes, where: str, what: str, comes_as_far_as: str
):
    before = {each: len(await public(velo, each)) for each in ("tiktok", "instagram")}
    await velo.trouble(where, what, times=-1)
    post = await posted(velo, film)
    await post.approve()
    await post.comes_to(comes_as_far_as)
    await velo.change("tiktok", "velowerk", remove_app=True)
    await velo.clear_sky()
    waiting = await post.comes_to(
        "The link to TikTok doesn't let it through", "Relink it, and it goes on by itself"
    )
    assert button(waiting, "link.relink")["text"]["text"] == "Relink TikTok and Continue"
    assert not button(waiting, "delivery.again")
    waits = words(await post.thread("Relink it, and it goes on by itself"))
    assert "<@U0MANAGER>" not in waits, "the link's own alert rings"
    assert "its own alert in <#C0VELO>" in waits
    await relink(velo, post)
    done = await post.comes_to("A post for *Velo Werk* is out.")
    assert not button(done, "link.relink")
    for platform, count in before.items():
        assert len(await public(velo, platform)) == count + 1
    await post.thread("this is how it ended")


async def test_a_link_that_is_gone_by_then_is_told_to_whoever_approves(velo: Scene, film: bytes):
    post = await posted(velo, film)
    healthy = await velo.state("instagram")
    await velo.change("instagram", "velowerk", remove_app=True)
    await velo.later(MINUTE)

    async def is_known() -> bool:
        return await velo.state("instagram") != healthy

    await until(is_known, "Instagram's word of the removal never came")
    await post.approve()
    told = await velo.told("manager", "can't go out as it is. Nothing was approved.")
    assert "Instagram can't take posts now" in words(told)
    await velo.people.link("requester", VELO_CHANNEL, "instagram", "velowerk")
    await velo.quiet()
    await post.approve()
    await post.comes_to("A post for *Velo Werk* is out.")


@pytest.mark.parametrize(
    ("lost", "answer", "end"),
    [
        ("drop_after", "delivery.there", "public"),
        ("drop_before", "delivery.absent", "did not go out"),
    ],
)
async def test_nobody_knows_whether_it_went_out_until_somebody_looks(
    velo: Scene, film: bytes, lost: str, answer: str, end: str
):
    count = len(await public(velo, "tiktok"))
    await velo.trouble("tiktok.upload", lost)
    await velo.trouble("tiktok.publish.status", "refuse", code="invalid_publish_id", times=-1)
    post = await posted(velo, film, **ONLY_TIKTOK)
    await post.approve()
    doubted = await post.comes_to("we can't tell whether it went out")
    assert "Look at the account: is it there?" in words(doubted)
    await post.thread("we can't tell whether it went out")
    await velo.clear_sky()
    await post.press("manager", answer)
    settled = await post.comes_to(f"*{TIKTOK}*: {end}", "<@U0MANAGER>")
    assert not button(settled, "delivery.there")
    if answer == "delivery.absent":
        await post.says("Somebody looked, and it isn't there.")
        await post.press("requester", "delivery.again")
        await post.comes_to("A post for *Velo Werk* is out.")
    assert len(await public(velo, "tiktok")) == count + 1


async def test_photos_whose_one_call_got_no_answer_are_settled_by_a_person(velo: Scene):
    count = len(await public(velo, "tiktok"))
    before = {each["ts"] for each in await velo.people.messages("manager", VELO_CHANNEL)}
    person = Composing(velo)
    await person.media(jpeg(1080, 1350), name="ride.jpg")
    await person.submit("post.places", {f"{F}tiktok": "tiktok.photo", f"{F}instagram": "off"})
    await person.fill("post.confirm", f"{F}privacy", "SELF_ONLY")
    assert "errors" not in await person.submit("post.confirm", {f"{F}consent": ["yes"]})
    post = Posted(velo, (await request(velo, but=before))["ts"])
    await velo.trouble("tiktok.publish.content_init", "drop_after")
    await post.approve()
    doubted = await post.comes_to("*TikTok photos*: we can't tell whether it went out")
    assert not button(doubted, "delivery.again"), "a second try could be a second post"
    await post.press("requester", "delivery.there")
    await post.comes_to("A post for *Velo Werk* is out.", "<@U0REQUESTER> looked")
    assert len(await public(velo, "tiktok")) == count + 1


REASONS = {
    "file_format_check_failed": ("TikTok can't read this file format.", "post.copy"),
    "spam_risk_text": ("TikTok takes the caption for spam.", "post.copy"),
    "picture_size_check_failed": ("TikTok doesn't take a picture of this size.", "post.copy"),
}


@pytest.mark.parametrize("reason", REASONS)
async def test_tiktok_looks_at_it_and_refuses(velo: Scene, film: bytes, reason: str):
    await velo.trouble("processing.tiktok", "refuse", code=reason)
    post = await posted(velo, film, **ONLY_TIKTOK)
    await post.approve()
    text, helps = REASONS[reason]
    refused = await post.comes_to(text)
    assert button(refused, helps), words(refused)
    assert "🔴" in words(refused)


async def test_the_audience_is_gone_and_the_post_is_asked_for_again(velo: Scene, film: bytes):
    await velo.trouble("tiktok.publish.video_init", "refuse", code="privacy_level_option_mismatch")
    post = await posted(velo, film)
    await post.approve()
    refused = await post.comes_to(
        "The chosen audience is no longer offered", "ask for approval again", f"*{INSTAGRAM}*: public"
    )
    assert "privacy_level_option_mismatch" in words(refused), "support asks for it"
    assert button(refused, "post.copy")["text"]["text"] == "Fix and Ask Again"
    await post.press("requester", "post.copy")
    places = await Composing(velo).view("post.places")
    assert "ride.mp4" in words(places)


async def test_an_account_that_may_not_post_is_its_owners_matter(velo: Scene, film: bytes):
    await velo.trouble("tiktok.publish.video_init", "refuse", code="spam_risk_user_banned_from_posting")
    post = await posted(velo, film, **ONLY_TIKTOK)
    await post.approve()
    held = await post.comes_to(
        "TikTok doesn't let this account post", "The account's owner opens the TikTok app"
    )
    assert not button(held, "link.relink"), "linking it anew changes nothing"
    assert button(held, "delivery.cancel")
    await post.press("requester", "status.check")
    await post.comes_to("A post for *Velo Werk* is out.")


async def test_a_cap_of_tiktoks_is_waited_out(velo: Scene, film: bytes):
    post = await posted(velo, film, **ONLY_TIKTOK)
    await velo.change("tiktok", "velowerk", posting="too_many_posts")
    await post.approve()
    waiting = await post.comes_to("no posts left at TikTok for now.", "It goes on by itself", turn=MINUTE)
    assert button(waiting, "delivery.cancel")
    await velo.change("tiktok", "velowerk", posting="ok")
    await velo.trouble("tiktok.publish.video_init", "refuse", code="spam_risk_too_many_posts")
    await velo.later(DAY)
    await post.comes_to("has posted too often at TikTok today.", "It goes on by itself", turn=MINUTE)
    await velo.later(DAY)
    await post.comes_to("A post for *Velo Werk* is out.", turn=MINUTE)


async def test_instagram_cannot_make_a_film_of_it(velo: Scene, film: bytes):
    await velo.trouble("processing.instagram", "refuse", code="352/2207026")
    post = await posted(velo, film, **ONLY_INSTAGRAM)
    await post.approve()
    refused = await post.comes_to("did not go out", "352/2207026")
    assert "Instagram can't read this film" in words(refused), words(refused)
    assert button(refused, "post.copy")


async def test_instagrams_posts_of_a_day_are_used_up(velo: Scene, film: bytes):
    await velo.trouble("instagram.media_publish", "refuse", code="9/2207042")
    post = await posted(velo, film, **ONLY_INSTAGRAM)
    await post.approve()
    waiting = await post.comes_to("It goes on by itself")
    assert "no posts left at Instagram" in words(waiting), words(waiting)
    await post.comes_to("A post for *Velo Werk* is out.", turn=HOUR)


async def test_a_platform_that_fails_again_and_again_is_tried_once_more_by_a_press(velo: Scene, film: bytes):
    await velo.trouble("processing.instagram", "refuse", code="-1/2207053", times=-1)
    post = await posted(velo, film, **ONLY_INSTAGRAM)
    await post.approve()
    refused = await post.comes_to("did not go out", "Instagram has trouble on its side", turn=MINUTE)
    await velo.clear_sky()
    assert button(refused, "delivery.again")["text"]["text"] == "Try Again"
    await post.press("requester", "delivery.again")
    await post.comes_to("A post for *Velo Werk* is out.")
