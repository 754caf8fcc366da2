"""What Instagram accepts (S4, v25): checked once the media is fetched, answered as code and subcode."""

from dataclasses import dataclass

from sandbox.instagram.errors import Refused
from sandbox.instagram.wish import Wish
from sandbox.media import Seen
from sandbox.switches import Switches

CONTAINERS = frozenset({"mp4", "mov"})
CODECS = frozenset({"avc1", "avc3", "hvc1", "hev1"})
CHROMA = frozenset({"", "4:2:0"})
SOUND = frozenset({"", "mp4a"})
FPS = (22.95, 60.05)
"""23 to 60, with the crumbs of a rate that is computed from a duration."""

WIDEST, FASTEST_SOUND, MOST_CHANNELS = 1_920, 48_000, 2
BITS_A_SECOND = 26_000_000
"""25 Mbit/s for the pictures, and room for sound and index: the whole file is what is measured."""

FEED_RATIO = (0.795, 1.915)
"""4:5 to 1.91:1, with room for whole pixels."""

MEGABYTES = {"binary": 1024 * 1024, "decimal": 1_000_000}
IMAGE_MEGABYTES = 8


@dataclass(frozen=True, slots=True)
class VideoLimits:
    seconds: tuple[float, float]
    megabytes: int
    ratio: tuple[float, float]


REEL = VideoLimits((3, 900), 300, (0.01, 10))
STORY = VideoLimits((3, 60), 100, (0.1, 10))
"""A carousel's video has no table of its own: it obeys the reel's."""


def fault(wish: Wish, media: Seen, switches: Switches) -> Refused | None:
    """Why Instagram doesn't take this, None if it does."""
    mega = MEGABYTES[switches.text("megabyte")]
    if not switches.on("media_checks"):
        return None
    if not wish.is_video:
        return image_fault(media, mega, feed=wish.kind != "story")
    if not media.kind:
        return Refused(9004, 2207052)
    limits = STORY if wish.kind == "story" else REEL
    if not _is_playable(media, switches) or not _fits(media, limits, mega):
        return Refused(352, 2207026)
    late = media.seconds and wish.thumb_offset >= media.seconds * 1_000
    return Refused(1, 2207057) if late else None


def image_fault(image: Seen, mega: int, *, feed: bool) -> Refused | None:
    if not image.kind or image.video:
        return Refused(9004, 2207052)
    if image.kind != "jpeg":
        return Refused(36001, 2207005)
    if image.size > IMAGE_MEGABYTES * mega:
        return Refused(36000, 2207004)
    if feed and image.ratio and not FEED_RATIO[0] <= image.ratio <= FEED_RATIO[1]:
        return Refused(36003, 2207009)
    return None


def _is_playable(video: Seen, switches: Switches) -> bool:
    edited = video.edit_list and not switches.on("edit_lists")
    backwards = not video.index_first and not switches.on("index_last")
    pictures = video.video in CODECS and video.chroma in CHROMA
    sound = video.audio in SOUND and video.audio_rate <= FASTEST_SOUND and video.channels <= MOST_CHANNELS
    return video.kind in CONTAINERS and pictures and sound and not edited and not backwards


def _fits(video: Seen, limits: VideoLimits, mega: int) -> bool:
    """What the index doesn't say passes."""
    return (
        video.size <= limits.megabytes * mega
        and video.width <= WIDEST
        and (not video.seconds or limits.seconds[0] <= video.seconds <= limits.seconds[1])
        and (not video.seconds or video.size * 8 <= BITS_A_SECOND * video.seconds)
        and (not video.fps or FPS[0] <= video.fps <= FPS[1])
        and (not video.ratio or limits.ratio[0] <= video.ratio <= limits.ratio[1])
    )
