"""Media for tests: a film and a picture that every target takes, changed where a test cares."""

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from core.domain.limits import AccountLimits
from core.domain.media import Audio, Container, Dynamic, FrameRate, Image, Kind, Media, Moov, Video

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def rate(average: Fraction | str, *, variable: bool = False) -> FrameRate:
    """A frame rate without unevenness, or with it."""
    fps = Fraction(average)
    return FrameRate(average=fps, lowest=fps, highest=fps, variable=variable, exact=True)


VIDEO = Video(
    codec="h264", profile="High", pixel_format="yuv420p", chroma="4:2:0", bit_depth=8, interlaced=False,
    width=1080, height=1920, rotation=0, mirrored=False, sample_aspect=Fraction(1), rate=rate("30"),
    duration=30.0, bit_rate=8_000_000, frames=900, keyframes=15, longest_gop=60, open_gop=False, dynamic=Dynamic.SDR,
)  # fmt: skip
AUDIO = Audio(
    codec="aac", profile="LC", sample_rate=48000, channels=2, layout="stereo", duration=30.0, bit_rate=128_000, silent=False
)  # fmt: skip
CONTAINER = Container(
    format="mp4", brand="isom", brands=("isom",), moov=Moov.FIRST, duration=30.0, bit_rate=8_128_000
)
IMAGE = Image(
    format="jpeg", width=1080, height=1350, orientation=1, mode="ycc", bit_depth=8, alpha=False, profile=None,
    animated=False, several=False,
)  # fmt: skip


def a_film(
    *,
    video: dict[str, Any] | None = None,
    audio: dict[str, Any] | None = None,
    container: dict[str, Any] | None = None,
    **changes: Any,
) -> Media:
    """Return a film that every target takes, with changes of its parts."""
    film = Media(
        name="film.mp4",
        kind=Kind.VIDEO,
        size=30_000_000,
        sha256="0" * 64,
        container=replace(CONTAINER, **(container or {})),
        videos=(replace(VIDEO, **(video or {})),),
        audios=(replace(AUDIO, **(audio or {})),),
    )
    return replace(film, **changes)


def a_picture(*, image: dict[str, Any] | None = None, **changes: Any) -> Media:
    """Return a picture that every target takes."""
    found = replace(IMAGE, **(image or {}))
    picture = Media(
        name="photo.jpg",
        kind=Kind.IMAGE,
        size=500_000,
        sha256=None,
        container=Container(format=found.format),
        image=found,
    )
    return replace(picture, **changes)


def an_account(**changes: Any) -> AccountLimits:
    """Return an account that was asked a moment ago and may publish."""
    return replace(AccountLimits(handle="nordlicht.bakery", seen_at=AT), **changes)
