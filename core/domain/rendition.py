"""A version of the media made to fit: what exactly is to be done, as a value. Equal recipes make equal files.

Sizes in pixels as a viewer sees them, times in seconds, rates in bits or samples per second.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from fractions import Fraction

RECIPES = 1
"""Goes up whenever the same recipe would make another file, so that old renditions are not taken for new ones."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The part that a person chose to keep."""

    start: float
    end: float

    @property
    def length(self) -> float:
        """How long the part is."""
        return self.end - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Moving pictures made anew, as H.264 (High, 8 bits, 4:2:0, progressive, closed groups, constant rate).

    `width` × `height` is the picture, `canvas_*` what it stands on, black around it. Quality is constant
    (`crf`, x264's scale, where 18 is hard to tell from the source) as long as `bit_rate` is not exceeded.
    """

    width: int
    height: int
    canvas_width: int
    canvas_height: int
    rate: Fraction
    bit_rate: int
    deinterlace: bool = False
    tonemap: bool = False
    crf: int = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """Sound made anew, as AAC (LC)."""

    sample_rate: int
    channels: int
    bit_rate: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """A JPEG in sRGB of at most `largest` bytes, on white where the picture doesn't fill its canvas."""

    width: int
    height: int
    canvas_width: int
    canvas_height: int
    largest: int
    orientation: int = 1
    """How the source is to be turned, as Exif numbers it."""
    primaries: str | None = None
    """What the source's colours are counted in, by FFmpeg's name; None for sRGB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What is done to one file. Of a film, pictures and sound are copied as they are unless they are made anew.

    Every film comes out as MP4 with its index first, no edit list, one track of pictures and at most one of sound.
    """

    picture: Picture | None = None
    sound: Sound | None = None
    cut: Cut | None = None
    still: Still | None = None

    @property
    def is_remux(self) -> bool:
        """True where only the container is written anew."""
        return self.picture is None and self.sound is None and self.still is None

    def digest(self, source: str) -> str:
        """Return the name under which this, done to the file of that SHA-256, is made once."""
        told = json.dumps([RECIPES, source, asdict(self)], sort_keys=True, default=str)
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rendition is, from 0 to 1."""

    fraction: float


class CannotCopy(Exception):
    """A track can't be copied into a film without an edit list: `track`, picture or sound, is to be made anew."""

    def __init__(self, track: str) -> None:
        super().__init__(track)
        self.track = track
