"""What a browser sends from the composer's page becomes a post's content, and nothing is chosen for anybody."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.web.compose_form import local_time, read
from core.domain.account import Platform
from core.domain.media import Kind
from core.domain.post import Content, Form, InstagramOptions, Item, Target, TikTokOptions
from core.domain.preflight import Music

FILM = Item(sha256="ab" * 32, size=5, name="ride.mp4", kind=Kind.VIDEO, seconds=12.0)
BEFORE = Content(items=(FILM,))
BOTH = {"to_tiktok": "on", "to_instagram": "on", "when": "now"}


def content(form: dict[str, str], before: Content = BEFORE, zone: str = "Europe/Berlin") -> Content:
    return read(form, before, zone).content


def test_an_empty_form_chooses_nothing():
    assert content({}) == BEFORE


def test_files_are_those_of_before_and_targets_become_the_usual_form():
    found = content(BOTH)
    assert found.items == (FILM,)
    assert [each.form for each in found.targets] == [Form.TIKTOK_VIDEO, Form.REEL]
    assert found.target(Platform.TIKTOK).tiktok == TikTokOptions()


def test_a_form_that_the_files_cannot_become_is_not_taken():
    assert content(BOTH | {"instagram_form": "instagram.carousel"}).targets[1].form is Form.REEL
    assert content(BOTH | {"instagram_form": "instagram.story"}).targets[1].form is Form.STORY


def test_every_choice_for_tiktok_arrives():
    ticked = (
        "comment",
        "duet",
        "stitch",
        "discloses",
        "own_brand",
        "branded",
        "tiktok_ai",
        "auto_music",
        "consents",
    )
    sent = BOTH | dict.fromkeys(ticked, "on") | {"privacy": "SELF_ONLY", "tiktok_how": "inbox"}
    former = replace(BEFORE, targets=(Target(form=Form.TIKTOK_VIDEO, tiktok=TikTokOptions(cover_ms=900)),))
    assert content(sent, former).target(Platform.TIKTOK).tiktok == TikTokOptions(
        to_inbox=True,
        privacy="SELF_ONLY",
        allow_comment=True,
        allow_duet=True,
        allow_stitch=True,
        discloses=True,
        own_brand=True,
        branded=True,
        ai_generated=True,
        auto_music=True,
        cover_ms=900,
        consents=True,
    )


def test_brands_count_only_where_something_is_disclosed():
    found = content(BOTH | {"own_brand": "on", "branded": "on"}).target(Platform.TIKTOK).tiktok
    assert (found.own_brand, found.branded) == (False, False)


def test_every_choice_for_instagram_arrives():
    sent = BOTH | {"share_to_feed": "on", "instagram_ai": "on"}
    assert content(sent).target(Platform.INSTAGRAM).instagram == InstagramOptions(ai_generated=True)
    assert not content(BOTH).target(Platform.INSTAGRAM).instagram.share_to_feed


def test_captions_are_common_unless_one_is_its_own():
    sent = BOTH | {
        "caption": "Ride\r\nfast ",
        "tiktok_caption": "Only here",
        "tiktok_own": "on",
        "instagram_caption": "x",
    }
    found = content(sent)
    assert [found.caption_of(each) for each in found.targets] == ["Only here", "Ride\nfast"]


@pytest.mark.parametrize("sent", ["", "someone's", "unasked"])
def test_music_stays_unasked_until_somebody_says(sent):
    assert content({"music": sent}).music is Music.UNASKED


def test_a_time_is_the_clients_own():
    found = read({"when": "at", "time": "2026-12-01T18:30"}, BEFORE, "Europe/Berlin")
    assert found.content.publish_at == datetime(2026, 12, 1, 17, 30, tzinfo=UTC)
    assert local_time(found.content.publish_at, "Europe/Berlin") == "2026-12-01T18:30"
    assert content({"when": "now", "time": "2026-12-01T18:30"}).publish_at is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("soon", "time_unreadable"),
        ("0001-01-01T00:30", "time_unreadable"),
        ("2026-03-29T02:30", "time_skipped"),
    ],
)
def test_a_time_that_cannot_be_keeps_the_former_one_and_says_so(typed, code):
    former = replace(BEFORE, publish_at=datetime(2026, 12, 1, tzinfo=UTC))
    found = read({"when": "at", "time": typed}, former, "Europe/Berlin")
    assert ([each.code for each in found.flaws], found.content.publish_at) == ([code], former.publish_at)


def test_of_a_time_that_clocks_show_twice_the_chosen_one_stays():
    twice = {"when": "at", "time": "2026-10-25T02:30"}
    early, late = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert content(twice).publish_at == early
    assert content(twice, replace(BEFORE, publish_at=late)).publish_at == late
