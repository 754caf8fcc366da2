"""What a page and the command line say where something about a post isn't possible: the sentence, without markup."""

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.views.words.post_refusal import SENTENCES, post_trouble
from bot.views.words.refusal import UNKNOWN
from bot.views.words.refused import sentence, sentence_plain
from bot.web.pages import in_words
from core.domain.refusals import Refusal

FACTS = {
    "by": "U0COLLEAGUE",
    "managers": "U0MANAGER U0COLLEAGUE",
    "client": "Velo <Werk>",
    "platform": "tiktok",
}


@pytest.mark.parametrize("code", SENTENCES)
@pytest.mark.parametrize("facts", [{}, FACTS])
def test_every_refusal_about_a_post_has_a_plain_sentence(code, facts):
    told = sentence_plain(Refusal(code, **facts))
    assert told != UNKNOWN
    assert told[0].isupper() or told[0] == "“"
    assert told.endswith(".")
    assert not set("`") & set(told)
    for markup in ("<@", "&lt;", "{"):
        assert markup not in told


def test_people_are_named_where_slack_shows_names():
    assert "<@U0COLLEAGUE>" in (post_trouble("post_changed", FACTS) or "")
    assert sentence_plain(Refusal("post_changed", **FACTS)).startswith("Somebody changed this post")
    assert sentence_plain(Refusal("not_approver", **FACTS)).endswith("2 of them in Slack.")
    assert "Velo <Werk>" in sentence_plain(Refusal("not_approver", **FACTS))
    assert "Velo &lt;Werk&gt;" in sentence(Refusal("not_approver", **FACTS))


async def test_a_page_says_why_a_post_cannot_be_asked_for():
    async def handler(_request):
        raise Refusal("nobody_may_approve", client="Velo Werk")

    answer = await in_words(handler)(make_mocked_request("POST", "/compose/x"))
    assert answer.status == 400
    assert "Velo Werk has no managers besides you" in answer.text


def test_what_blocks_a_post_is_named_and_not_always_its_file():
    told = sentence_plain(
        Refusal("post_blocked", findings="caption.units.max video.moov.in caption.units.max")
    )
    assert told.startswith("The platforms won't take this as it is (caption length, index position).")
    assert "(" not in sentence_plain(Refusal("post_blocked"))


def test_what_a_post_lacks_is_said_of_its_own_platform_and_file():
    held = {"first": "account_blocked", "platform": "instagram", "block": "account_held"}
    assert "Instagram can't take posts now: Instagram holds the account back." in sentence(
        Refusal("post_incomplete", **held)
    )
    gone = {"first": "media_gone", "platform": "", "name": "<film>.mp4"}
    assert "“&lt;film&gt;.mp4” is no longer kept here." in sentence(Refusal("post_incomplete", **gone))
    assert "“<film>.mp4” is no longer kept here." in sentence_plain(Refusal("post_incomplete", **gone))
