"""What the emulators see of media while it flows past, whatever the pieces."""

import hashlib
import shutil
import subprocess

import pytest

from sandbox.media import Glance
from tests.media.films import Film, make
from tests.unit.sandbox.films import box, film, jpeg, png, webp


def seen(content, piece=1 << 16):
    glance = Glance()
    for begin in range(0, len(content), piece):
        glance.feed(content[begin : begin + piece])
    return glance.seen()


@pytest.mark.parametrize("piece", [1, 7, 8, 100, 1 << 16])
@pytest.mark.parametrize("index_last", [False, True])
def test_a_film_is_read_in_any_pieces(piece, index_last):
    content = film(seconds=12.5, fps=24, width=720, height=1280, index_last=index_last, size=5_000)
    one = seen(content, piece)
    assert (one.kind, one.width, one.height, one.seconds, one.fps) == ("mp4", 720, 1280, 12.5, 24.0)
    assert (one.video, one.audio, one.audio_rate, one.channels) == ("avc1", "mp4a", 48_000, 2)
    assert (one.size, one.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (one.edit_list, one.index_first) == (False, not index_last)


def test_brand_edit_list_and_turn_are_seen():
    one = seen(film(brand=b"qt  ", edits=True, turned=True, width=1920, height=1080))
    assert (one.kind, one.edit_list, one.width, one.height) == ("mov", True, 1080, 1920)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        film(index=False),
        film()[:-1],
        film()[:40],
        bytes(5_000),
        box(b"ftyp", b"isom") + box(b"moov", b"nonsense and more of it") + box(b"mdat"),
        box(b"moov", box(b"mvhd", bytes(100))) + box(b"mdat"),
        box(b"xxxx", b"isom") + film(),
    ],
)
def test_what_is_no_film_is_nothing(content):
    assert seen(content).kind == ""


def test_a_silent_film_has_no_sound_and_a_sound_no_picture():
    assert seen(film(audio=b"")).audio == ""
    assert (seen(film(video=b"")).kind, seen(film(video=b"")).video) == ("mp4", "")


@pytest.mark.parametrize(
    ("codec", "pixels", "chroma"),
    [
        ("libx264", "yuv420p", "4:2:0"),
        ("libx264", "yuv420p10le", "4:2:0"),
        ("libx264", "yuv422p", "4:2:2"),
        ("libx264", "yuv444p", "4:4:4"),
        ("libx265", "yuv420p", "4:2:0"),
        ("libx265", "yuv422p10le", "4:2:2"),
    ],
)
def test_the_chroma_of_an_encoder_is_seen(tmp_path, codec, pixels, chroma):
    make(tmp_path / "film.mp4", Film(codec=codec, pixels=pixels, frames=3, sounds=()))
    assert seen((tmp_path / "film.mp4").read_bytes()).chroma == chroma


@pytest.mark.parametrize("codec", [b"avc1", b"hvc1"])
@pytest.mark.parametrize(("said", "chroma"), [(1, "4:2:0"), (2, "4:2:2"), (None, "")])
def test_the_chroma_is_read_where_the_codec_says_it(codec, said, chroma):
    assert seen(film(video=codec, chroma=said)).chroma == chroma


@pytest.mark.parametrize(("make", "kind"), [(jpeg, "jpeg"), (webp, "webp"), (png, "png")])
def test_pictures_have_their_size(make, kind):
    one = seen(make(width=1440, height=900))
    assert (one.kind, one.width, one.height, one.ratio) == (kind, 1440, 900, 1.6)


def test_a_cut_picture_has_a_kind_but_no_size():
    assert (seen(jpeg()[:9]).kind, seen(jpeg()[:9]).width, seen(jpeg()[:9]).ratio) == ("jpeg", 0, 0)


def test_webm_is_known_by_its_first_bytes():
    assert seen(b"\x1a\x45\xdf\xa3" + bytes(100)).kind == "webm"


def test_a_fork_gives_up_what_broke_off():
    content, glance = film(size=3_000), Glance()
    glance.feed(content[:1_000])
    broken = glance.fork()
    broken.feed(b"garbage")
    glance.feed(content[1_000:])
    assert glance.seen() == seen(content)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs ffmpeg")
def test_a_real_encoder_is_understood(tmp_path):
    file = tmp_path / "real.mp4"
    made = [
        "-f",
        "lavfi",
        "-i",
        "testsrc=size=360x640:rate=25:duration=2",
        "-f",
        "lavfi",
        "-i",
        "sine=duration=2",
    ]
    subprocess.run(
        ["ffmpeg", "-loglevel", "error", *made, "-pix_fmt", "yuv420p", "-shortest", file],
        check=True,
        timeout=60,
    )
    one = seen(file.read_bytes())
    assert (one.kind, one.width, one.height, one.video, one.audio) == ("mp4", 360, 640, "avc1", "mp4a")
    assert (round(one.seconds, 1), round(one.fps), one.index_first) == (2.0, 25, False)
