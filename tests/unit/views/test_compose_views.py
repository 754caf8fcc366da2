"""The form of a post: what TikTok's audit asks of it, what is read from it, and what is wrong in it."""

from dataclasses import replace

import pytest

from bot.ids import PostField
from bot.views.post_confirm import confirm_modal
from bot.views.post_errors import confirm_errors, media_errors, places_errors
from bot.views.post_form import media_modal, recounted
from bot.views.post_reading import read_confirm, read_media, read_places
from core.domain.composing import Count
from core.domain.post import Form
from tests.builders import NOW, a_content
from tests.unit.views.post_rows import OPTIONS, a_sheet, answered, fields, picked, ticked, tiktok
from tests.unit.views.rows import accepted


class TestTikTokDuties:
    def test_audiences_are_those_offered_with_none_chosen(self):
        menu = fields(confirm_modal(a_sheet(tiktok())))[PostField.PRIVACY]
        assert [each["value"] for each in menu["options"]] == [*OPTIONS]
        assert "initial_option" not in menu

    def test_what_is_impossible_is_left_out_with_a_sentence_and_all_is_off(self):
        view = confirm_modal(a_sheet(tiktok()))
        boxes = fields(view)[PostField.INTERACTIONS]
        assert [each["value"] for each in boxes["options"]] == ["comment", "duet"]
        assert "initial_options" not in boxes
        assert "Stitch is switched off" in accepted(view)

    def test_the_nickname_and_the_consent_line_are_shown(self):
        said = accepted(confirm_modal(a_sheet(tiktok())))
        assert "posts as *Nordlicht* (@nordlicht.bakery)" in said
        assert "Music Usage Confirmation" in said
        assert "Branded Content Policy" not in said

    def test_branded_content_names_its_policy_and_takes_only_me_away(self):
        view = confirm_modal(a_sheet(tiktok(discloses=True, branded=True)))
        assert "SELF_ONLY" not in {each["value"] for each in fields(view)[PostField.PRIVACY]["options"]}
        for part in ("Branded Content Policy", "Paid partnership", "cannot be set to private"):
            assert part in accepted(view)

    def test_only_me_takes_branded_content_away(self):
        boxes = fields(confirm_modal(a_sheet(tiktok(discloses=True, privacy="SELF_ONLY"))))[PostField.BRANDS]
        assert [each["value"] for each in boxes["options"]] == ["own_brand"]

    def test_a_stale_creator_means_try_later(self):
        sheet = a_sheet(tiktok())
        view = confirm_modal(replace(sheet, composer=replace(sheet.composer, is_fresh=False)))
        assert PostField.PRIVACY not in fields(view)
        assert "Try again in a few minutes" in accepted(view)

    def test_the_inbox_asks_nothing(self):
        assert set(fields(confirm_modal(a_sheet(tiktok(to_inbox=True))))) == {PostField.MUSIC}


class TestReading:
    def test_the_caption(self):
        view = answered(caption={"value": "Neu"})
        assert read_media(view, a_content()).caption == "Neu"

    def test_places_and_own_captions(self):
        view = answered(
            tiktok=picked("tiktok.video:inbox"),
            instagram=picked("off"),
            variants=ticked("yes"),
            tiktok_caption={"value": "Nur hier"},
            when=picked("now"),
        )
        content = read_places(view, a_content(), "Europe/Berlin")
        assert [(each.form, each.caption) for each in content.targets] == [(Form.TIKTOK_VIDEO, "Nur hier")]
        assert content.targets[0].tiktok.to_inbox

    def test_a_time_is_the_clients(self):
        view = answered(
            when=picked("at"), day={"selected_date": "2026-12-24"}, time={"selected_time": "18:00"}
        )
        content = read_places(view, a_content(), "Europe/Berlin")
        assert content.publish_at.isoformat() == "2026-12-24T17:00:00+00:00"

    def test_what_wasnt_asked_stays(self):
        content = a_content(publish_at=NOW)
        assert read_places({}, content, "UTC") == content
        assert read_confirm({}, content) == content

    def test_switching_disclosure_off_takes_its_boxes_along(self):
        content = read_confirm(answered(disclosure=ticked()), tiktok(discloses=True, branded=True))
        assert not content.targets[0].tiktok.branded


class TestErrors:
    def test_nothing_chosen_and_both_chosen(self):
        empty = a_content(items=())
        assert set(media_errors({}, empty)) == {PostField.FILES}
        both = answered(files={"files": [{"id": "F1"}]}, url={"value": "https://x.example/a.mp4"})
        assert set(media_errors(both, empty)) == {PostField.URL}
        assert media_errors({}, a_content()) == {}

    @pytest.mark.parametrize(
        ("day", "clock", "said"),
        [
            ("2027-03-28", "02:30", "doesn't exist"),
            ("2020-01-01", "12:00", "is over"),
            ("", "12:00", "Choose a day"),
        ],
    )
    def test_a_time_that_isnt_one(self, day, clock, said):
        view = answered(when=picked("at"), day={"selected_date": day}, time={"selected_time": clock})
        content = read_places(view, a_content(), "Europe/Berlin")
        assert said in places_errors(view, content, "Europe/Berlin", NOW)[PostField.TIME]

    def test_tiktoks_own_sentences_stand_beside_their_fields(self):
        view = answered(privacy={}, disclosure=ticked("discloses"), brands=ticked(), consent=ticked())
        content = read_confirm(view, tiktok())
        wrong = confirm_errors(view, content, NOW)
        assert set(wrong) == {PostField.PRIVACY, PostField.BRANDS, PostField.CONSENT}
        assert wrong[PostField.BRANDS].startswith("You need to indicate")


def test_counts_follow_what_is_typed_and_the_rest_stays():
    sheet = a_sheet(
        counts=[Count(form=Form.REEL, subject="caption.characters", used=3, most=9, unit="characters")]
    )
    before = media_modal(sheet)
    over = [Count(form=Form.REEL, subject="caption.characters", used=12, most=9, unit="characters")]
    after = recounted(before, PostField.CAPTION, over)
    assert "3 characters too many (12 of 9)" in accepted(after)
    assert len(after["blocks"]) == len(before["blocks"])
