"""Films made to order: small, short, and exactly as asked for."""

import os
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av

LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1"}
FORMATS = {
    "aac": "fltp",
    "ac3": "fltp",
    "eac3": "fltp",
    "libmp3lame": "fltp",
    "mp2": "s16",
    "libopus": "flt",
    "flac": "s16",
    "libvorbis": "fltp",
    "wmav2": "fltp",
}
QUICK = {
    "libx264": {"preset": "ultrafast", "threads": "1"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none:pools=none:frame-threads=1"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libsvtav1": {"preset": "12", "svtav1-params": "lp=1"},
}


@dataclass(frozen=True, kw_only=True)
class Sound:
    """A track of sound: a tone, or nothing that can be heard."""

    codec: str = "aac"
    rate: int = 48000
    channels: int = 2
    silent: bool = False
    bit_rate: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, kw_only=True)
class Film:
    """What to make. `frames` at `rate`; `times` gives each frame's moment in ticks of 1/`clock` instead."""

    codec: str = "libx264"
    width: int = 72
    height: int = 128
    rate: Fraction | int = 30
    frames: int = 90
    pixels: str = "yuv420p"
    options: Mapping[str, str] = field(default_factory=dict)
    container: Mapping[str, str] = field(default_factory=dict)
    format: str | None = None
    sounds: Sequence[Sound] = (Sound(),)
    rotation: int = 0
    aspect: Fraction | None = None
    times: Sequence[int] | None = None
    clock: int = 1000
    setup: Callable[[object], None] = lambda _context: None


def make(path: Path, film: Film) -> None:
    """Write a film."""
    with av.open(str(path), "w", format=film.format, container_options=dict(film.container)) as container:
        video = _video(container, film) if film.frames else None
        sounds = [(_sound(container, each), each) for each in film.sounds]
        packets = list(_pictures(video, film)) if video is not None else []
        for stream, sound in sounds:
            for frame in _tones(sound, stream, seconds(film)):
                packets += stream.encode(frame)
            packets += stream.encode(None)
        for packet in sorted(packets, key=lambda each: (each.dts or 0) * each.time_base):
            container.mux(packet)


def _pictures(stream, film: Film) -> Iterable[av.Packet]:
    for number, moment in enumerate(_moments(film)):
        frame = picture(film.width, film.height, film.pixels, number)
        frame.pts, frame.time_base = moment, _clock(film)
        yield from stream.encode(frame)
    yield from stream.encode(None)


def seconds(film: Film) -> float:
    """How long its pictures last."""
    if film.times is not None:
        return film.times[-1] / film.clock
    return float(film.frames / Fraction(film.rate)) if film.frames else 3.0


def _video(container, film: Film):
    stream = container.add_stream(
        film.codec, rate=film.rate, options={**QUICK.get(film.codec, {}), **film.options}
    )
    stream.width, stream.height, stream.pix_fmt = film.width, film.height, film.pixels
    if film.times is not None:
        stream.codec_context.time_base = Fraction(1, film.clock)
    if film.aspect is not None:
        stream.codec_context.sample_aspect_ratio = film.aspect
    if film.rotation:
        stream.set_display_rotation(film.rotation)
    film.setup(stream.codec_context)
    with _own_turn():
        stream.codec_context.open()
    return stream


@contextmanager
def _own_turn() -> Iterator[None]:
    """SVT-AV1, run by root, makes whoever opens it a real-time process that lets nobody else have the processor."""
    mine, param = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        os.sched_setscheduler(0, mine, param)


def _clock(film: Film) -> Fraction:
    return Fraction(1, film.clock) if film.times is not None else 1 / Fraction(film.rate)


def _moments(film: Film) -> Iterable[int]:
    return film.times if film.times is not None else range(film.frames)


def picture(width: int, height: int, pixels: str, number: int) -> av.VideoFrame:
    """A frame whose planes change from frame to frame, cheaply."""
    frame = av.VideoFrame(width, height, pixels)
    deep = pixels.endswith("10le")
    for plane in frame.planes:
        step = bytes(
            (number * 5 + each * 3) % 200 + 20 if not deep or each % 2 == 0 else 2 for each in range(64)
        )
        plane.update((step * (plane.buffer_size // 64 + 1))[: plane.buffer_size])
    return frame


def _sound(container, sound: Sound):
    stream = container.add_stream(sound.codec, rate=sound.rate, layout=LAYOUTS[sound.channels])
    if sound.bit_rate:
        stream.bit_rate = sound.bit_rate
    return stream


def _tones(sound: Sound, stream, length: float) -> Iterable[av.AudioFrame]:
    name = FORMATS.get(sound.codec, "s16")
    wanted = round((sound.seconds or length) * sound.rate)
    size = stream.codec_context.frame_size or 1024
    for start in range(0, wanted, size):
        frame = av.AudioFrame(format=name, layout=LAYOUTS[sound.channels], samples=min(size, wanted - start))
        frame.sample_rate, frame.pts, frame.time_base = sound.rate, start, Fraction(1, sound.rate)
        wave = bytes(8) if sound.silent else _WAVES[name.rstrip("p")]
        for plane in frame.planes:
            plane.update((wave * (plane.buffer_size // len(wave) + 1))[: plane.buffer_size])
        yield frame


_PERIOD = 48
_WAVES = {
    "flt": struct.pack(f"{_PERIOD}f", *([0.2] * (_PERIOD // 2) + [-0.2] * (_PERIOD // 2))),
    "s16": struct.pack(f"{_PERIOD}h", *([6000] * (_PERIOD // 2) + [-6000] * (_PERIOD // 2))),
}
