"""The composer's page says what Slack says, in the same words."""

from pathlib import Path

import bot
from bot.views.words import composing
from bot.views.words.preflight import unit

PAGE = (Path(bot.__file__).parent / "web/templates/compose.html").read_text()


def test_what_is_made_by_ai_is_called_the_same_on_the_page_and_in_slack():
    assert "with AI" not in PAGE
    assert PAGE.count("composing.AI,") == 2
    assert composing.AI_TIKTOK.startswith(composing.AI)


def test_what_the_platform_counts_are_characters_to_people():
    assert unit("UTF-16 units") == unit("characters") == "characters"
    assert unit("2,400 UTF-16 units") == "2,400 characters"
