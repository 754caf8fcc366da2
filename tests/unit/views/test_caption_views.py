"""Which words go along: people are shown no caption where a platform takes none."""

from bot.ids import PostField
from bot.views.post_form import Sheet
from bot.views.post_parts import finding_line
from bot.views.post_places import places_modal
from bot.views.post_reading import read_places
from bot.views.request_view import Shown, request_message
from bot.views.words.post import instagram_options, tiktok_options
from core.domain.account import Platform
from core.domain.composing import counts, draft_of
from core.domain.limits import Severity
from core.domain.post import Form, InstagramOptions, Target, TikTokOptions
from core.domain.preflight import Finding
from core.providers.limits import limit_sets
from tests.builders import a_content, an_item
from tests.unit.views.post_rows import a_row, a_sheet, answered, fields, picked, ticked
from tests.unit.views.rows import accepted

TO_INBOX = TikTokOptions(to_inbox=True)
INBOX = Target(form=Form.TIKTOK_VIDEO, tiktok=TO_INBOX)
STORY = Target(form=Form.STORY)
PHOTOS = Target(form=Form.TIKTOK_PHOTO, tiktok=TO_INBOX)


def going(*targets, **changes):
    return a_content(**{"caption": "Fresh bread", "items": (an_item(),), "targets": targets} | changes)


def test_a_story_and_a_video_for_the_inbox_go_without_a_caption():
    content = going(INBOX, STORY)
    assert [content.caption_of(each) for each in content.targets] == ["", ""]
    said = accepted(request_message(Shown(row=a_row(content=content))))
    assert "No caption · Instagram Story: it shows none" in said
    assert "No caption · TikTok video: the account's owner writes it in TikTok" in said
    assert "Fresh bread" not in said


def test_photos_for_the_inbox_take_theirs_along():
    content = going(PHOTOS, items=(an_item(), an_item()))
    assert content.caption_of(content.targets[0]) == "Fresh bread"
    assert "Fresh bread" in accepted(request_message(Shown(row=a_row(content=content))))


def test_words_that_go_nowhere_are_neither_counted_nor_held_against_a_post():
    content = going(INBOX, STORY, caption="x" * 5000)
    assert counts(content, limit_sets()) == ()
    assert draft_of(content, INBOX).caption == ""


def test_a_caption_of_its_own_is_asked_for_only_where_it_goes():
    content = going(INBOX, Target(form=Form.REEL, caption="For the reel"))
    asked = fields(places_modal(a_sheet(content)))
    assert PostField.INSTAGRAM_CAPTION in asked
    assert PostField.TIKTOK_CAPTION not in asked
    assert PostField.VARIANTS not in fields(places_modal(a_sheet(going(INBOX, STORY))))


def test_words_written_for_a_platform_outlast_a_look_at_its_inbox():
    content = going(Target(form=Form.TIKTOK_VIDEO, caption="For TikTok"))
    shown = answered(tiktok=picked(f"{Form.TIKTOK_VIDEO}:inbox"), variants=ticked("yes"))
    inside = read_places(shown, content, "UTC")
    assert inside.target(Platform.TIKTOK).tiktok.to_inbox
    back = read_places(answered(tiktok=picked(Form.TIKTOK_VIDEO), variants=ticked("yes")), inside, "UTC")
    assert back.caption_of(back.targets[0]) == "For TikTok"


def test_labels_and_music_that_go_out_are_shown_to_whoever_decides():
    ai = "marked as AI-generated"
    assert instagram_options(InstagramOptions(ai_generated=True), Form.REEL) == f"also in the feed · {ai}"
    assert instagram_options(InstagramOptions(ai_generated=True), Form.STORY) == ai
    photos = TikTokOptions(privacy="SELF_ONLY", auto_music=True)
    assert "TikTok adds music" in tiktok_options(photos, Form.TIKTOK_PHOTO)
    assert "music" not in tiktok_options(photos, Form.TIKTOK_VIDEO)


def test_the_form_of_places_fits_whatever_takes_no_caption():
    sheet: Sheet = a_sheet(going(INBOX, STORY))
    accepted(places_modal(sheet))


def test_a_caption_that_is_too_long_is_counted_in_characters():
    finding = Finding(
        code="caption.units.max",
        severity=Severity.BLOCK,
        where="caption",
        measured="2,400 UTF-16 units",
        allowed="at most 2,200 UTF-16 units",
    )
    said = finding_line(finding, ["TikTok video"])
    assert "2,400 characters – allowed: at most 2,200 characters. " in said
    assert "Emoji count double" in said
