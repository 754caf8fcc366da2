"""Any refusal in words, whichever room it comes from: as Slack text, or plain."""

from collections.abc import Mapping

from bot.views.text import clip_markup, esc
from bot.views.words.mending import mending_trouble
from bot.views.words.post_refusal import post_trouble, post_trouble_plain
from bot.views.words.preflight import preflight_trouble
from bot.views.words.refusal import refusal, refusal_plain
from bot.views.words.source import source_trouble
from core.domain.refusals import Refusal

_MOST = 1500


def sentence(refused: Refusal) -> str:
    """Return what to say about a refusal."""
    code, facts = refused.code, refused.facts
    if (about_post := post_trouble(code, facts)) is not None:
        return clip_markup(about_post, _MOST)
    told = _about_files(code, facts)
    return clip_markup(esc(told), _MOST) if told else refusal(code, facts)


def sentence_plain(refused: Refusal) -> str:
    """Return the same without markup, for pages and the command line."""
    code, facts = refused.code, refused.facts
    return post_trouble_plain(code, facts) or _about_files(code, facts) or refusal_plain(code, facts)


def _about_files(code: str, facts: Mapping[str, str]) -> str | None:
    return source_trouble(code, facts) or mending_trouble(code, facts) or preflight_trouble(code, facts)
