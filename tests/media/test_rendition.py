"""Renditions for real: made in the limited process, probed again, clean for both platforms."""

import os
from fractions import Fraction

import av
import pytest

from core.domain.media import Dynamic, Moov
from core.domain.rendition import Cut, Picture, Recipe
from tests.media.films import Sound, picture
from tests.media.workshop import (
    BOTH,
    a_film,
    boxes,
    in_process,
    packets,
)


async def test_an_index_at_the_end_comes_first_and_nothing_else_changes(workshop, tmp_path):
    path = a_film(tmp_path, options={"bf": "2"})
    made, media, where = await workshop.one(path)
    assert made.remedy.recipe == Recipe()
    assert media.container.moov is Moov.FIRST
    order, has_edit_list = boxes(where)
    assert order.index("moov") < order.index("mdat")
    assert not has_edit_list
    assert packets(where) == packets(path)
    assert (
        packets(where, "audio") == packets(path, "audio")[1:]
    )  # the first is what AAC puts before the beginning
    assert media.duration == pytest.approx(3.2)


async def test_a_turned_film_stays_turned(workshop, tmp_path):
    made, media, _ = await workshop.one(a_film(tmp_path, width=360, height=420, rotation=90))
    assert made.remedy.recipe.is_remux
    assert (media.video.width, media.video.height, abs(media.video.rotation) % 180) == (420, 360, 90)


async def test_matroska_becomes_mp4_with_the_same_pictures(workshop, tmp_path):
    path = a_film(tmp_path, "film.mkv")
    made, media, where = await workshop.one(path)
    assert (made.remedy.recipe.is_remux, made.name, media.container.format) == (True, "film.mp4", "mp4")
    assert len(packets(where)) == len(packets(path)) == 96


async def test_only_one_track_of_sound_stays(workshop, tmp_path):
    _, media, _ = await workshop.one(a_film(tmp_path, sounds=(Sound(), Sound(rate=44100))))
    assert [each.sample_rate for each in media.audios] == [48000]


async def test_hevc_is_copied_under_the_name_that_players_know(workshop, tmp_path):
    made, media, where = await workshop.one(a_film(tmp_path, codec="libx265"))
    assert (made.remedy.recipe.is_remux, media.video.codec) == (True, "hevc")
    assert b"hvc1" in where.read_bytes()


async def test_everything_wrong_at_once_is_mended_at_once(workshop, tmp_path):
    path = a_film(
        tmp_path,
        "film.mkv",
        codec="libvpx-vp9",
        width=200,
        height=300,
        rate=15,
        frames=48,
        sounds=(Sound(codec="flac", rate=96000, channels=6),),
    )
    made, media, _ = await workshop.one(path)
    assert made.report.targets.keys() == set(BOTH)
    video, audio = media.video, media.audio
    assert (video.codec, video.width, video.height, video.rate.average) == ("h264", 360, 540, 30)
    assert (video.chroma, video.bit_depth, video.interlaced, video.open_gop) == ("4:2:0", 8, False, False)
    assert (audio.codec, audio.sample_rate, audio.channels) == ("aac", 48000, 2)
    assert media.duration == pytest.approx(3.2, abs=0.04)
    assert media.container.edit_lists == 0


async def test_a_film_of_no_steady_rate_gets_one_and_keeps_its_length(workshop, tmp_path):
    times = [round(each * 1000 / 30 + (25 if each % 3 else 0)) for each in range(100)]
    _, media, _ = await workshop.one(a_film(tmp_path, times=times, frames=100))
    assert not media.video.rate.variable
    assert media.duration == pytest.approx(times[-1] / 1000, abs=0.1)


async def test_brightness_beyond_the_usual_becomes_the_usual(workshop, tmp_path):
    def bright(context):
        context.color_primaries, context.color_trc, context.colorspace = 9, 16, 9

    path = a_film(tmp_path, frames=90, codec="libx265", pixels="yuv420p10le", setup=bright)
    made, media, _ = await workshop.one(path)
    assert made.remedy.recipe.picture.tonemap
    assert (media.video.dynamic, media.video.bit_depth) == (Dynamic.SDR, 8)


async def test_a_turned_film_is_turned_when_it_is_made_anew(workshop, tmp_path):
    path = a_film(tmp_path, width=360, height=420, rotation=90, pixels="yuv422p")
    _, media, _ = await workshop.one(path)
    assert (media.video.width, media.video.height, media.video.rotation) == (420, 360, 0)


async def test_a_flat_film_gets_bars(workshop, tmp_path):
    made, media, where = await workshop.one(a_film(tmp_path, width=1200, height=64, frames=90))
    assert made.remedy.recipe.picture.canvas_height == media.video.height == 360
    with av.open(str(where)) as film:
        frame = next(film.decode(video=0))
        luma, line = bytes(frame.planes[0]), frame.planes[0].line_size
    assert luma[600] == luma[line * 359 + 600] == 16
    assert luma[line * 180 + 600] > 16


async def test_a_part_is_kept_exactly(workshop, tmp_path):
    path = a_film(tmp_path, frames=180)
    _, media, _ = await workshop.one(path, cut=Cut(1.1, 4.3))
    assert media.duration == pytest.approx(3.2, abs=0.001)
    assert media.audio.duration <= 3.2


async def test_a_ceiling_of_bytes_holds(tmp_path):
    path = tmp_path / "noise.mp4"
    noise = os.urandom(360 * 360)

    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=30, options={"preset": "ultrafast", "qp": "10"})
        stream.width, stream.height, stream.pix_fmt = 360, 360, "yuv420p"
        for number in range(90):
            frame = picture(360, 360, "yuv420p", number)
            frame.planes[0].update((noise[number * 97 :] + noise)[: frame.planes[0].buffer_size])
            frame.pts, frame.time_base = number, Fraction(1, 30)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    wanted = Picture(
        width=360, height=360, canvas_width=360, canvas_height=360, rate=Fraction(30), bit_rate=1_000_000
    )
    made = tmp_path / "made.mp4"
    await in_process(path, made, Recipe(picture=wanted))
    assert path.stat().st_size * 8 / 3 > 8_000_000
    assert made.stat().st_size * 8 / 3 < 1_100_000
