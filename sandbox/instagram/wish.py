"""What POST /media asks for, read as strictly as Instagram reads it (S4)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.instagram.errors import Refused
from sandbox.switches import Switches

Kind = Literal["reel", "story", "image", "carousel"]
CAPTION, ALT_TEXT, COLLABORATORS = 2_200, 1_000, 3
HASHTAG, MENTION = re.compile(r"#\w+"), re.compile(r"(?<!\w)@[\w.]+")
CAPITAL, ESCAPE = re.compile(r"[A-Z]"), re.compile(r"%[0-9A-Fa-f]{2}")
TYPES = frozenset({"", "REELS", "STORIES", "CAROUSEL", "VIDEO"})
"""A single image says none."""

GRADUATION = frozenset({"MANUAL", "SS_PERFORMANCE"})
PLAIN = ("audio_name", "user_tags")


@dataclass(frozen=True, slots=True)
class Wish:
    """`is_item`: a part of a carousel. `url` is the one file, "" for a carousel, whose `children` are containers."""

    kind: Kind
    is_item: bool
    is_video: bool
    url: str
    caption: str
    options: Mapping[str, Any]
    children: tuple[str, ...] = ()
    cover_url: str = ""

    @property
    def thumb_offset(self) -> int:
        """In ms."""
        return int(self.options.get("thumb_offset", 0))


def read_wish(params: Mapping[str, str], switches: Switches) -> Wish:
    """Raises Refused."""
    kind, is_item = _kind(params, switches)
    if params.get("upload_type"):
        # Resumable upload belongs to Facebook Login (S24).
        raise _missing("video_url")
    url, is_video = ("", False) if kind == "carousel" else _source(params, kind)
    cover = params.get("cover_url", "") if kind == "reel" else ""
    for address in filter(None, (url, cover)):
        _check_url(address, switches)
    children = tuple(filter(None, re.split(r"[\s,]+", params.get("children", "").strip('[]"'))))
    return Wish(
        kind=kind,
        is_item=is_item,
        is_video=is_video,
        url=url,
        caption="" if is_item else _caption(params.get("caption", ""), switches),
        options=_options(params, kind, is_item=is_item, switches=switches),
        children=children if kind == "carousel" else (),
        cover_url=cover,
    )


def refusal(text: str) -> Refused:
    """What "code/subcode" of a switch names."""
    code, _, subcode = text.partition("/")
    return Refused(int(code), int(subcode) if subcode else None)


def _missing(name: str) -> Refused:
    return Refused(100, None, f"The parameter {name} is required.")


def _wrong(name: str) -> Refused:
    return Refused(100, None, f"Param {name} is not valid.")


def _flag(params: Mapping[str, str], name: str) -> bool:
    value = params.get(name, "false").lower()
    if value not in {"true", "false", "1", "0"}:
        raise _wrong(name)
    return value in {"true", "1"}


def _kind(params: Mapping[str, str], switches: Switches) -> tuple[Kind, bool]:
    wanted, is_item = params.get("media_type", ""), _flag(params, "is_carousel_item")
    if wanted not in TYPES:
        raise Refused(100, 2207023)
    if wanted == "CAROUSEL":
        return "carousel", False
    if wanted == "STORIES":
        return "story", False
    if wanted == "VIDEO" and not is_item and switches.text("feed_video") == "refused":
        raise Refused(100, 2207023)
    return ("reel" if wanted in {"REELS", "VIDEO"} else "image"), is_item


def _source(params: Mapping[str, str], kind: Kind) -> tuple[str, bool]:
    """The address, and whether it should be a video; a story says so by the name of its parameter."""
    name = {"reel": "video_url", "image": "image_url"}.get(kind) or (
        "image_url" if params.get("image_url") else "video_url"
    )
    if not params.get(name):
        raise _missing(name)
    return params[name], name == "video_url"


def _check_url(url: str, switches: Switches) -> None:
    shouts = CAPITAL.search(ESCAPE.sub("", url.partition("?")[0])) is not None
    shouts = shouts and switches.text("uppercase_urls") == "refused"
    if not url.isascii() or not url.lower().startswith(("http://", "https://")) or shouts or " " in url:
        raise Refused(9004, 2207052)


def _caption(caption: str, switches: Switches) -> str:
    if switches.text("caption_units") == "utf16":
        length = len(caption.encode("utf-16-le", "surrogatepass")) // 2
    else:
        length = len(caption)
    if length > CAPTION or len(HASHTAG.findall(caption)) > switches.number("hashtags"):
        raise Refused(36004, 2207010)
    if len(MENTION.findall(caption)) > switches.number("mentions"):
        raise Refused(100, 2207040)
    return caption


def _options(params: Mapping[str, str], kind: Kind, *, is_item: bool, switches: Switches) -> dict[str, Any]:
    options: dict[str, Any] = {name: params[name] for name in PLAIN if params.get(name)}
    if kind == "reel" and not is_item:
        default = switches.on("share_to_feed_default")
        options["share_to_feed"] = _flag(params, "share_to_feed") if "share_to_feed" in params else default
        options |= _reel_options(params, switches)
    if params.get("collaborators") and kind != "story":
        options["collaborators"] = _collaborators(params["collaborators"], switches)
    if kind == "image" and params.get("alt_text"):
        if len(params["alt_text"]) > ALT_TEXT:
            raise _wrong("alt_text")
        options["alt_text"] = params["alt_text"]
    if params.get("location_id"):
        if not params["location_id"].isdecimal():
            raise Refused(100, None, "INSTAGRAM_PLATFORM_API__INVALID_LOCATION_ID")
        options["location_id"] = params["location_id"]
    if not is_item and "is_ai_generated" in params:
        options["is_ai_generated"] = _flag(params, "is_ai_generated")
    return options


def _reel_options(params: Mapping[str, str], switches: Switches) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if params.get("cover_url"):
        options["cover_url"] = params["cover_url"]
    if params.get("thumb_offset"):
        if not params["thumb_offset"].isdecimal():
            raise Refused(1, 2207057)
        options["thumb_offset"] = int(params["thumb_offset"])
    if params.get("trial_params"):
        options["trial_params"] = _trial(params["trial_params"])
        if switches.text("trial_reels") == "refused":
            raise Refused(100, 2207081)
    return options


def _trial(text: str) -> dict[str, str]:
    try:
        trial = json.loads(text)
    except ValueError as broken:
        raise _wrong("trial_params") from broken
    if not isinstance(trial, dict) or trial.get("graduation_strategy") not in GRADUATION:
        raise _wrong("trial_params")
    return trial


def _collaborators(text: str, switches: Switches) -> list[str]:
    names = [name for name in re.split(r'[\s,"\[\]]+', text) if name]
    if len(names) > COLLABORATORS or switches.text("collaborators") == "refused":
        raise _wrong("collaborators")
    return names
