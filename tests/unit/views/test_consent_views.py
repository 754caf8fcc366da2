"""TikTok's line and the yes to it: who reads another line is asked again; what a hint is about stands beside it."""

import pytest

from bot.ids import PostField
from bot.views.post_confirm import confirm_modal
from bot.views.post_errors import confirm_errors
from bot.views.post_form import media_modal
from bot.views.post_places import places_modal
from bot.views.post_reading import read_confirm
from tests.builders import NOW
from tests.unit.views.post_rows import a_sheet, answered, fields, picked, ticked, tiktok
from tests.unit.views.rows import labels

PUBLIC = picked("PUBLIC_TO_EVERYONE")


def test_a_yes_is_to_the_line_that_was_read():
    plain = tiktok(discloses=True, own_brand=True, consents=True, privacy="PUBLIC_TO_EVERYONE")
    assert PostField.CONSENT in fields(confirm_modal(a_sheet(plain)))
    also_branded = answered(
        privacy=PUBLIC, disclosure=ticked("discloses"), brands=ticked("branded"), consent=ticked("yes")
    )
    content = read_confirm(also_branded, plain)
    assert not content.targets[0].tiktok.consents
    asked = fields(confirm_modal(a_sheet(content)))
    assert PostField.CONSENT not in asked
    assert "initial_options" not in asked[PostField.BRANDED_CONSENT]
    agreed = answered(
        privacy=PUBLIC,
        disclosure=ticked("discloses"),
        brands=ticked("branded"),
        branded_consent=ticked("yes"),
    )
    assert read_confirm(agreed, content).targets[0].tiktok.consents


def test_a_yes_that_is_missing_is_asked_for_beside_its_box():
    content = tiktok(discloses=True, branded=True, privacy="PUBLIC_TO_EVERYONE")
    view = answered(disclosure=ticked("discloses"), brands=ticked("branded"), branded_consent=ticked())
    wrong = confirm_errors(view, read_confirm(view, content), NOW)
    assert "Agree to TikTok's line" in wrong[PostField.BRANDED_CONSENT]


def test_the_label_of_ai_is_a_box_of_its_own():
    shown = confirm_modal(a_sheet(tiktok(ai_generated=True)))
    order = [each.get("block_id") for each in shown["blocks"]]
    assert order.index(PostField.DISCLOSURE) < order.index(PostField.AI)
    assert fields(shown)[PostField.AI]["initial_options"]
    content = tiktok(ai_generated=True, discloses=True)
    off = read_confirm(answered(disclosure=ticked("discloses"), ai=ticked()), content)
    assert not off.targets[0].tiktok.ai_generated
    assert off.targets[0].tiktok.discloses


@pytest.mark.parametrize("form", [media_modal, places_modal, confirm_modal])
def test_the_page_is_a_press_away_from_every_step(form):
    sheet = a_sheet(page="https://crosslink.example/compose/x")
    assert "Open the Full Composer" in labels(form(sheet))
    assert "Open the Full Composer" not in labels(form(a_sheet()))
