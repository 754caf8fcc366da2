"""Where tests make renditions: the use case over what is real, films to mend, and what is looked at afterwards."""

import asyncio
import os
import struct
from contextlib import aclosing
from fractions import Fraction
from pathlib import Path

import av

from core.media.making.film import make_film
from core.media.probe import IsolatedProbe
from core.media.rendition import IsolatedRenditions
from core.media.sources import OnDisk
from core.providers.limits import limit_sets
from core.usecases.mending import Mended, Mending, Wish
from core.usecases.preflight import Preflight
from storage.media_store import FolderStore
from tests.fakes import FrozenClock
from tests.media.films import Film, make

SMALL = {"width": 360, "height": 360, "frames": 96}
BOTH = ("tiktok.video", "instagram.reel")


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


def a_film(tmp_path, name="film.mp4", **how):
    path = tmp_path / name
    make(path, Film(**SMALL | how))
    return path


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


async def in_process(path, made, recipe):
    """Make a rendition here, without the limited process."""
    source, target = os.open(path, os.O_RDONLY), os.open(made, os.O_RDWR | os.O_CREAT)
    try:
        await asyncio.to_thread(make_film, source, target, recipe, lambda _share: None)
    finally:
        os.close(source)
        os.close(target)


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


async def there_are(count):
    """Wait until so many limited processes run: one that has just begun has no name for a moment."""
    async with asyncio.timeout(20):
        while len(children()) != count:  # noqa: ASYNC110 - nobody tells when another process begins or ends
            await asyncio.sleep(0.01)
