"""From findings to recipes: the least change, one file for all targets, never a cut that nobody chose."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.fitting import Box, fit, steady
from core.domain.media import (
    Dynamic,
    Moov,
)
from core.domain.preflight import Draft, examine
from core.domain.refusals import Refusal
from core.domain.remedy import remedies
from core.domain.rendition import Recipe
from core.providers.limits import limit_sets
from tests.builders import NOW
from tests.unit.media.planning import (
    FILM,
    REEL,
    TIKTOK,
    a_film,
    a_rate,
    recipe,
    refusal,
)


@pytest.mark.parametrize(
    "container",
    [
        {"moov": Moov.LAST},
        {"edit_lists": 2},
        {"format": "mov", "moov": Moov.LAST},
        {"format": "matroska", "moov": None},
    ],
)
def test_what_is_about_the_container_is_a_remux(container):
    assert recipe(a_film(container=container)) == Recipe()


@pytest.mark.parametrize(
    "audio",
    [{"codec": "mp3"}, {"codec": "pcm_s16le"}, {"sample_rate": 96000}, {"channels": 6, "layout": "5.1"}],
)
def test_what_is_about_sound_leaves_pictures_alone(audio):
    made = recipe(a_film(audio=audio))
    assert made.picture is None
    assert made.sound is not None
    assert (made.sound.sample_rate, made.sound.channels, made.sound.bit_rate) == (48000, 2, 128_000)


@pytest.mark.parametrize(
    "video",
    [
        {"codec": "vp9"},
        {"chroma": "4:2:2"},
        {"interlaced": True},
        {"dynamic": Dynamic.HLG},
        {"rate": a_rate(15)},
        {"rate": a_rate(120)},
        {"rate": a_rate(30, 10, 60)},
        {"width": 2160, "height": 3840},
        {"width": 320, "height": 570},
        {"bit_rate": 30_000_000},
    ],
)
def test_what_is_about_pictures_leaves_sound_alone(video):
    made = recipe(a_film(video=video))
    assert made.picture is not None
    assert made.sound is None


def test_a_track_that_could_not_be_copied_is_made_anew():
    film = a_film(container={"moov": Moov.LAST})
    made = recipe(film, anew=frozenset({"sound"}))
    assert (made.picture, made.sound is not None) == (None, True)
    made = recipe(film, anew=frozenset({"picture"}))
    assert (made.picture is not None, made.sound) == (True, None)


def test_sounds_own_rate_is_kept_where_it_may_be():
    assert recipe(a_film(audio={"codec": "mp3", "sample_rate": 44100})).sound.sample_rate == 44100
    assert recipe(a_film(audio={"codec": "mp3", "channels": 1})).sound.channels == 1


def test_brightness_and_fields_are_mended_along_with_the_rest():
    picture = recipe(a_film(video={"dynamic": Dynamic.HDR10, "interlaced": True})).picture
    assert (picture.tonemap, picture.deinterlace) == (True, True)


def test_what_nothing_is_wrong_with_is_left_alone():
    assert refusal(FILM).code == "fix_not_needed"


def test_a_warning_that_asks_for_invented_pixels_is_left_alone():
    assert refusal(a_film(video={"width": 540, "height": 960}), TIKTOK).code == "fix_not_needed"


@pytest.mark.parametrize(
    ("width", "height", "aspect", "expected"),
    [
        (2160, 3840, 1, (1920, 3414, 1920, 3414)),
        (3840, 2160, 1, (1920, 1080, 1920, 1080)),
        (321, 571, 1, (360, 640, 360, 640)),
        (5000, 5000, 1, (1920, 1920, 1920, 1920)),
        (2400, 200, 1, (1920, 160, 1920, 360)),
        (720, 576, Fraction(64, 45), (1024, 576, 1024, 576)),
        (1920, 1080, Fraction(3, 4), (1920, 1440, 1920, 1440)),
    ],
)
def test_frames_fit(width, height, aspect, expected):
    film = a_film(video={"width": width, "height": height, "sample_aspect": aspect, "codec": "vp9"})
    picture = recipe(film).picture
    assert (picture.width, picture.height, picture.canvas_width, picture.canvas_height) == expected


@given(st.integers(16, 9000), st.integers(16, 9000))
def test_every_frame_stays_inside_its_box(width, height):
    box = Box(widest=Fraction(1920), highest=Fraction(4096), narrowest=Fraction(360), flattest=Fraction(10))
    frame = fit(Fraction(width), Fraction(height), box, even=True)
    assert frame.width <= frame.canvas_width <= 1920
    assert frame.height <= frame.canvas_height <= 4096
    assert min(frame.canvas_width, frame.canvas_height) >= 360
    assert frame.canvas_width <= 10 * frame.canvas_height
    assert {each % 2 for each in (frame.width, frame.height, frame.canvas_width, frame.canvas_height)} == {0}


@given(st.integers(16, 9000), st.integers(16, 9000))
def test_every_photo_gets_an_allowed_shape(width, height):
    box = Box(widest=Fraction(1440), flattest=Fraction(191, 100), steepest=Fraction(4, 5))
    frame = fit(Fraction(width), Fraction(height), box, even=False)
    assert Fraction(4, 5) <= Fraction(frame.canvas_width, frame.canvas_height) <= Fraction(191, 100)
    assert frame.width <= frame.canvas_width <= 1440
    assert frame.height <= frame.canvas_height


@pytest.mark.parametrize(
    ("average", "expected"),
    [
        ("30", "30"),
        ("29.97", "30000/1001"),
        ("29.4", "30000/1001"),
        ("23.976", "24000/1001"),
        ("15", "30"),
        ("12", "24"),
        ("10", "30"),
        ("120", "60"),
        ("100", "50"),
        ("240", "60"),
        ("75", "75/2"),
        ("61", "60"),
        ("1", "23"),
    ],
)
def test_rates_become_the_constant_one_that_is_meant(average, expected):
    assert steady(Fraction(average), Fraction(23), Fraction(60)) == Fraction(expected)


@given(st.fractions(min_value=Fraction(1, 10), max_value=1000))
def test_every_rate_becomes_an_allowed_one(average):
    assert 23 <= steady(average, Fraction(23), Fraction(60)) <= 60


def test_a_file_that_is_too_large_gets_the_rate_that_its_length_leaves():
    film = a_film(size=400_000_000, video={"duration": 600.0}, container={"duration": 600.0})
    picture = recipe(film, REEL).picture
    assert (picture.bit_rate + 128_000) * 600 / 8 <= 300_000_000
    assert picture.bit_rate > 3_000_000


def test_a_film_that_would_be_mush_is_refused():
    reel = limit_sets()[REEL]
    tiny = replace(
        reel,
        limits=tuple(
            replace(each, limit=Fraction(1, 2)) if each.code == "video.size.max" else each
            for each in reel.limits
        ),
    )
    with pytest.raises(Refusal) as caught:
        remedies(FILM, {REEL: examine([FILM], Draft(), tiny, NOW)}, [tiny])
    assert (caught.value.code, caught.value.facts["rule"]) == ("fix_impossible", "video.size.max")
