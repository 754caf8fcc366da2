"""What the app orders from the three init endpoints, read as strictly as TikTok reads it (DP, UP, PH)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from aiohttp import web

from sandbox.switches import Switches
from sandbox.tiktok.errors import Refused
from sandbox.tiktok.plan import UNITS, Plan, fault

VIDEO_TITLE, PHOTO_TITLE, PHOTO_DESCRIPTION = 2_200, 90, 4_000
"""UTF-16 code units."""

MOST_PHOTOS = 35
TOGGLES = ("brand_content_toggle", "brand_organic_toggle")
VIDEO_FLAGS = ("disable_comment", "disable_duet", "disable_stitch", *TOGGLES, "is_aigc")
PHOTO_FLAGS = ("disable_comment", "auto_add_music", *TOGGLES)
LARGEST_INT32 = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Order:
    """What to make of which bytes: `plan` for an upload, else `urls`. In the inbox the creator chooses `privacy`."""

    direct: bool
    kind: Literal["video", "photo"]
    caption: str
    options: Mapping[str, Any]
    plan: Plan | None
    urls: tuple[str, ...] = ()

    @property
    def privacy(self) -> str:
        return str(self.options.get("privacy_level", ""))

    @property
    def scope(self) -> str:
        return "video.publish" if self.direct else "video.upload"


class Body:
    """One JSON object of a request; every reader raises Refused, naming the parameter."""

    def __init__(self, fields: Mapping[str, Any], switches: Switches, path: str = "") -> None:
        self._fields = fields
        self._path = path
        self.switches = switches

    def wrong(self, name: str) -> Refused:
        code = self.switches.text("bad_param")
        return Refused(code, f"The parameter {self._path}{name} is missing or invalid.")

    def has(self, name: str) -> bool:
        return self._fields.get(name) is not None

    def inner(self, name: str) -> "Body":
        if not isinstance(value := self._fields.get(name), dict):
            raise self.wrong(name)
        return Body(cast("dict[str, Any]", value), self.switches, f"{self._path}{name}.")

    def text(self, name: str, *, longest: int | None = None) -> str:
        """A text, "" when it is absent; `longest` counts UTF-16 code units."""
        value = self._fields.get(name)
        if value is not None and not isinstance(value, str):
            raise self.wrong(name)
        if longest is not None and value and len(value.encode("utf-16-le", "surrogatepass")) // 2 > longest:
            raise self.wrong(name)
        return value or ""

    def whole(self, name: str) -> int:
        value = self._fields.get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(name)
        return value

    def flag(self, name: str) -> bool:
        value = self._fields.get(name, False)
        if not isinstance(value, bool):
            raise self.wrong(name)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._fields.get(name)
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            raise self.wrong(name)
        return tuple(cast("list[str]", value))


async def read_body(request: web.Request, switches: Switches) -> Body:
    """The JSON object of the request; an empty one for an empty body."""
    empty = Body({}, switches)
    if not (await request.read()).strip():
        return empty
    try:
        fields = await request.json()
    except ValueError as broken:
        raise empty.wrong("body") from broken
    if request.content_type != "application/json" or not isinstance(fields, dict):
        raise empty.wrong("body")
    return Body(cast("dict[str, Any]", fields), switches)


def read_video(body: Body, *, direct: bool) -> Order:
    """video/init reads both parts; inbox/video/init only `source_info`, whatever else comes with it (PZ)."""
    caption, options = _video_post(body.inner("post_info")) if direct else ("", {})
    source = body.inner("source_info")
    match source.text("source"):
        case "FILE_UPLOAD":
            return Order(direct, "video", caption, options, _plan(source))
        case "PULL_FROM_URL" if source.text("video_url"):
            return Order(direct, "video", caption, options, None, (source.text("video_url"),))
        case "PULL_FROM_URL":
            raise source.wrong("video_url")
    raise source.wrong("source")


def read_photos(body: Body) -> Order:
    if body.text("media_type") != "PHOTO":
        raise body.wrong("media_type")
    mode = body.text("post_mode")
    if mode not in {"DIRECT_POST", "MEDIA_UPLOAD"}:
        raise body.wrong("post_mode")
    source = body.inner("source_info")
    urls, cover = source.texts("photo_images"), source.whole("photo_cover_index")
    if source.text("source") != "PULL_FROM_URL":
        raise source.wrong("source")
    if not 1 <= len(urls) <= MOST_PHOTOS:
        raise source.wrong("photo_images")
    if not 0 <= cover < len(urls):
        raise source.wrong("photo_cover_index")
    caption, options = _photo_post(body, direct=mode == "DIRECT_POST")
    return Order(mode == "DIRECT_POST", "photo", caption, {**options, "photo_cover_index": cover}, None, urls)


def _video_post(post: Body) -> tuple[str, dict[str, Any]]:
    _need_toggles(post)
    options: dict[str, Any] = {"privacy_level": post.text("privacy_level")}
    options |= {name: post.flag(name) for name in VIDEO_FLAGS}
    # An invalid or absent moment means the first frame, it is never refused.
    if post.has("video_cover_timestamp_ms"):
        cover = post.whole("video_cover_timestamp_ms")
        options["video_cover_timestamp_ms"] = cover if 0 <= cover <= LARGEST_INT32 else 0
    return post.text("title", longest=VIDEO_TITLE), options


def _photo_post(body: Body, *, direct: bool) -> tuple[str, dict[str, Any]]:
    """Title and description count in both modes, the rest in direct posts only (PH)."""
    if not direct and not body.has("post_info"):
        return "", {}
    post = body.inner("post_info")
    title = post.text("title", longest=PHOTO_TITLE)
    options: dict[str, Any] = {"title": title} if title else {}
    caption = post.text("description", longest=PHOTO_DESCRIPTION)
    if direct:
        _need_toggles(post)
        options["privacy_level"] = post.text("privacy_level")
        options |= {name: post.flag(name) for name in PHOTO_FLAGS}
        where = body.switches.text("photo_aigc")
        options["is_aigc"] = {"top_level": body, "post_info": post}[where].flag("is_aigc")
    return caption, options


def _need_toggles(post: Body) -> None:
    for name in TOGGLES:
        if post.switches.on("brand_toggles_required") and not post.has(name):
            raise post.wrong(name)


def _plan(source: Body) -> Plan:
    plan = Plan(source.whole("video_size"), source.whole("chunk_size"), source.whole("total_chunk_count"))
    if name := fault(plan, UNITS[source.switches.text("megabyte")]):
        raise source.wrong(name)
    return plan
