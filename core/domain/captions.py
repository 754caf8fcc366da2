"""How platforms count what is in a caption."""

import re

_HASHTAG = re.compile(r"(?<![\w&])[#＃](?=\w*[^\W\d_])\w+")
"""A hashtag has a letter in it and doesn't begin inside a word or an HTML entity."""
_MENTION = re.compile(r"(?<![\w.@])@(?=[\w.]*\w)[\w.]+")


def utf16_units(text: str) -> int:
    """Return the length as TikTok counts it (Content Posting API, direct post: UTF-16 code units)."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def hashtags(text: str) -> int:
    """Return how many hashtags a caption has, repeated ones included."""
    return len(_HASHTAG.findall(text))


def mentions(text: str) -> int:
    """Return how many accounts a caption mentions, repeated ones included."""
    return len(_MENTION.findall(text))
