"""A creator who may not post for now: nothing that was said before counts as said anew, and nothing of it is lost."""

from dataclasses import replace
from datetime import timedelta

from core.domain.account import Platform
from core.domain.composing import Around, flaws
from core.domain.creator import creator_of
from core.domain.post import Form, Sender, Target, TikTokOptions
from core.domain.recheck import changes
from tests.builders import NOW, a_client, a_content, a_linked_connection, a_post, an_account

SAID = {"privacy_options": "PUBLIC_TO_EVERYONE,SELF_ONLY", "private": "no", "comment_disabled": "no"}
CHOSEN = TikTokOptions(privacy="SELF_ONLY", consents=True)


def described(*details):
    told = [an_account(Platform.TIKTOK, details=each) for each in details]
    connection = a_linked_connection(a_client(), platform=Platform.TIKTOK, account=told[0])
    for each in told[1:]:
        connection = connection.described(each)
    return connection


def test_a_full_day_keeps_what_was_known_and_ends_with_the_next_word():
    full = described(SAID, {"capped": "yes"})
    assert full.account.details == {**SAID, "capped": "yes"}
    assert creator_of(full, NOW).is_capped
    assert not creator_of(full.described(an_account(Platform.TIKTOK, details=SAID)), NOW).is_capped


def test_an_account_that_was_linked_on_a_full_day_is_known_to_be_full():
    creator = creator_of(described({"capped": "yes"}), NOW)
    assert (creator.is_capped, creator.options) == (True, ())


def test_a_posting_screen_stops_and_whoever_approves_is_asked():
    creator = creator_of(described(SAID, {"capped": "yes"}), NOW)
    sender = Sender(platform=Platform.TIKTOK, connection_id="cn_1", account_id="1", handle="velowerk")
    around = Around(senders={Platform.TIKTOK: sender}, creator=creator)
    content = a_content(targets=(Target(form=Form.TIKTOK_VIDEO, tiktok=CHOSEN),))
    (found,) = flaws(content, around, creator.seen_at + timedelta(minutes=1))
    assert found.code == "creator_capped"
    (change,) = changes(a_post(a_client(), content=content), [found], (), around.senders)
    assert not change.blocks


def test_a_post_for_later_is_asked_for_on_a_full_day_where_its_choices_are_known():
    sender = Sender(platform=Platform.TIKTOK, connection_id="cn_1", account_id="1", handle="velowerk")
    content = a_content(targets=(Target(form=Form.TIKTOK_VIDEO, tiktok=CHOSEN),))
    later = replace(content, publish_at=NOW + timedelta(days=2))

    def told(content, *details):
        around = Around(senders={Platform.TIKTOK: sender}, creator=creator_of(described(*details), NOW))
        return [each.code for each in flaws(content, around, NOW)]

    assert told(later, SAID, {"capped": "yes"}) == []
    assert told(content, SAID, {"capped": "yes"}) == ["creator_capped"]
    assert told(later, {"capped": "yes"}) == ["creator_capped"]


def test_a_draft_for_the_inbox_is_another_matter():
    creator = creator_of(described(SAID, {"capped": "yes"}), NOW)
    sender = Sender(platform=Platform.TIKTOK, connection_id="cn_1", account_id="1", handle="velowerk")
    around = Around(senders={Platform.TIKTOK: sender}, creator=creator)
    inbox = Target(form=Form.TIKTOK_VIDEO, tiktok=TikTokOptions(to_inbox=True))
    assert flaws(a_content(targets=(inbox,)), around, creator.seen_at) == ()
