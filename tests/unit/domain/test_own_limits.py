"""What an account allows, from what it said of itself."""

from dataclasses import replace

import pytest

from core.domain.account import Platform
from core.domain.own_limits import own_limits
from core.domain.verdict import Block
from tests.builders import NOW, a_client, a_linked_connection, an_account


def of(platform=Platform.TIKTOK, **details):
    account = an_account(platform, details=details)
    connection = a_linked_connection(a_client(), platform=platform, provider=platform.value, account=account)
    return own_limits(connection, NOW)


def test_what_tiktok_said_of_the_creator_counts():
    found = of(max_video_seconds="240", privacy_options="SELF_ONLY,PUBLIC_TO_EVERYONE")
    assert (found.handle, found.max_duration) == ("nordlicht.bakery", 240)
    assert found.privacy_options == ("SELF_ONLY", "PUBLIC_TO_EVERYONE")
    assert (found.blocked, found.business, found.quota_left) == (None, None, None)


@pytest.mark.parametrize(("kind", "business"), [("business", True), ("media_creator", False)])
def test_instagram_says_what_kind_of_account_it_is(kind, business):
    assert of(Platform.INSTAGRAM, account_type=kind).business is business


def test_instagram_says_how_many_posts_are_left():
    found = of(Platform.INSTAGRAM, quota_left="0", quota_total="50")
    assert (found.quota_left, found.quota_total) == (0, 50)


def test_what_makes_no_sense_is_not_said():
    found = of(max_video_seconds="long", privacy_options="", quota_left="-1")
    assert (found.max_duration, found.privacy_options, found.quota_left) == (None, None, None)


def test_a_link_that_may_not_publish_blocks():
    connection = a_linked_connection(a_client(), account=an_account())
    narrowed = replace(connection, sides=replace(connection.sides, granted=frozenset()))
    assert isinstance(own_limits(narrowed, NOW).blocked, Block)


def test_nobody_linked_says_nothing():
    connection = a_linked_connection(a_client(), account=an_account())
    assert own_limits(replace(connection, account=None), NOW) is None
