"""Any refusal as Slack text, whichever room it comes from."""

from bot.views.text import clip_markup, esc
from bot.views.words.mending import mending_trouble
from bot.views.words.post_refusal import post_trouble
from bot.views.words.preflight import preflight_trouble
from bot.views.words.refusal import refusal
from bot.views.words.source import source_trouble
from core.domain.refusals import Refusal

_MOST = 1500


def sentence(refused: Refusal) -> str:
    """Return what to say about a refusal."""
    code, facts = refused.code, refused.facts
    if (about_post := post_trouble(code, facts)) is not None:
        return clip_markup(about_post, _MOST)
    told = source_trouble(code, facts) or mending_trouble(code, facts) or preflight_trouble(code, facts)
    return clip_markup(esc(told), _MOST) if told else refusal(code, facts)
