"""An independent judge over the corpus: `ffprobe`, where it is installed. Every fact agrees, or it is said why not."""

import json
import shutil
import subprocess
from fractions import Fraction

import pytest

from tests.media.corpus import EVERY

FFPROBE = shutil.which("ffprobe")
pytestmark = pytest.mark.skipif(
    FFPROBE is None, reason="ffprobe isn't installed; test_corpus.py needs no referee"
)
SQUARE = Fraction(1)
GUESSED = "an average over the packets that ffprobe happened to read, where we took all of them"
UNNAMED = "ffprobe prints the number of a profile that has no name"
DIFFERS = {
    ("vp8.webm", "profile"): UNNAMED,
    ("uneven.webm", "profile"): UNNAMED,
    ("uneven.webm", "fps"): GUESSED,
    ("mpeg4.avi", "fps"): "the rate in AVI's header; the frames are a repeated one short of it",
    ("uneven.mp4", "duration"): "how long the last frame lasts is anybody's guess",
}
"""(file, fact) to the reason for which ffprobe says something else."""


@pytest.fixture(scope="session")
def judged(corpus):
    """What ffprobe says of each file: (streams, format)."""
    return {name: _ffprobe(path) for name, path in corpus.items()}


def _ffprobe(path):
    asked = [FFPROBE, "-v", "error", "-of", "json", "-show_streams", "-show_format", str(path)]
    answer = json.loads(subprocess.run(asked, check=True, capture_output=True, timeout=30).stdout)
    return answer["streams"], answer["format"]


def video_facts(streams, form):
    video = next((each for each in streams if each["codec_type"] == "video"), None)
    if video is None:
        return {}
    turn = next((side["rotation"] for side in video.get("side_data_list", []) if "rotation" in side), 0)
    size = (video["width"], video["height"])
    aspect = Fraction(video.get("sample_aspect_ratio", "1:1").replace(":", "/").replace("0/1", "1/1"))
    lying = turn % 180 != 0
    fields = {"progressive": False, "tt": True, "bb": True, "tb": True, "bt": True}
    return {
        "codec": video["codec_name"],
        "profile": video.get("profile"),
        "pixel_format": video.get("pix_fmt"),
        "size": size[::-1] if lying else size,
        "aspect": 1 / aspect if lying else aspect,
        "fps": Fraction(video["avg_frame_rate"]),
        "duration": float(video.get("duration") or form["duration"]),
        "interlaced": fields.get(video.get("field_order")),
        "dynamic": {"smpte2084": "hdr10", "arib-std-b67": "hlg"}.get(video.get("color_transfer"), "sdr"),
    }


def found_video(media):
    video = media.video
    return {
        "codec": video.codec,
        "profile": video.profile,
        "pixel_format": video.pixel_format,
        "size": (video.width, video.height),
        "aspect": video.sample_aspect,
        "fps": video.rate.average if video.rate else None,
        "duration": media.duration,
        "interlaced": video.interlaced,
        "dynamic": video.dynamic,
    }


def sound_facts(streams):
    return [
        (each["codec_name"], int(each["sample_rate"]), each["channels"])
        for each in streams
        if each["codec_type"] == "audio"
    ]


def same(name, ours, theirs):
    if theirs is None or (name == "fps" and theirs == 0):
        return True  # the referee can't tell
    if name == "interlaced" and ours is None:
        return True  # told apart by no box and no stream header; nothing is claimed
    if name == "duration":
        return ours == pytest.approx(theirs, abs=0.06)
    if name == "fps":
        return float(ours) == pytest.approx(float(theirs), rel=0.004)
    return ours == theirs


@pytest.mark.parametrize("sample", [each for each in EVERY if each.film.frames], ids=lambda each: each.name)
def test_pictures_are_as_the_referee_says(probed, judged, sample):
    ours, theirs = found_video(probed[sample.name]), video_facts(*judged[sample.name])
    odd = {name for name in theirs if not same(name, ours[name], theirs[name])}
    explained = {fact for file, fact in DIFFERS if file == sample.name}
    assert odd <= explained, {name: (ours[name], theirs[name]) for name in odd}


@pytest.mark.parametrize("sample", EVERY, ids=lambda each: each.name)
def test_sounds_are_as_the_referee_says(probed, judged, sample):
    ours = [(each.codec, each.sample_rate, each.channels) for each in probed[sample.name].audios]
    assert ours == sound_facts(judged[sample.name][0])


@pytest.mark.parametrize("sample", EVERY, ids=lambda each: each.name)
def test_the_container_lasts_as_long_as_the_referee_says(probed, judged, sample):
    assert probed[sample.name].container.duration == pytest.approx(
        float(judged[sample.name][1]["duration"]), abs=0.06
    )


@pytest.mark.parametrize("sample", EVERY, ids=lambda each: each.name)
def test_bit_rates_are_as_the_referee_says(probed, judged, sample):
    ours, theirs = probed[sample.name].container.bit_rate, judged[sample.name][1].get("bit_rate")
    assert theirs is None or ours == pytest.approx(int(theirs), rel=0.02)
