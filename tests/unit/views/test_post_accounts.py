"""An account that can't take the post: said where it is chosen, and whoever approves gets what mends it."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from bot.ids import PostField
from bot.views.post_confirm import confirm_modal
from bot.views.post_places import places_modal
from bot.views.recheck_view import recheck_message
from core.domain.account import Platform
from core.domain.composing import Flaw
from core.domain.recheck import Change, Recheck
from core.domain.verdict import Block
from core.usecases.composing import Composer
from tests.builders import NOW, a_content, a_post
from tests.unit.views.post_rows import CLIENT, CREATOR, SENDERS, a_sheet, fields
from tests.unit.views.rows import accepted, labels

MISSING = Flaw(code="account_missing", field="targets", platform=Platform.TIKTOK)


CAPPED = Flaw(code="creator_capped", field="targets", platform=Platform.TIKTOK)


def blocked(block):
    facts = {"block": block}
    return Flaw(code="account_blocked", field="targets", platform=Platform.INSTAGRAM, facts=facts)


def with_flaws(*found):
    sheet = a_sheet()
    checked = SimpleNamespace(post=sheet.post, client=CLIENT, flaws=found, report=None, plan=None)
    return accepted(places_modal(a_sheet(sheet.content, checked=checked)))


def asked(*found):
    changes = tuple(
        Change(code=each.code, platform=each.platform, facts=each.facts, blocks=True) for each in found
    )
    return recheck_message(Recheck(post=a_post(CLIENT), client=CLIENT, changes=changes), "C0BAKERY")


def test_what_is_wrong_with_an_account_is_said_where_it_is_chosen():
    said = with_flaws(MISSING, blocked(Block.GRANT_GONE))
    assert "TikTok isn't linked yet. Link it with /crosslink link, or leave it out." in said
    told = "Instagram can't take posts now: app removed at Instagram. Relink it with /crosslink link"
    assert told in said
    assert "leave it out" not in with_flaws()


def test_nobody_is_sent_to_relink_what_only_its_owner_can_free():
    said = with_flaws(blocked(Block.ACCOUNT_HELD))
    assert "Its owner has to open the Instagram app and do what it asks. Until then, leave it out." in said
    assert "Relink" not in said


@pytest.mark.parametrize(
    ("found", "label"), [(MISSING, "Link TikTok"), (blocked(Block.CREDENTIALS_GONE), "Relink Instagram")]
)
def test_whoever_approves_gets_the_button_that_mends_the_link(found, label):
    question = asked(found)
    accepted(question)
    assert label in labels(question)


def test_an_account_that_is_held_has_no_such_button():
    assert not [each for each in labels(asked(blocked(Block.ACCOUNT_HELD))) if "elink" in each]


def test_an_account_without_room_is_told_before_anything_is_chosen_for_it():
    assert "TikTok takes no more posts from this account for now" in with_flaws(CAPPED)
    full = Composer(
        client=CLIENT, senders=SENDERS, blocked={}, creator=replace(CREATOR, is_capped=True), is_fresh=True
    )
    shown = confirm_modal(a_sheet(composer=full))
    assert PostField.PRIVACY not in fields(shown)
    assert "Try again later" in accepted(shown)


def test_what_a_post_for_later_needs_is_asked_all_the_same():
    full = Composer(
        client=CLIENT, senders=SENDERS, blocked={}, creator=replace(CREATOR, is_capped=True), is_fresh=True
    )
    later = replace(a_content(), publish_at=NOW + timedelta(days=2))
    assert PostField.PRIVACY in fields(confirm_modal(a_sheet(later, composer=full)))


def test_whoever_approves_may_let_it_wait_for_room():
    mild = Recheck(post=a_post(CLIENT), client=CLIENT, changes=(Change(code="creator_capped"),))
    question = recheck_message(mild, "C0BAKERY")
    assert "Approved, it waits until there is room." in accepted(question)
    assert "Approve Anyway" in labels(question)
