"""What TikTok accepts (MTG, PH): checked after the bytes arrived, answered as a fail reason."""

from sandbox.media import Seen
from sandbox.switches import Switches
from sandbox.tiktok.accounts import TikTokAccount
from sandbox.tiktok.order import Order
from sandbox.tiktok.plan import UNITS

CONTAINERS = frozenset({"mp4", "mov", "webm"})
CODECS = frozenset({"avc1", "avc3", "hvc1", "hev1", "vp08", "vp09"})
STILLS = frozenset({"jpeg", "webp"})
SIDES = (360, 4_096)
FPS = (22.95, 60.05)
"""23 to 60, with the crumbs of a rate that is computed from a duration."""

INBOX_SECONDS = 600
PHOTO_SIDES = (1_080, 1_920)
"""Shorter and longer: "max 1080p", as others read it."""


def fail_reason(order: Order, media: tuple[Seen, ...], account: TikTokAccount, switches: Switches) -> str:
    """Why this can't be published, "" if it can."""
    if account.posting == "banned" or account.condition in {"restricted", "checkpoint"}:
        return "spam_risk_user_banned_from_posting"
    if account.posting == "too_many_posts" and order.direct:
        return "spam_risk_too_many_posts"
    if not switches.on("media_checks"):
        return ""
    if order.kind == "photo":
        return next((reason for one in media if (reason := _photo(one, switches))), "")
    longest = account.max_video_post_duration_sec if order.direct else INBOX_SECONDS
    return _video(media[0], longest, switches.number("shortest_video_seconds"))


def _video(video: Seen, longest: int, shortest: int) -> str:
    """Nobody looks into WebM here: what is unknown passes."""
    if video.kind not in CONTAINERS or (video.kind != "webm" and video.video not in CODECS):
        return "file_format_check_failed"
    if video.seconds and not shortest <= video.seconds <= longest:
        return "duration_check_failed"
    if video.fps and not FPS[0] <= video.fps <= FPS[1]:
        return "frame_rate_check_failed"
    if video.width and not all(SIDES[0] <= side <= SIDES[1] for side in (video.width, video.height)):
        return "picture_size_check_failed"
    return ""


def _photo(photo: Seen, switches: Switches) -> str:
    if photo.kind not in STILLS or photo.size > UNITS[switches.text("megabyte")].photo:
        return "file_format_check_failed"
    sides = sorted((photo.width, photo.height))
    too_large = sides[0] > PHOTO_SIDES[0] or sides[1] > PHOTO_SIDES[1]
    return "picture_size_check_failed" if too_large and switches.on("photo_1080p") else ""
