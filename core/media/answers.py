"""What the two readers answer about one file: plain values that travel from the limited process as JSON.

Fractions travel as (numerator, denominator), times as seconds. None means: this reader can't tell.
"""

from dataclasses import dataclass

Ratio = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Frames per second: on average, and the slowest and fastest single frame."""

    average: Ratio
    lowest: Ratio
    highest: Ratio
    variable: bool
    complete: bool
    """False where only a bounded part of the file was looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One entry of an edit list. `start` is None for a stretch that shows nothing."""

    duration: float
    start: float | None
    speed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a codec's own configuration box says about its pictures."""

    chroma: str | None = None
    bit_depth: int | None = None
    interlaced: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IsoTrack:
    """A track as its boxes describe it. Sizes are as stored, before any rotation."""

    kind: str
    fourcc: str
    codec: str | None
    enabled: bool = True
    width: int | None = None
    height: int | None = None
    shown_width: int | None = None
    shown_height: int | None = None
    rotation: int | None = None
    mirrored: bool = False
    sample_aspect: Ratio | None = None
    duration: float | None = None
    shown_duration: float | None = None
    frames: int | None = None
    rate: Rate | None = None
    size: int | None = None
    edits: tuple[Edit, ...] = ()
    keyframes: int | None = None
    longest_gop: int | None = None
    open_gop: bool | None = None
    shape: Shape | None = None
    transfer: int | None = None
    primaries: int | None = None
    dolby_vision: bool = False
    external: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IsoFacts:
    """An MP4 or QuickTime file as its boxes describe it."""

    brand: str
    brands: tuple[str, ...]
    moov: str
    """first, last, absent, compressed or too_large."""
    fragmented: bool
    truncated: bool
    duration: float | None
    tracks: tuple[IsoTrack, ...]
    edit_lists: int
    order: tuple[str, ...]
    lies: tuple[str, ...]
    """What can't be true: tables longer than their box, sizes that no player has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFacts:
    """A picture as its header describes it. Sizes are as stored; `orientation` is EXIF's, 1 to 8."""

    format: str
    width: int
    height: int
    orientation: int = 1
    mode: str | None = None
    """gray, rgb, cmyk, ycc, palette."""
    bit_depth: int = 8
    alpha: bool = False
    profile: str | None = None
    """The name in its colour profile; None where it carries none."""
    frames: int = 1
    """2 stands for "several": animation is all that matters."""
    progressive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """Our own reader's answer: what the first bytes are, and what the headers say."""

    sniffed: str
    family: str
    iso: IsoFacts | None = None
    image: ImageFacts | None = None
    truncated: bool = False
    bytes_read: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AvStream:
    """A stream as PyAV describes it."""

    kind: str
    codec: str
    profile: str | None = None
    width: int | None = None
    height: int | None = None
    pixel_format: str | None = None
    chroma: str | None = None
    bit_depth: int | None = None
    interlaced: bool | None = None
    rotation: int | None = None
    sample_aspect: Ratio | None = None
    rate: Rate | None = None
    duration: float | None = None
    bit_rate: int | None = None
    transfer: int | None = None
    primaries: int | None = None
    sample_rate: int | None = None
    channels: int | None = None
    layout: str | None = None
    silent: bool | None = None
    cover: bool = False
    """A picture that a sound file carries along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AvFacts:
    """A file as PyAV describes it; `trouble` names the error where it could not."""

    format: str = ""
    duration: float | None = None
    bit_rate: int | None = None
    streams: tuple[AvStream, ...] = ()
    trouble: str = ""
    bytes_read: int = 0
