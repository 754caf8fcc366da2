"""What would mend a finding."""

from collections.abc import Mapping
from enum import StrEnum


class FixKind(StrEnum):
    """The least change that meets a rule."""

    REMUX = "remux"
    TRANSCODE = "transcode"
    SCALE = "scale"
    PAD = "pad"
    CONSTANT_RATE = "constant_rate"
    TRIM = "trim"
    SOUND = "sound"
    SHRINK = "shrink"
    PICTURE = "picture"


FIXES: Mapping[str, FixKind] = {
    "file.untrue": FixKind.REMUX,
    "video.container.in": FixKind.REMUX,
    "video.moov.in": FixKind.REMUX,
    "video.edit_lists.max": FixKind.REMUX,
    "video.codec.in": FixKind.TRANSCODE,
    "video.chroma.in": FixKind.TRANSCODE,
    "video.depth.max": FixKind.TRANSCODE,
    "video.dynamic.in": FixKind.TRANSCODE,
    "video.scan.in": FixKind.TRANSCODE,
    "video.gop.in": FixKind.TRANSCODE,
    "video.fps.min": FixKind.CONSTANT_RATE,
    "video.fps.max": FixKind.CONSTANT_RATE,
    "video.rate.in": FixKind.CONSTANT_RATE,
    "video.side.min": FixKind.SCALE,
    "video.side.max": FixKind.SCALE,
    "video.width.max": FixKind.SCALE,
    "video.ratio.min": FixKind.PAD,
    "video.ratio.max": FixKind.PAD,
    "video.duration.max": FixKind.TRIM,
    "video.bit_rate.max": FixKind.SHRINK,
    "video.size.max": FixKind.SHRINK,
    "audio.codec.in": FixKind.SOUND,
    "audio.rate.max": FixKind.SOUND,
    "audio.channels.max": FixKind.SOUND,
    "audio.bit_rate.max": FixKind.SOUND,
    "audio.tracks.max": FixKind.REMUX,
    "image.format.in": FixKind.PICTURE,
    "image.size.max": FixKind.PICTURE,
    "image.width.min": FixKind.PICTURE,
    "image.width.max": FixKind.PICTURE,
    "image.short_side.max": FixKind.PICTURE,
    "image.long_side.max": FixKind.PICTURE,
    "image.ratio.min": FixKind.PICTURE,
    "image.ratio.max": FixKind.PICTURE,
    "image.colour.in": FixKind.PICTURE,
    "image.motion.in": FixKind.PICTURE,
}
"""By code; what isn't here only a person can mend."""
