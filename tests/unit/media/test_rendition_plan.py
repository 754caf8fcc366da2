"""From findings to recipes: the least change, one file for all targets, never a cut that nobody chose."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.words.mending import done, mending_trouble
from core.domain.fitting import Box, fit, steady
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
from core.domain.rendition import Cut, Recipe
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


# ---- the least change ----------------------------------------------------------------------------------------


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


# ---- sizes -----------------------------------------------------------------------------------------------------


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


# ---- bytes -------------------------------------------------------------------------------------------------------


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


# ---- cutting -----------------------------------------------------------------------------------------------------


def test_a_film_that_is_too_long_is_never_cut_by_itself():
    asked = refusal(a_film(video={"duration": 75.0}), STORY)
    assert (asked.code, asked.facts["longest"]) == ("fix_cut_needed", "60")


def test_a_chosen_part_is_kept_exactly_and_needs_new_pictures():
    made = recipe(a_film(video={"duration": 75.0}), STORY, cut=Cut(10.0, 70.0))
    assert made.cut == Cut(10.0, 70.0)
    assert made.picture is not None
    assert made.sound is None


@pytest.mark.parametrize(
    "cut", [Cut(0.0, 61.0), Cut(0.0, 2.0), Cut(50.0, 40.0), Cut(-1.0, 20.0), Cut(60.0, 90.0)]
)
def test_parts_that_make_no_sense_are_refused(cut):
    assert refusal(a_film(video={"duration": 75.0}), STORY, cut=cut).code == "fix_cut_wrong"


# ---- several targets ---------------------------------------------------------------------------------------------


def test_one_file_fits_both_platforms():
    (remedy,) = plan(a_film(video={"width": 2160, "height": 3840}, size=500_000_000))
    assert remedy.targets == (TIKTOK, REEL)


def test_a_target_that_has_nothing_to_say_still_counts():
    film = a_film(video={"codec": "vp9"}, container={"format": "webm", "moov": None}, audio={"codec": "opus"})
    (remedy,) = plan(film)
    assert remedy.targets == (TIKTOK, REEL)


def test_targets_that_contradict_each_other_get_a_file_each():
    wide = limit_sets()["instagram.image"]
    tall = replace(
        wide,
        target="tall",
        limits=tuple(
            replace(each, limit=Fraction(1, 2)) if each.code == "image.ratio.max" else each
            for each in wide.limits
            if each.code != "image.ratio.min"
        ),
    )
    media = a_photo(format="png", mode="rgb")
    findings = {each.target: examine([media], Draft(), each, NOW) for each in (wide, tall)}
    first, second = remedies(media, findings, [wide, tall])
    assert (first.targets, second.targets) == (("instagram.image",), ("tall",))
    assert second.recipe.still.canvas_width * 2 <= second.recipe.still.canvas_height


# ---- pictures ------------------------------------------------------------------------------------------------------


def test_a_picture_becomes_a_jpeg_of_its_size():
    still = recipe(a_photo(format="png", mode="rgb", width=800, height=900), "instagram.image").still
    assert (still.width, still.height, still.canvas_width, still.canvas_height) == (800, 900, 800, 900)
    assert still.largest == 8_000_000


@pytest.mark.parametrize(
    ("width", "height", "canvas"),
    [(4000, 3000, (1440, 1080)), (900, 1600, (1280, 1600)), (2000, 500, (1440, 754))],
)
def test_pictures_fit(width, height, canvas):
    still = recipe(a_photo(width=width, height=height), "instagram.image").still
    assert (still.canvas_width, still.canvas_height) == canvas


@pytest.mark.parametrize(
    ("profile", "primaries"), [("Display P3", "smpte432"), ("sRGB IEC61966-2.1", None), (None, None)]
)
def test_known_colours_are_turned(profile, primaries):
    assert recipe(a_photo(format="png", profile=profile), "instagram.image").still.primaries == primaries


@pytest.mark.parametrize("how", [{"profile": "Adobe RGB (1998)"}, {"mode": "cmyk"}])
def test_colours_that_would_come_out_wrong_are_refused(how):
    refused = refusal(a_photo(**how), "instagram.image")
    assert (refused.code, refused.facts["rule"]) == ("fix_impossible", "image.colour.in")


# ---- what can't be ---------------------------------------------------------------------------------------------------


def test_the_wrong_kind_of_file_is_refused():
    assert refusal(PHOTO, REEL).facts["rule"] == "file.kind"


def test_a_film_that_is_too_short_is_refused():
    assert refusal(a_film(video={"duration": 2.0}), REEL).facts["rule"] == "video.duration.min"


# ---- recipes -----------------------------------------------------------------------------------------------------------


def test_equal_recipes_have_equal_names_and_other_sources_others():
    one, other = recipe(a_film(video={"codec": "vp9"})), recipe(a_film(video={"codec": "av1"}))
    assert one.digest("a") == other.digest("a")
    assert one.digest("a") != one.digest("b")
    assert one.digest("a") != Recipe().digest("a")


def test_what_was_done_is_said():
    assert done(Recipe()) == "pictures as they were, sound as it was, index first, no edit list"
    said = done(recipe(a_film(video={"width": 2400, "height": 200, "dynamic": Dynamic.HLG}), cut=Cut(1, 5)))
    assert said.startswith(
        "cut to 1 to 5 seconds, pictures as H.264, 1920 × 360 at 30 fps with bars, HDR turned into SDR"
    )
