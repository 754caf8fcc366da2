"""Renditions for real: made in the limited process, probed again, clean for both platforms, in step with their sound."""

import asyncio
import os
import signal
import struct
from contextlib import aclosing, closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import pytest

from core.domain.media import Dynamic, Moov
from core.domain.refusals import Refusal
from core.domain.rendition import CannotCopy, Cut, Picture, Progress, Recipe
from core.media.local import LocalFile
from core.media.making.film import make_film
from core.media.probe import IsolatedProbe
from core.media.rendition import Costs, IsolatedRenditions
from core.media.sources import OnDisk
from core.providers.limits import limit_sets
from core.usecases.mending import Mended, Mending, Wish
from core.usecases.preflight import Preflight
from storage.media_store import FolderStore
from tests.fakes import FrozenClock
from tests.media.films import Film, Sound, make, picture
from tests.media.pictures import jpeg, png

SMALL = {"width": 360, "height": 360, "frames": 96}
BOTH = ("tiktok.video", "instagram.reel")


HEAVY = Picture(
    width=1920, height=1920, canvas_width=1920, canvas_height=1920, rate=Fraction(60), bit_rate=50_000_000
)


class Workshop:
    """The use case over the real probe, store and renditions."""

    def __init__(self, folder):
        self.probe = IsolatedProbe()
        self.store = FolderStore(folder)
        preflight = Preflight(probe=self.probe, sets=limit_sets(), clock=FrozenClock())
        self.renditions = IsolatedRenditions()
        self.mending = Mending(
            preflight=preflight, store=self.store, renditions=self.renditions, clock=FrozenClock()
        )

    async def fix(self, path, *targets, cut=None):
        """Return what was made, and the progress that was told."""
        told, made = [], []
        async with aclosing(self.mending.fix(OnDisk(path), Wish(targets=targets, cut=cut))) as steps:
            async for step in steps:
                (made if isinstance(step, Mended) else told).append(step)
        return made, told

    async def one(self, path, *targets, cut=None):
        """Return the one file that was made, its facts, and where it is."""
        (made,), _ = await self.fix(path, *(targets or BOTH), cut=cut)
        return made, made.report.media[0], self.store._path(made.kept.sha256)


@pytest.fixture
def workshop(tmp_path):
    opened = Workshop(tmp_path / "store")
    yield opened
    opened.probe.close()


def a_film(tmp_path, name="film.mp4", **how):
    path = tmp_path / name
    make(path, Film(**SMALL | how))
    return path


def packets(path, kind="video"):
    """Return the packets' content of a track."""
    with av.open(str(path)) as film:
        return [bytes(each) for each in film.demux(film.streams.get({kind: 0})[0]) if each.size]


def boxes(path):
    whole, at, found = path.read_bytes(), 0, []
    while at < len(whole):
        size, name = struct.unpack(">I4s", whole[at : at + 8])
        found.append(name.decode())
        at += size
    return found, b"elst" in whole


# ---- remux ------------------------------------------------------------------------------------------------------


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


# ---- made anew --------------------------------------------------------------------------------------------------


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


# ---- in step -------------------------------------------------------------------------------------------------------


async def in_process(path, made, recipe):
    """Make a rendition here, without the limited process."""
    source, target = os.open(path, os.O_RDONLY), os.open(made, os.O_RDWR | os.O_CREAT)
    try:
        await asyncio.to_thread(make_film, source, target, recipe, lambda _share: None)
    finally:
        os.close(source)
        os.close(target)


def clapper(path, *, delay=0.0, video_delay=0.0, **options):
    """Write a film that is dark and silent but for one moment, at two seconds of its own clock: a flash and a tone."""
    with av.open(str(path), "w", container_options=options) as film:
        video = film.add_stream("libx264", rate=30, options={"preset": "ultrafast", "bf": "2", "g": "30"})
        video.width, video.height, video.pix_fmt = 360, 360, "yuv420p"
        audio = film.add_stream("aac", rate=48000, layout="mono")
        for number in range(120):
            frame = av.VideoFrame(360, 360, "yuv420p")
            for plane, value in zip(
                frame.planes, (235 if number / 30 == 2 - video_delay else 16, 128, 128), strict=True
            ):
                plane.update(bytes([value]) * plane.buffer_size)
            frame.pts, frame.time_base = number + round(video_delay * 30), Fraction(1, 30)
            film.mux(video.encode(frame))
        for start in range(0, 192_000, 1024):
            frame = av.AudioFrame(format="fltp", layout="mono", samples=1024)
            frame.sample_rate, frame.time_base = 48000, Fraction(1, 48000)
            frame.pts = start + round(delay * 48000)
            wave = [
                0.5 if 96_000 <= start + each + round(delay * 48000) < 97_600 else 0.0 for each in range(1024)
            ]
            frame.planes[0].update(struct.pack("1024f", *wave))
            film.mux(audio.encode(frame))
        film.mux([*video.encode(None), *audio.encode(None)])


def apart(path):
    """Return by how many seconds a film's tone begins after its flash, as a player without edit lists shows it."""
    with av.open(str(path), options={"ignore_editlist": "1"}) as film:
        flash = next(float(each.time) for each in film.decode(video=0) if bytes(each.planes[0])[5000] > 120)
    with av.open(str(path), options={"ignore_editlist": "1"}) as film:
        for each in film.decode(audio=0):
            wave = struct.unpack(f"{each.samples}f", bytes(each.planes[0])[: 4 * each.samples])
            loud = next((number for number, value in enumerate(wave) if abs(value) > 0.2), None)
            if loud is not None:
                return float(each.time) + loud / 48000 - flash
    raise AssertionError


@pytest.mark.parametrize(
    "how",
    [{}, {"delay": 0.4}, {"video_delay": 0.2}, {"delay": 0.05}],
    ids=["plain", "late sound", "late pictures", "bit late"],
)
@pytest.mark.parametrize("container", ["mp4", "mkv"])
async def test_sound_stays_with_its_pictures(workshop, tmp_path, how, container):
    clapper(tmp_path / f"clap.{container}", **how)
    _, _, where = await workshop.one(tmp_path / f"clap.{container}")
    assert apart(where) == pytest.approx(0, abs=0.035)


async def test_sound_stays_with_pictures_made_anew(tmp_path):
    clapper(tmp_path / "clap.mp4")
    wanted = Picture(
        width=360, height=360, canvas_width=360, canvas_height=360, rate=Fraction(30), bit_rate=5_000_000
    )
    for number, cut in enumerate((None, Cut(0.7, 3.9))):
        made = tmp_path / f"{number}.mp4"
        await in_process(tmp_path / "clap.mp4", made, Recipe(picture=wanted, cut=cut))
        assert apart(made) == pytest.approx(0, abs=0.045)


async def test_an_edit_list_that_hides_a_part_keeps_it_hidden(workshop, tmp_path):
    clapper(tmp_path / "whole.mp4")
    with av.open(str(tmp_path / "whole.mp4")) as whole, av.open(str(tmp_path / "part.mp4"), "w") as part:
        tracks = {each.index: part.add_stream_from_template(each) for each in whole.streams}
        for packet in whole.demux():
            if packet.dts is not None:
                # Everything half a second earlier: what is now before zero is hidden by the muxer's edit list.
                shift = round(Fraction(1, 2) / packet.time_base)
                packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
                packet.stream = tracks[packet.stream.index]
                part.mux(packet)
    with LocalFile(tmp_path / "part.mp4") as source:
        probed = await workshop.probe.probe(source)
    made, media, where = await workshop.one(tmp_path / "part.mp4")
    assert media.duration == pytest.approx(probed.duration, abs=0.04)
    assert apart(where) == pytest.approx(0, abs=0.045)
    assert made.remedy.recipe.picture is not None


# ---- pictures ---------------------------------------------------------------------------------------------------------


async def test_a_picture_becomes_a_jpeg_that_both_take(workshop, tmp_path):
    (tmp_path / "photo.png").write_bytes(png(900, 400))
    made, media, _ = await workshop.one(tmp_path / "photo.png", "tiktok.photo", "instagram.image")
    assert (made.name, media.image.format) == ("photo.jpg", "jpeg")
    assert (media.image.width, media.image.height) == (900, 472)


async def test_a_turned_photo_is_turned(workshop, tmp_path):
    (tmp_path / "photo.jpg").write_bytes(jpeg(1000, 2000, orientation=6))
    _, media, _ = await workshop.one(tmp_path / "photo.jpg", "instagram.image")
    assert (media.image.width, media.image.height, media.image.orientation) == (1440, 754, 1)


# ---- once, and not at all ------------------------------------------------------------------------------------------------


async def test_the_same_fix_is_made_once(workshop, tmp_path):
    path = a_film(tmp_path)
    first, _, where = await workshop.one(path)
    made_at = where.stat().st_ino
    (second,), told = await workshop.fix(path, *BOTH)
    assert (first.was_there, second.was_there) == (False, True)
    assert (second.kept, where.stat().st_ino) == (first.kept, made_at)
    assert told == [Progress(0.0)]


async def test_progress_grows_to_one(workshop, tmp_path):
    _, told = await workshop.fix(a_film(tmp_path, pixels="yuv422p"), *BOTH)
    shares = [each.fraction for each in told]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1
    assert len(shares) > 10


async def test_a_process_started_ahead_makes_the_next_one(tmp_path):
    path, renditions = a_film(tmp_path), IsolatedRenditions(ahead=True)
    with closing(renditions):
        for turn in range(3):
            with LocalFile(path) as source:
                async for _ in renditions.make(source, Recipe(), tmp_path / f"{turn}.mp4"):
                    pass
            await there_are(1)
            assert (tmp_path / f"{turn}.mp4").read_bytes() == (tmp_path / "0.mp4").read_bytes()
            if turn == 0:
                os.kill(children()[0], signal.SIGKILL)  # nobody relies on it
                await there_are(0)
    assert children() == []


async def there_are(count):
    """Wait until so many limited processes run: one that has just begun has no name for a moment."""
    async with asyncio.timeout(20):
        while len(children()) != count:  # noqa: ASYNC110 - nobody tells when another process begins or ends
            await asyncio.sleep(0.01)


async def test_what_is_not_clean_afterwards_is_refused(workshop, tmp_path):
    class Lazy(IsolatedRenditions):
        async def make(self, source, recipe, target):
            target.write_bytes((tmp_path / "film.mp4").read_bytes())
            yield Progress(1.0)

    path = a_film(tmp_path)
    workshop.mending._renditions = Lazy()
    with pytest.raises(Refusal, match="fix_failed"):
        await workshop.fix(path, *BOTH)


def children():
    """Return the limited processes of renditions that run now."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            command = (each / "cmdline").read_bytes()
            if (
                b"core.media.making" in command
                and int((each / "stat").read_text().rsplit(")")[1].split()[1]) == os.getpid()
            ):
                found.append(int(each.name))
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
async def test_cancelling_ends_the_process_and_leaves_nothing(workshop, tmp_path):
    path = a_film(tmp_path, width=960, height=720, pixels="yuv422p")
    steps = workshop.mending.fix(OnDisk(path), Wish(targets=BOTH))
    async for step in steps:
        if isinstance(step, Progress) and children():
            break
    await steps.aclose()
    assert children() == []
    assert not [each for each in (tmp_path / "store").rglob("*") if each.is_file()]


async def test_a_cancelled_task_ends_the_process(workshop, tmp_path):
    path = a_film(tmp_path, width=960, height=720, pixels="yuv422p")
    task = asyncio.create_task(workshop.fix(path, *BOTH))
    async with asyncio.timeout(20):
        while not children():  # noqa: ASYNC110 - nobody tells when another process begins
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert children() == []


async def test_a_killed_process_is_an_answer(workshop, tmp_path):
    path = a_film(tmp_path, width=960, height=720, pixels="yuv422p")
    task = asyncio.create_task(workshop.fix(path, *BOTH))
    async with asyncio.timeout(20):
        while not children():  # noqa: ASYNC110 - nobody tells when another process begins
            await asyncio.sleep(0.01)
    for each in children():
        os.kill(each, signal.SIGKILL)
    with pytest.raises(Refusal, match="fix_too_heavy"):
        await task


@pytest.mark.parametrize(
    ("costs", "recipe", "code"),
    [
        ({"largest": 10_000}, Recipe(), "fix_too_large"),
        ({"silent_seconds": 0.01}, Recipe(), "fix_stuck"),
        ({"cpu_seconds": 1}, Recipe(picture=HEAVY), "fix_too_heavy"),
        ({"memory": 700 << 20}, Recipe(picture=HEAVY), "fix_too_heavy"),
    ],
)
async def test_costs_are_bounded(tmp_path, costs, recipe, code):
    path = a_film(tmp_path, frames=90)
    with LocalFile(path) as source, pytest.raises(Refusal) as caught:
        async for _ in IsolatedRenditions(replace(Costs(), **costs)).make(source, recipe, tmp_path / "made"):
            pass
    assert caught.value.code == code


@pytest.mark.parametrize(
    "content", [b"", b"no film", b"\0\0\0\x18ftypmp42" + bytes(100), b"#EXTM3U\nhttp://127.0.0.1/x\n"]
)
async def test_what_is_no_film_is_refused(tmp_path, content):
    (tmp_path / "film.mp4").write_bytes(content)
    with LocalFile(tmp_path / "film.mp4") as source, pytest.raises(Refusal, match="fix_unreadable"):
        async for _ in IsolatedRenditions().make(source, Recipe(), tmp_path / "made"):
            pass


async def test_a_film_cut_off_gives_no_rendition_or_a_whole_one(workshop, tmp_path):
    path = a_film(tmp_path, "film.mkv")
    path.write_bytes(path.read_bytes()[:-20_000])
    with pytest.raises(Refusal):
        await workshop.fix(path, *BOTH)


async def test_a_track_that_cannot_be_copied_says_so(tmp_path):
    clapper(tmp_path / "clap.mkv", delay=0.4)
    with LocalFile(tmp_path / "clap.mkv") as source, pytest.raises(CannotCopy, match="sound"):
        async for _ in IsolatedRenditions().make(source, Recipe(), tmp_path / "made"):
            pass
