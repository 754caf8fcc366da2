"""How each subject of a rule is measured. Exact numbers: what stands at a limit is never lost to rounding."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.domain.captions import hashtags, mentions, utf16_units
from core.domain.media import Media, Video

MILLISECOND = Fraction(1, 1000)
_SRGB = ("srgb", "iec61966-2.1", "iec 61966-2-1", "c2", "c2ci")
_SCREENS = {"9:16": Fraction(9, 16), "16:9": Fraction(16, 9), "1:1": Fraction(1), "4:5": Fraction(4, 5)}
_NEARLY = Fraction(1, 100)
_FULL_RATE = Fraction(1, 100)
"""Frames per second that a container's clock may add or take: 59.997 is a film of 60."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A value, and where it was measured. `value` None: could not be told. `mild` values only ever warn."""

    where: str
    value: Fraction | str | None
    mild: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is written beside the media."""

    caption: str = ""
    title: str = ""


OfMedia = Callable[[Media], Iterator[Measured]]
OfWords = Callable[[Words], Iterator[Measured]]


def _whole(value: int | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _seconds(value: float | None) -> Fraction | None:
    """Return seconds to the millisecond: nothing finer is meant by any rule."""
    return None if value is None else round(Fraction(value) / MILLISECOND) * MILLISECOND


def _duration(media: Media) -> Iterator[Measured]:
    pictures = _seconds(media.duration)
    yield Measured("video", pictures)
    longer = _seconds(max((each.duration or 0.0 for each in media.audios), default=0.0))
    if pictures is not None and longer is not None and longer > pictures:
        yield Measured("sound", longer, mild=True)


def _rate(media: Media) -> Iterator[Measured]:
    for each in media.videos[:1]:
        average = each.rate.average if each.rate else None
        if average is not None and abs(average - round(average)) <= _FULL_RATE:
            average = Fraction(round(average))
        yield Measured("video", average)


def _steadiness(media: Media) -> Iterator[Measured]:
    for each in media.videos[:1]:
        if each.rate is not None:
            yield Measured("video", "variable" if each.rate.variable else "constant")


def _sides(media: Media) -> Iterator[Measured]:
    for each in media.videos[:1]:
        yield Measured("video width", Fraction(each.width))
        yield Measured("video height", Fraction(each.height))


def _bit_rate(media: Media) -> Iterator[Measured]:
    for each in media.videos[:1]:
        yield Measured("video", _whole(each.bit_rate or media.container.bit_rate))


def _video(measure: Callable[[Video], Fraction | str | None]) -> OfMedia:
    def of(media: Media) -> Iterator[Measured]:
        for each in media.videos[:1]:
            yield Measured("video", measure(each))

    return of


def _scan(video: Video) -> str | None:
    return None if video.interlaced is None else "interlaced" if video.interlaced else "progressive"


def _shape(video: Video) -> str | None:
    """Return a screen's name for a film that nearly fills it, else how wide it is by its height."""
    if (ratio := video.ratio) is None:
        return None
    nearly = (name for name, screen in _SCREENS.items() if abs(ratio / screen - 1) <= _NEARLY)
    return next(nearly, f"{float(ratio):.2f}:1")


def _gop(video: Video) -> str | None:
    return None if video.open_gop is None else "open" if video.open_gop else "closed"


def _container(media: Media) -> Iterator[Measured]:
    yield Measured("file", media.container.format)


def _size(media: Media) -> Iterator[Measured]:
    yield Measured("file", Fraction(media.size))


def _moov(media: Media) -> Iterator[Measured]:
    if media.container.moov is not None:
        yield Measured("file", media.container.moov)


def _edit_lists(media: Media) -> Iterator[Measured]:
    yield Measured("file", Fraction(media.container.edit_lists))


def _sound_codec(media: Media) -> Iterator[Measured]:
    for each in media.audios[:1]:
        yield Measured("sound", each.codec)


def _sound_rate(media: Media) -> Iterator[Measured]:
    for each in media.audios[:1]:
        yield Measured("sound", _whole(each.sample_rate))


def _sound_channels(media: Media) -> Iterator[Measured]:
    for each in media.audios[:1]:
        yield Measured("sound", _whole(each.channels))


def _sound_bit_rate(media: Media) -> Iterator[Measured]:
    for each in media.audios[:1]:
        yield Measured("sound", _whole(each.bit_rate))


def _sounds(media: Media) -> Iterator[Measured]:
    yield Measured("sound", Fraction(len(media.audios)))


def _image(measure: Callable[[Media], Fraction | str | None]) -> OfMedia:
    def of(media: Media) -> Iterator[Measured]:
        if media.image is not None:
            yield Measured("picture", measure(media))

    return of


def _format(media: Media) -> str | None:
    """Return a picture's format. Several pictures in one JPEG are a format of their own to those who refuse them."""
    image = media.image
    return None if image is None else "mpo" if image.several else image.format


def _colour(media: Media) -> str | None:
    image = media.image
    if image is None:
        return None
    if image.mode == "cmyk":
        return "CMYK"
    name = image.profile
    return "sRGB" if name is None or name.lower().startswith(_SRGB) else name


def _motion(media: Media) -> str | None:
    return None if media.image is None else "animated" if media.image.animated else "still"


def _short_side(media: Media) -> Fraction | None:
    return Fraction(min(media.image.width, media.image.height)) if media.image else None


def _long_side(media: Media) -> Fraction | None:
    return Fraction(max(media.image.width, media.image.height)) if media.image else None


OF_MEDIA: Mapping[str, OfMedia] = {
    "video.container": _container,
    "video.size": _size,
    "video.moov": _moov,
    "video.edit_lists": _edit_lists,
    "video.codec": _video(lambda each: each.codec),
    "video.chroma": _video(lambda each: each.chroma),
    "video.depth": _video(lambda each: _whole(each.bit_depth)),
    "video.dynamic": _video(lambda each: each.dynamic),
    "video.scan": _video(_scan),
    "video.gop": _video(_gop),
    "video.fps": _rate,
    "video.rate": _steadiness,
    "video.side": _sides,
    "video.width": _video(lambda each: Fraction(each.width)),
    "video.ratio": _video(lambda each: each.ratio),
    "video.shape": _video(_shape),
    "video.duration": _duration,
    "video.bit_rate": _bit_rate,
    "audio.codec": _sound_codec,
    "audio.rate": _sound_rate,
    "audio.channels": _sound_channels,
    "audio.bit_rate": _sound_bit_rate,
    "audio.tracks": _sounds,
    "image.format": _image(_format),
    "image.size": _size,
    "image.width": _image(lambda each: Fraction(each.image.width) if each.image else None),
    "image.short_side": _image(_short_side),
    "image.long_side": _image(_long_side),
    "image.ratio": _image(lambda each: each.image.ratio if each.image else None),
    "image.colour": _image(_colour),
    "image.motion": _image(_motion),
}
"""By subject. "video." and "audio." are about videos, "image." about pictures."""

OF_WORDS: Mapping[str, OfWords] = {
    "caption.units": lambda words: iter([Measured("caption", Fraction(utf16_units(words.caption)))]),
    "caption.characters": lambda words: iter([Measured("caption", Fraction(len(words.caption)))]),
    "caption.hashtags": lambda words: iter([Measured("caption", Fraction(hashtags(words.caption)))]),
    "caption.mentions": lambda words: iter([Measured("caption", Fraction(mentions(words.caption)))]),
    "title.units": lambda words: iter([Measured("title", Fraction(utf16_units(words.title)))]),
}

MUST_BE_KNOWN = frozenset({"video.duration", "video.fps", "video.side"})
"""Subjects about which not knowing is worth a warning."""


def items(media: Sequence[Media]) -> Measured:
    """Return how many files a post has."""
    return Measured("post", Fraction(len(media)))
