"""A file's facts for people and for programs."""

from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

from bot.views.words.source import size
from core.domain.media import Audio, Image, Media, Video


def plain(value: Any) -> Any:
    """Return facts as JSON has them: fractions as numbers, times in seconds, what could not be told as null."""
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else round(float(value), 6)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    return round(value, 6) if isinstance(value, float) else value


def summary(media: Media) -> str:
    """Return a file in one line: what it is, how large, how long."""
    parts = [media.container.format]
    if media.video is not None:
        parts += _video(media.video)
    if media.image is not None:
        parts += _image(media.image)
    parts += [_audio(each) for each in media.audios[:1]]
    if media.duration is not None:
        parts.append(f"{media.duration:.2f} s")
    return " · ".join([*parts, size(media.size)])


def _video(video: Video) -> list[str]:
    rate = [f"{float(video.rate.average):.5g} fps"] if video.rate else []
    return [video.codec, f"{video.width} × {video.height}", *rate]


def _image(image: Image) -> list[str]:
    return [f"{image.width} × {image.height}", *(["animated"] if image.animated else [])]


def _audio(audio: Audio) -> str:
    rate = f" {audio.sample_rate / 1000:g} kHz" if audio.sample_rate else ""
    return f"{audio.codec}{rate}{', silent' if audio.silent else ''}"
