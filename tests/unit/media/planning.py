"""A film and a photo that fit, what is changed about them, and what is planned then."""

from dataclasses import replace
from fractions import Fraction

import pytest

from bot.views.words.mending import mending_trouble
from core.domain.media import (
    Audio,
    Container,
    Dynamic,
    FrameRate,
    Image,
    Kind,
    Media,
    Moov,
    Video,
)
from core.domain.preflight import Draft, examine
from core.domain.refusals import Refusal
from core.domain.remedy import remedies
from core.providers.limits import limit_sets
from tests.builders import NOW

REEL, STORY, TIKTOK = "instagram.reel", "instagram.story", "tiktok.video"


def a_rate(average, lowest=None, highest=None):
    average = Fraction(average)
    lowest, highest = Fraction(lowest or average), Fraction(highest or average)
    return FrameRate(average=average, lowest=lowest, highest=highest, variable=lowest != highest, exact=True)


VIDEO = Video(
    codec="h264",
    profile="High",
    pixel_format="yuv420p",
    chroma="4:2:0",
    bit_depth=8,
    interlaced=False,
    width=1080,
    height=1920,
    rotation=0,
    mirrored=False,
    sample_aspect=Fraction(1),
    rate=a_rate(30),
    duration=20.0,
    bit_rate=5_000_000,
    frames=600,
    keyframes=10,
    longest_gop=60,
    open_gop=False,
    dynamic=Dynamic.SDR,
)
AUDIO = Audio(
    codec="aac",
    profile="LC",
    sample_rate=48000,
    channels=2,
    layout="stereo",
    duration=20.0,
    bit_rate=128_000,
    silent=False,
)
MP4 = Container(format="mp4", brand="isom", moov=Moov.FIRST, duration=20.0)
FILM = Media(
    name="film.mp4",
    kind=Kind.VIDEO,
    size=13_000_000,
    sha256=None,
    container=MP4,
    videos=(VIDEO,),
    audios=(AUDIO,),
)
PHOTO = Media(
    name="photo.jpg",
    kind=Kind.IMAGE,
    size=1_000_000,
    sha256=None,
    container=Container(format="jpeg"),
    image=Image(
        format="jpeg",
        width=1080,
        height=1080,
        orientation=1,
        mode="ycc",
        bit_depth=8,
        alpha=False,
        profile=None,
        animated=False,
        several=False,
    ),
)


def a_film(*, container=None, video=None, audio=None, **how):
    return replace(
        FILM,
        container=replace(MP4, **(container or {})),
        videos=(replace(VIDEO, **(video or {})),),
        audios=(replace(AUDIO, **(audio or {})),),
        **how,
    )


def a_photo(**how):
    size = how.pop("size", PHOTO.size)
    return replace(PHOTO, image=replace(PHOTO.image, **how), size=size)


def plan(media, *targets, cut=None, anew=frozenset()):
    sets = [limit_sets()[each] for each in targets or (TIKTOK, REEL)]
    findings = {each.target: examine([media], Draft(), each, NOW) for each in sets}
    return remedies(media, findings, sets, cut=cut, anew=anew)


def recipe(media, *targets, **how):
    (remedy,) = plan(media, *targets, **how)
    return remedy.recipe


def refusal(media, *targets, **how):
    with pytest.raises(Refusal) as caught:
        plan(media, *targets, **how)
    assert "{" not in (mending_trouble(caught.value.code, caught.value.facts) or "{")
    return caught.value
