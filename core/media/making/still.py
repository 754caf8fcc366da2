"""One JPEG from another picture: turned, on white, in sRGB, small enough."""

import os
from contextlib import closing
from typing import Any

import av
from av.filter import Graph

from core.domain.refusals import Refusal
from core.domain.rendition import Still
from core.media.making.film import open_source
from core.media.making.turn import EXIF, Step

QUALITIES = (2, 3, 4, 6, 8, 11, 15, 20)
"""FFmpeg's scale for JPEG, best first; the first that is small enough is taken."""


def make_still(source: int, target: int, wanted: Still) -> None:
    """Write `target` from `source`, both open descriptors. Raises Refusal `fix_too_large`."""
    with closing(open_source(source)) as film:
        pictures = film.streams.video[0]
        first = next(film.decode(pictures))
        ready = _prepared(pictures, first, wanted)
    for quality in QUALITIES:
        encoded = _encoded(ready, quality)
        if len(encoded) <= wanted.largest:
            os.ftruncate(target, 0)
            os.pwrite(target, encoded, 0)
            return
    raise Refusal("fix_too_large")


def _prepared(stream: Any, first: Any, wanted: Still) -> Any:
    graph = Graph()
    ends = graph.add_buffer(template=stream)
    for name, arguments in [*EXIF.get(wanted.orientation, []), _scale(wanted)]:
        step = graph.add(name, arguments or None)
        ends.link_to(step)
        ends = step
    size = f"{wanted.canvas_width}x{wanted.canvas_height}"
    ground = graph.add("color", f"color=white:size={size}:rate=1:duration=1")
    over = graph.add("overlay", "x=(W-w)/2:y=(H-h)/2:format=auto")
    ground.link_to(over, 0, 0)
    ends.link_to(over, 0, 1)
    # JPEG has no name for its matrix but one: full-range BT.601.
    last = over
    for name, arguments in (
        ("scale", "out_range=pc:out_color_matrix=bt601"),
        ("format", "yuvj420p"),
        ("buffersink", ""),
    ):
        step = graph.add(name, arguments or None)
        last.link_to(step)
        last = step
    graph.configure()
    graph.push(first)
    graph.push(None)
    return graph.pull()


def _scale(wanted: Still) -> Step:
    arguments = f"{wanted.width}:{wanted.height}:flags=lanczos+accurate_rnd"
    if wanted.primaries:
        arguments += f":in_primaries={wanted.primaries}:in_transfer=iec61966-2-1"
        arguments += ":out_primaries=bt709:out_transfer=iec61966-2-1"
    return "scale", arguments


def _encoded(frame: Any, quality: int) -> bytes:
    context = av.CodecContext.create("mjpeg", "w")
    context.width, context.height, context.pix_fmt = frame.width, frame.height, "yuvj420p"
    context.time_base = frame.time_base
    context.color_range = 2
    context.options = {"qmin": str(quality), "qmax": str(quality), "huffman": "optimal"}
    frame.pict_type = 0
    return b"".join(bytes(each) for each in [*context.encode(frame), *context.encode(None)])
