"""`crosslink preflight` as people and scripts use it."""

import json

import pytest

from tests.media.films import Film, Sound, make
from tests.media.pictures import jpeg
from tests.media.shell import preflight

GOOD = Film(
    width=720,
    height=1280,
    frames=95,
    container={"movflags": "faststart", "use_editlist": "0"},
    options={"bf": "0"},
    sounds=[Sound(bit_rate=96_000)],
)


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    path = tmp_path_factory.mktemp("good") / "good.mp4"
    make(path, GOOD)
    return path


def document(*arguments):
    code, said, _ = preflight(*arguments, "--json")
    return code, json.loads(said)


def test_a_good_film_is_ready_for_both(good):
    code, found = document(good, "--for", "tiktok,instagram.reel")
    assert code == 0
    assert found["targets"] == {
        "tiktok": {"verdict": "ready", "findings": []},
        "instagram.reel": {"verdict": "ready", "findings": []},
    }


def test_the_document_has_exactly_the_promised_shape(corpus):
    code, found = document(corpus["vp9.webm"])
    assert (code, set(found)) == (1, {"media", "targets"})
    assert set(found["targets"]) == {"tiktok.video", "instagram.reel"}
    for target in found["targets"].values():
        assert set(target) == {"verdict", "findings"}
        for finding in target["findings"]:
            assert set(finding) == {"code", "severity", "where", "measured", "allowed", "advice"}


def test_the_media_says_what_it_is(good):
    _, found = document(good)
    media = found["media"]
    assert (media["name"], media["kind"], media["container"]["moov"]) == ("good.mp4", "video", "first")
    assert (media["videos"][0]["width"], media["videos"][0]["height"]) == (720, 1280)
    assert (media["size"], len(media["sha256"])) == (good.stat().st_size, 64)


@pytest.mark.parametrize(
    ("name", "target", "code"),
    [
        ("moov-last.mp4", "instagram.reel", "video.moov.in"),
        ("edit-lists.mp4", "instagram.reel", "video.edit_lists.max"),
        ("lasts-2.9s.mp4", "instagram.reel", "video.duration.min"),
        ("lasts-90.1s.mp4", "instagram.reel", "video.duration.max"),
        ("lasts-15min-1s.mp4", "instagram.reel", "video.duration.max"),
        ("too-large.mp4", "tiktok", "video.side.max"),
        ("too-small.mp4", "tiktok", "video.side.min"),
        ("rate-22.mp4", "tiktok", "video.fps.min"),
        ("rate-61.mp4", "tiktok", "video.fps.max"),
        ("surround.mp4", "instagram.reel", "audio.channels.max"),
        ("rate-96.mp4", "instagram.reel", "audio.rate.max"),
        ("open-groups.mp4", "instagram.reel", "video.gop.in"),
        ("fields.mp4", "instagram.reel", "video.scan.in"),
    ],
)
def test_real_files_meet_the_rules_that_name_them(corpus, name, target, code):
    _, found = document(corpus[name], "--for", target)
    codes = {each["code"] for each in found["targets"][target]["findings"]}
    assert code in codes


def test_a_sparse_file_beyond_the_size_is_blocked_quickly(good, tmp_path):
    large = tmp_path / "large.mp4"
    large.write_bytes(
        good.read_bytes() + (300 * 2**20 + 1 - good.stat().st_size).to_bytes(4, "big") + b"free"
    )
    with large.open("r+b") as file:
        file.truncate(300 * 2**20 + 1)
    code, found = document(large, "--for", "instagram.reel")
    assert code == 1
    assert "video.size.max" in {each["code"] for each in found["targets"]["instagram.reel"]["findings"]}


def test_a_caption_is_checked_along(good):
    code, found = document(good, "--for", "instagram.reel", "--caption", "#tag " * 31)
    assert (code, [each["code"] for each in found["targets"]["instagram.reel"]["findings"]]) == (
        1,
        ["caption.hashtags.max"],
    )


def test_people_read_of_characters_where_a_platform_counts_its_own_units(good):
    _, said, _ = preflight(good, "--for", "tiktok", "--caption", "x" * 2300)
    assert "characters" in said
    assert "UTF-16" not in said


def test_several_files_are_one_post(tmp_path):
    for number in range(2):
        (tmp_path / f"{number}.jpg").write_bytes(jpeg(1080, 1350))
    code, found = document(tmp_path / "0.jpg", tmp_path / "1.jpg")
    assert (code, len(found["media"]), set(found["targets"])) == (
        0,
        2,
        {"tiktok.photo", "instagram.carousel"},
    )


def test_people_get_a_table(corpus):
    code, said, _ = preflight(corpus["moov-last.mp4"])
    assert code == 1
    assert "Index position" in said
    assert "tiktok.video" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["/nowhere/film.mp4"], "There is no file at “/nowhere/film.mp4”."),
        (["/"], "“/” is not a file."),
        (["/dev/zero"], "“/dev/zero” is not a file."),
    ],
)
def test_what_cannot_be_read_ends_with_a_sentence(arguments, sentence):
    code, said, complained = preflight(*arguments)
    assert (code, said, complained.strip()) == (2, "", sentence)


def test_an_unknown_target_ends_with_those_that_exist(good):
    code, _, complained = preflight(good, "--for", "facebook")
    assert code == 2
    assert "“facebook”" in complained
    assert "instagram.reel" in complained


@pytest.mark.parametrize("arguments", [[], ["--for"], ["a.mp4", "--nonsense"]])
def test_wrong_use_is_exit_code_2(arguments):
    assert preflight(*arguments)[0] == 2
