"""What a post's content lacks: TikTok's duties one by one, forms and files, texts' room, and clocks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.account import Platform
from core.domain.alerts import zone_of
from core.domain.composing import (
    FARTHEST,
    Around,
    counts,
    default_targets,
    draft_of,
    flaws,
    forms_for,
    moments,
    takes,
)
from core.domain.creator import CREATOR_FRESH, Creator, creator_of
from core.domain.media import Kind
from core.domain.post import Content, Form, Item, Sender, Target, TikTokOptions
from core.domain.verdict import Block
from core.providers.limits import limit_sets
from tests.builders import NOW, a_connection, a_linked_connection, an_account, an_item

TIKTOK, INSTAGRAM = Platform.TIKTOK, Platform.INSTAGRAM
FILM = an_item()
PICTURE = an_item(kind=Kind.IMAGE, seconds=None)
PUBLIC, PRIVATE = "PUBLIC_TO_EVERYONE", "SELF_ONLY"
CREATOR = Creator(
    handle="nordlicht.bakery",
    name="Nordlicht",
    seen_at=NOW,
    options=(PUBLIC, PRIVATE),
    may_comment=True,
    may_duet=True,
    may_stitch=True,
)
STRICT = replace(CREATOR, may_comment=False, may_duet=False, may_stitch=False)
CHOSEN = TikTokOptions(privacy=PUBLIC, consents=True)


def sender(platform):
    return Sender(platform=platform, connection_id="cn", account_id="1", handle="nordlicht.bakery")


AROUND = Around(senders={each: sender(each) for each in Platform}, creator=CREATOR)


def on_tiktok(form=Form.TIKTOK_VIDEO, items=(FILM,), **chosen):
    return Content(items=items, targets=(Target(form=form, tiktok=replace(CHOSEN, **chosen)),))


def lacking(content, around=AROUND, at=NOW):
    return [each.code for each in flaws(content, around, at)]


@pytest.mark.parametrize(
    ("chosen", "codes"),
    [
        ({}, []),
        ({"privacy": None}, ["privacy_missing"]),
        ({"privacy": "FOLLOWER_OF_CREATOR"}, ["privacy_not_offered"]),
        ({"consents": False}, ["consent_missing"]),
        ({"discloses": True}, ["disclosure_empty"]),
        ({"discloses": True, "own_brand": True}, []),
        ({"discloses": True, "branded": True}, []),
        ({"discloses": True, "branded": True, "privacy": PRIVATE}, ["branded_private"]),
        ({"discloses": True, "own_brand": True, "privacy": PRIVATE}, []),
        ({"branded": True, "privacy": PRIVATE}, []),
        ({"allow_comment": True, "allow_duet": True, "allow_stitch": True}, []),
        ({"privacy": None, "consents": False}, ["privacy_missing", "consent_missing"]),
    ],
)
def test_tiktoks_screen_has_to_be_filled_in(chosen, codes):
    assert lacking(on_tiktok(**chosen)) == codes


@pytest.mark.parametrize("name", ["comment", "duet", "stitch"])
def test_what_the_creator_switched_off_is_not_allowed(name):
    content = on_tiktok(**{f"allow_{name}": True})
    assert lacking(content, replace(AROUND, creator=STRICT)) == [f"{name}_off"]


def test_photos_have_comments_only():
    everything = {"allow_comment": True, "allow_duet": True, "allow_stitch": True}
    photos = on_tiktok(Form.TIKTOK_PHOTO, (PICTURE,), **everything)
    assert lacking(photos) == ["duet_photo", "stitch_photo"]


@pytest.mark.parametrize("to_inbox", [True, False])
def test_what_goes_to_the_inbox_is_judged_as_such(to_inbox):
    target = Target(form=Form.TIKTOK_VIDEO, tiktok=TikTokOptions(to_inbox=to_inbox))
    assert draft_of(Content(), target).to_inbox is to_inbox


def test_the_inbox_asks_for_nothing_that_the_app_asks_for_later():
    inbox = Content(
        items=(FILM,), targets=(Target(form=Form.TIKTOK_VIDEO, tiktok=TikTokOptions(to_inbox=True)),)
    )
    assert lacking(inbox, replace(AROUND, creator=None)) == []


@pytest.mark.parametrize(
    "creator", [None, replace(CREATOR, seen_at=NOW - CREATOR_FRESH - timedelta(seconds=1))]
)
def test_a_creator_who_was_not_asked_lately_is_unknown(creator):
    assert lacking(on_tiktok(), replace(AROUND, creator=creator)) == ["creator_unknown"]


def test_accounts_have_to_be_there_and_work():
    content = Content(items=(FILM,), targets=(Target(form=Form.REEL),))
    assert lacking(content, Around()) == ["account_missing"]
    blocked = flaws(content, replace(AROUND, blocked={INSTAGRAM: Block.GRANT_GONE}), NOW)
    assert [(each.code, each.facts) for each in blocked] == [("account_blocked", {"block": "grant_gone"})]
    assert lacking(content, replace(AROUND, blocked={TIKTOK: Block.GRANT_GONE})) == []


def test_an_empty_content_lacks_files_and_targets():
    assert lacking(Content()) == ["media_missing", "targets_missing"]


def test_a_platform_is_a_target_once():
    twice = Content(items=(FILM,), targets=(Target(form=Form.REEL), Target(form=Form.STORY)))
    assert lacking(twice) == ["target_twice"]


@pytest.mark.parametrize(
    ("ahead", "codes"),
    [
        (timedelta(seconds=1), []),
        (timedelta(0), ["time_past"]),
        (-timedelta(days=1), ["time_past"]),
        (FARTHEST, []),
        (FARTHEST + timedelta(seconds=1), ["time_too_far"]),
    ],
)
def test_a_time_is_ahead_but_not_too_far(ahead, codes):
    content = Content(items=(FILM,), targets=(Target(form=Form.REEL),), publish_at=NOW + ahead)
    assert lacking(content) == codes


@pytest.mark.parametrize(
    ("items", "forms"),
    [
        ((), []),
        ((FILM,), [Form.TIKTOK_VIDEO, Form.REEL]),
        ((PICTURE,), [Form.TIKTOK_PHOTO, Form.IMAGE]),
        ((PICTURE,) * 3, [Form.TIKTOK_PHOTO, Form.CAROUSEL]),
        ((FILM, PICTURE), [Form.CAROUSEL]),
        ((PICTURE,) * 12, [Form.TIKTOK_PHOTO]),
        ((PICTURE,) * 36, []),
        ((an_item(kind=Kind.AUDIO),), []),
    ],
)
def test_files_choose_their_usual_forms(items, forms):
    assert [each.form for each in default_targets(items)] == forms


items = st.lists(st.sampled_from([FILM, PICTURE]), min_size=1, max_size=40).map(tuple)


@given(items)
def test_usual_forms_fit_and_are_one_for_each_platform_that_has_any(held: tuple[Item, ...]):
    chosen = [each.form for each in default_targets(held)]
    possible = forms_for(held)
    assert all(takes(each, held) for each in possible)
    assert [each for each in possible if each in chosen] == chosen
    assert {each.platform for each in chosen} == {each.platform for each in possible}


@given(items, st.sampled_from(Form))
def test_a_form_that_does_not_fit_is_a_flaw(held, form):
    content = Content(items=held, targets=(Target(form=form, tiktok=CHOSEN),))
    assert ("media_unfit" in lacking(content)) == (not takes(form, held))


@given(st.builds(Item, sha256=st.just("0"), size=st.just(1), name=st.just("a"), kind=st.sampled_from(Kind)))
def test_forms_agree_with_the_rules_about_kinds(item):
    sets = limit_sets()
    for form in Form:
        if takes(form, (item,)):
            assert item.kind in sets[form].kinds


def test_room_is_counted_where_it_goes_as_each_platform_counts():
    target = Target(form=Form.TIKTOK_PHOTO, title="🥐")
    content = Content(caption="Bread 🥐 #a #b @c", targets=(target, Target(form=Form.IMAGE, caption="#a")))
    found = {(each.form, each.subject): (each.used, each.left) for each in counts(content, limit_sets())}
    assert found == {
        (Form.TIKTOK_PHOTO, "caption.units"): (17, 3983),
        (Form.TIKTOK_PHOTO, "title.units"): (2, 88),
        (Form.IMAGE, "caption.characters"): (2, 2198),
        (Form.IMAGE, "caption.hashtags"): (1, 29),
        (Form.IMAGE, "caption.mentions"): (0, 20),
    }


def test_a_story_has_no_words_to_count():
    assert counts(Content(caption="Bread", targets=(Target(form=Form.STORY),)), limit_sets()) == ()


def test_preflight_hears_of_promotion_only_where_it_is_disclosed():
    target = Target(form=Form.TIKTOK_VIDEO, tiktok=replace(CHOSEN, branded=True))
    assert not draft_of(Content(), target).promotes
    disclosed = replace(target, tiktok=replace(target.tiktok, discloses=True))
    assert draft_of(Content(), disclosed).promotes


@pytest.mark.parametrize(
    ("local", "zone", "found"),
    [
        ("2026-11-02T10:00", "Europe/Berlin", ["2026-11-02T09:00"]),
        ("2026-03-29T02:30", "Europe/Berlin", []),
        ("2026-10-25T02:30", "Europe/Berlin", ["2026-10-25T00:30", "2026-10-25T01:30"]),
        ("2026-03-08T02:30", "America/New_York", []),
        ("2026-10-04T02:15", "Australia/Lord_Howe", []),
        ("2026-11-02T10:00", "Asia/Kathmandu", ["2026-11-02T04:15"]),
        ("2026-11-02T10:00", "Mars/Olympus", ["2026-11-02T10:00"]),
    ],
)
def test_a_time_on_a_clock_is_no_moment_one_or_two(local, zone, found):
    expected = tuple(datetime.fromisoformat(each).replace(tzinfo=UTC) for each in found)
    assert moments(datetime.fromisoformat(local), zone) == expected


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu"]),
)
def test_every_moment_is_found_by_what_clocks_show_then(at, zone):
    shown = at.astimezone(zone_of(zone)).replace(tzinfo=None)
    assert at in moments(shown, zone)


class TestCreator:
    def test_is_what_tiktok_last_said(self):
        details = {
            "privacy_options": f"{PUBLIC},{PRIVATE}",
            "comment_disabled": "no",
            "duet_disabled": "yes",
            "stitch_disabled": "no",
            "max_video_seconds": "600",
        }
        found = creator_of(a_linked_connection(account=an_account(name="Nordlicht", details=details)), NOW)
        assert found is not None
        assert (found.name, found.options, found.max_seconds) == ("Nordlicht", (PUBLIC, PRIVATE), 600)
        assert (found.may_comment, found.may_duet, found.may_stitch) == (True, False, True)
        assert found.is_fresh(NOW + CREATOR_FRESH)
        assert not found.is_fresh(NOW + CREATOR_FRESH + timedelta(seconds=1))

    def test_is_nobody_where_tiktok_told_nothing(self):
        assert creator_of(a_connection(), NOW) is None
        assert creator_of(a_linked_connection(), NOW) is None

    def test_may_nothing_that_tiktok_did_not_mention(self):
        told = an_account(details={"privacy_options": PUBLIC})
        found = creator_of(a_linked_connection(account=told), NOW)
        assert found is not None
        assert (found.may_comment, found.may_duet, found.may_stitch) == (False, False, False)
