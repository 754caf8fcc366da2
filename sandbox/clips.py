"""A small film for people to play with: a sun goes over a sea for four seconds, and a low tone sounds.

It is upright, H.264 and AAC. Its index comes last, as cameras write it: one platform takes it, another doesn't.
"""

import io
import math
import struct
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
from av.audio.stream import AudioStream
from av.video.plane import VideoPlane
from av.video.stream import VideoStream

WIDTH, HEIGHT, RATE, SECONDS = 720, 1280, 24, 4
SOUND_RATE = 48_000
HORIZON = 860
SUN = 110
_FRAMES = RATE * SECONDS
_DAY, _DUSK = (176, 128, 104), (110, 108, 176)
"""Luma and chroma of the sky above and at the horizon."""
_SEA = (70, 158, 104)
_LIGHT = (225, 60, 168)


def clip() -> bytes:
    """Return the film, an MP4 file."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        film = container.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "crf": "30"})
        film.width, film.height, film.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        sound = container.add_stream("aac", rate=SOUND_RATE, layout="mono")
        packets = [*_pictures(film), *_tone(sound)]
        for packet in sorted(packets, key=lambda each: (each.dts or 0) * each.time_base):
            container.mux(packet)
    return file.getvalue()


def _pictures(film: VideoStream) -> Iterator["av.Packet[Any]"]:
    sky = [_rows(plane) for plane in range(3)]
    for number in range(_FRAMES):
        frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
        for plane, rows in enumerate(sky):
            _paint(frame.planes[plane], rows, number / _FRAMES, plane)
        frame.pts, frame.time_base = number, Fraction(1, RATE)
        yield from film.encode(frame)
    yield from film.encode(None)


def _rows(plane: int) -> list[bytes]:
    """One plane without the sun, row by row: the sky grows warm towards the horizon, the sea dark below."""
    size = 1 if plane == 0 else 2
    rows = []
    for y in range(0, HEIGHT, size):
        if y < HORIZON:
            share = y / HORIZON
            value = _DAY[plane] + (_DUSK[plane] - _DAY[plane]) * share * share
        else:
            value = _SEA[plane] - (y - HORIZON) / 14 * (plane == 0)
        rows.append(bytes([round(value)]) * (WIDTH // size))
    return rows


def _paint(plane: VideoPlane, rows: list[bytes], passed: float, number: int) -> None:
    """Fill a plane with its rows and, at its place of this moment, the sun."""
    size = 1 if number == 0 else 2
    across, down = WIDTH * (0.2 + 0.6 * passed), HORIZON - 160 - 420 * math.sin(math.pi * passed)
    pad = bytes(plane.line_size - WIDTH // size)
    painted = b"".join(_lit(row, number, across, at * size - down) + pad for at, row in enumerate(rows))
    plane.update(painted)


def _lit(row: bytes, plane: int, across: float, away: float) -> bytes:
    """A row with the part of the sun that crosses it, this far from the sun's middle."""
    if abs(away) >= SUN:
        return row
    half, size = math.sqrt(SUN * SUN - away * away), 1 if plane == 0 else 2
    first, last = round((across - half) / size), round((across + half) / size)
    return row[:first] + bytes([_LIGHT[plane]]) * (last - first) + row[last:]


def _tone(sound: AudioStream) -> Iterator["av.Packet[Any]"]:
    size = sound.codec_context.frame_size or 1024
    for start in range(0, SOUND_RATE * SECONDS, size):
        frame = av.AudioFrame(format="fltp", layout="mono", samples=size)
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, start, Fraction(1, SOUND_RATE)
        wave = [0.1 * math.sin(2 * math.pi * 110 * (start + at) / SOUND_RATE) for at in range(size)]
        frame.planes[0].update(struct.pack(f"{size}f", *wave))
        yield from sound.encode(frame)
    yield from sound.encode(None)
