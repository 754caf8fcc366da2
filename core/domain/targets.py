"""Where a post may go, as people name it: "tiktok", "instagram.reel", "ayrshare.instagram.story"."""

from collections.abc import Mapping, Sequence

from core.domain.limits import LimitSet
from core.domain.media import Kind, Media
from core.domain.refusals import Refusal

USUAL = ("tiktok", "instagram")
"""Platforms that are looked at when nobody names any."""
_FORMS: Mapping[str, Mapping[str, str]] = {
    "tiktok": {"video": "video", "image": "photo", "several": "photo"},
    "instagram": {"video": "reel", "image": "image", "several": "carousel"},
}


def choose(names: Sequence[str], media: Sequence[Media], sets: Mapping[str, LimitSet]) -> dict[str, LimitSet]:
    """Return the rules for each named target, under the name that was given.

    A platform alone stands for the form that fits the media; no name at all for what fits on both platforms.
    Raises Refusal `unknown_target`.
    """
    if not names:
        return {_full(name, media): sets[_full(name, media)] for name in USUAL}
    chosen = {}
    for name in names:
        typed = name.strip().lower()
        full = typed if typed in sets else _full(typed, media)
        if full not in sets:
            raise Refusal("unknown_target", typed=name, known=", ".join(sorted({*_FORMS, *sets})))
        chosen[typed] = sets[full]
    return chosen


def _full(name: str, media: Sequence[Media]) -> str:
    forms = _FORMS.get(name.rpartition(".")[2])
    return f"{name}.{forms[_form(media)]}" if forms else name


def _form(media: Sequence[Media]) -> str:
    if len(media) > 1:
        return "several"
    return "image" if media and media[0].kind is Kind.IMAGE else "video"
