"""An unlink names the posts that it stops, on each platform, before anybody confirms it."""

import pytest

from bot.views.text import some
from bot.views.unlink_view import unlink_message
from core.domain.account import Platform
from core.domain.waiting import Waiting
from core.usecases.unlinking import UnlinkPlan
from tests.builders import NOW, a_client, a_content, a_linked_connection, a_post
from tests.unit.views.rows import HOSTILE, accepted


def said(posts):
    client = a_client()
    plan = UnlinkPlan(
        client=client,
        connections=[a_linked_connection(client, platform=each) for each in Platform],
        can_revoke={Platform.TIKTOK: True, Platform.INSTAGRAM: False},
        manage_url={},
        posts=posts,
    )
    return accepted(unlink_message(plan))


@pytest.mark.parametrize("caption", ["Fresh bread", *HOSTILE])
def test_which_scheduled_posts_are_affected_is_said_for_each_platform(caption):
    soonest = [a_post(content=a_content(caption=each)) for each in (caption, "Rolls", "Pretzels")]
    text = said({Platform.TIKTOK: Waiting(count=5, first_at=NOW, soonest=soonest)})
    assert "*Scheduled for TikTok:* 5 posts won't go out, the first for <!date^" in text
    assert "“Rolls”, “Pretzels” and 2 more." in text
    assert "*Scheduled for Instagram:* nothing, so no post is affected." in text


def test_one_post_is_one():
    soonest = [a_post(content=a_content(caption="Fresh bread"))]
    text = said({Platform.INSTAGRAM: Waiting(count=1, first_at=NOW, soonest=soonest)})
    assert "1 post won't go out" in text
    assert ": “Fresh bread”." in text


def test_some_of_many_are_counted():
    assert [some("ab"[:named], count) for named, count in [(1, 1), (2, 2), (2, 3), (1, 9)]] == [
        "a", "a and b", "a, b and 1 more", "a and 8 more",
    ]  # fmt: skip
