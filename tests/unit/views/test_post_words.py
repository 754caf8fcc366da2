"""Whatever can be said of a post has words, and they are sentences."""

import pytest

from bot.ids import PostState
from bot.views.words import delivery, post_refusal
from bot.views.words import post as words
from core.domain.account import Platform
from core.domain.composing import Around, Flaw, flaws
from core.domain.delivery import Audience, Blame, DeliveryStep, Obstacle
from core.domain.post import DecisionKind, Form, PostStep
from core.domain.verdict import Block
from tests.builders import NOW, a_content
from tests.unit.views.test_words import is_a_sentence as is_one


def is_a_sentence(text):
    """Names in quotes and mentions may begin one."""
    is_one(text.replace("<@", "@").removeprefix("“"))


@pytest.mark.parametrize(
    ("table", "enum"),
    [
        (words.MARK, PostStep),
        (words.STEP, PostStep),
        (words.HEADLINE, PostStep),
        (words.DECISION, DecisionKind),
        (words.STATE, PostState),
        (words.FORM, Form),
        (delivery.MARK, DeliveryStep),
        (delivery.STEP, DeliveryStep),
        (delivery.AUDIENCE, Audience),
        (delivery.BLAME, Blame),
        (delivery.HELP, Blame),
    ],
)
def test_every_member_has_words(table, enum):
    assert set(table) == set(enum)


@pytest.mark.parametrize("code", [*words.FLAW, "something_new"])
@pytest.mark.parametrize(
    "facts", [{}, {"form": "tiktok.photo", "block": "grant_gone", "chosen": "SELF_ONLY"}]
)
def test_a_flaw_is_a_sentence(code, facts):
    is_a_sentence(words.flaw(Flaw(code=code, facts=facts, platform=Platform.INSTAGRAM)))


@pytest.mark.parametrize("blame", Blame)
@pytest.mark.parametrize("code", [*delivery.OBSTACLE, *Block, "video.length", "something_new"])
def test_an_obstacle_is_a_sentence(code, blame):
    is_a_sentence(delivery.obstacle(Obstacle(blame=blame, code=code), Platform.TIKTOK))


@pytest.mark.parametrize("code", post_refusal.SENTENCES)
@pytest.mark.parametrize(
    "facts",
    [{}, {"by": "U1", "step": "approved", "client": "Velo", "managers": "U1 U2", "platform": "tiktok"}],
)
def test_a_refusal_is_a_sentence(code, facts):
    is_a_sentence(post_refusal.post_trouble(code, facts))


@pytest.mark.parametrize("found", flaws(a_content(items=(), targets=()), Around(), NOW))
def test_every_flaw_of_the_domain_has_words(found):
    assert found.code in words.FLAW
