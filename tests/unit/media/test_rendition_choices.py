"""From findings to recipes where there is a choice: parts, several targets, pictures, and what can't be."""

from dataclasses import replace
from fractions import Fraction

import pytest

from bot.views.words.mending import done
from core.domain.media import (
    Dynamic,
)
from core.domain.preflight import Draft, examine
from core.domain.remedy import remedies
from core.domain.rendition import Cut, Recipe
from core.providers.limits import limit_sets
from tests.builders import NOW
from tests.unit.media.planning import (
    PHOTO,
    REEL,
    STORY,
    TIKTOK,
    a_film,
    a_photo,
    plan,
    recipe,
    refusal,
)


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


def test_the_wrong_kind_of_file_is_refused():
    assert refusal(PHOTO, REEL).facts["rule"] == "file.kind"


def test_a_film_that_is_too_short_is_refused():
    assert refusal(a_film(video={"duration": 2.0}), REEL).facts["rule"] == "video.duration.min"


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
