"""What a media file is, as far as publishing cares. Frozen facts from a probe; None means: could not be told."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Kind(StrEnum):
    """What a file can be posted as."""

    VIDEO = "video"
    IMAGE = "image"
    AUDIO = "audio"
    NONE = "none"


class Moov(StrEnum):
    """Where an MP4 or QuickTime file keeps its index, seen from its data."""

    FIRST = "first"
    LAST = "last"
    ABSENT = "absent"


class Dynamic(StrEnum):
    """How a picture's brightness is written down."""

    SDR = "sdr"
    HDR10 = "hdr10"
    HLG = "hlg"
    DOLBY_VISION = "dolby_vision"


class Snag(StrEnum):
    """What is wrong with a file itself, whatever the platform."""

    EMPTY = "empty"
    NOT_MEDIA = "not_media"
    PAGE = "page"
    PLAYLIST = "playlist"
    REFERS_ELSEWHERE = "refers_elsewhere"
    TRUNCATED = "truncated"
    UNTRUE = "untrue"
    UNREADABLE = "unreadable"
    TOO_SLOW = "too_slow"
    WRONG_EXTENSION = "wrong_extension"
    DISAGREES = "disagrees"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A snag, and what was seen."""

    snag: Snag
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameRate:
    """Frames per second: the average, and the slowest and fastest single frame.

    `exact` is False where only the beginning of the file, or the container's own word, says so.
    """

    average: Fraction
    lowest: Fraction
    highest: Fraction
    variable: bool
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One entry of an edit list, in seconds. `start` is None for a stretch that shows nothing."""

    duration: float
    start: float | None
    speed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """A track of moving pictures.

    `width` × `height` in pixels as a viewer sees them: after rotation, with square pixels not assumed.
    `sample_aspect` is a pixel's shape after rotation. Durations in seconds, `bit_rate` in bits per second.
    """

    codec: str
    profile: str | None
    pixel_format: str | None
    chroma: str | None
    bit_depth: int | None
    interlaced: bool | None
    width: int
    height: int
    rotation: int
    mirrored: bool
    sample_aspect: Fraction
    rate: FrameRate | None
    duration: float | None
    bit_rate: int | None
    frames: int | None
    keyframes: int | None
    longest_gop: int | None
    open_gop: bool | None
    dynamic: Dynamic
    edits: tuple[Edit, ...] = ()

    @property
    def ratio(self) -> Fraction | None:
        """Width by height as a viewer sees them, with the shape of pixels counted in."""
        return Fraction(self.width, self.height) * self.sample_aspect if self.height else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio:
    """A track of sound. `sample_rate` in Hz. `silent` was listened for at a few places only."""

    codec: str
    profile: str | None
    sample_rate: int | None
    channels: int | None
    layout: str | None
    duration: float | None
    bit_rate: int | None
    silent: bool | None
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A still or animated picture, in pixels as a viewer sees them (EXIF orientation applied).

    `mode` is gray, rgb, ycc, cmyk or palette; `profile` the name in its colour profile, None where it has none.
    """

    format: str
    width: int
    height: int
    orientation: int
    mode: str | None
    bit_depth: int | None
    alpha: bool
    profile: str | None
    animated: bool
    several: bool
    """A JPEG that carries further pictures behind the first (MPO)."""

    @property
    def ratio(self) -> Fraction | None:
        """Width by height."""
        return Fraction(self.width, self.height) if self.height else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """What holds the tracks. `format` is a short name: mp4, mov, webm, matroska, avi … or an image's format.

    `edit_lists` counts the tracks that have one; `order` the first top-level boxes of an MP4 or QuickTime file.
    """

    format: str
    brand: str | None = None
    brands: tuple[str, ...] = ()
    moov: Moov | None = None
    fragmented: bool = False
    edit_lists: int = 0
    order: tuple[str, ...] = ()
    duration: float | None = None
    bit_rate: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """One file. `size` in bytes; `sha256` in hex, None where the whole file was not read."""

    name: str
    kind: Kind
    size: int
    sha256: str | None
    container: Container
    videos: tuple[Video, ...] = ()
    audios: tuple[Audio, ...] = ()
    image: Image | None = None
    others: tuple[str, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    bytes_read: int = 0

    @property
    def video(self) -> Video | None:
        """The track of pictures that is shown."""
        return self.videos[0] if self.videos else None

    @property
    def audio(self) -> Audio | None:
        """The track of sound that is heard."""
        return self.audios[0] if self.audios else None

    @property
    def duration(self) -> float | None:
        """How long its pictures last, or what the container says where they don't tell."""
        video = self.video
        return video.duration if video and video.duration is not None else self.container.duration

    @property
    def has_sound(self) -> bool:
        """True where somebody may hear something."""
        return any(each.silent is not True for each in self.audios)
