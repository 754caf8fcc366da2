"""Pictures made anew: turned, deinterlaced, in steady time, brightness that every screen has, the right size."""

from collections.abc import Iterator
from typing import Any

from av.error import InvalidDataError

from core.domain.rendition import Picture
from core.media.making.graph import Chain
from core.media.making.place import Place
from core.media.making.turn import Step, turning

GROUP = 2
"""Seconds from one picture that stands alone to the next."""
HEADROOM, BUFFER = 0.85, 0.5
"""The rate aimed at and the seconds it is balanced over, so that even three seconds stay under the ceiling."""
DAMAGED = 50
_BT709, _LIMITED = 1, 1


class MadePictures:
    """Decodes, filters and encodes. `first` is the first frame: it says how the others are to be turned."""

    def __init__(self, stream: Any, target: Any, wanted: Picture, place: Place, *, first: Any) -> None:
        self._stream = stream
        self._base = stream.time_base
        self._shift = round(place.start / self._base)
        self._length = place.length
        self._chain = Chain(stream, _steps(wanted, first))
        self._out = _encoder(target, wanted, first)
        self._damaged = 0

    def take(self, packet: Any) -> Iterator[Any]:
        """Give what is to be written once a packet is decoded; the empty one at the end of the file flushes."""
        try:
            frames = packet.decode()
        except InvalidDataError:
            self._damaged += 1
            if self._damaged > DAMAGED:
                raise
            return
        for frame in frames:
            if self._within(frame):
                for made in self._chain.push(frame):
                    yield from self._encoded(made)

    def end(self) -> Iterator[Any]:
        """Give the rest."""
        for made in self._chain.push(None):
            yield from self._encoded(made)
        yield from self._out.encode(None)

    def _within(self, frame: Any) -> bool:
        if frame.pts is None:
            return False
        frame.pts -= self._shift
        at = frame.pts * self._base
        return at >= 0 and (self._length is None or at < self._length)

    def _encoded(self, frame: Any) -> Iterator[Any]:
        # The encoder decides which pictures stand alone; the source's choice is of another file.
        frame.pict_type = 0
        yield from self._out.encode(frame)


def _steps(wanted: Picture, first: Any) -> list[Step]:
    scale = f"{wanted.width}:{wanted.height}:flags=lanczos+accurate_rnd:out_range=tv"
    if wanted.tonemap:
        scale += ":out_transfer=bt709:out_primaries=bt709:out_color_matrix=bt709:intent=perceptual"
    elif first.format.is_rgb:
        scale += ":out_color_matrix=bt709"
    steps = [("yadif", "")] if wanted.deinterlace else []
    steps += [*turning(first), ("fps", f"fps={wanted.rate}:start_time=0"), ("scale", scale), ("setsar", "1")]
    if (wanted.canvas_width, wanted.canvas_height) != (wanted.width, wanted.height):
        steps.append(("pad", f"{wanted.canvas_width}:{wanted.canvas_height}:-1:-1:black"))
    return [*steps, ("format", "yuv420p")]


def _encoder(target: Any, wanted: Picture, first: Any) -> Any:
    ceiling = int(wanted.bit_rate * HEADROOM)
    stream = target.add_stream(
        "libx264",
        rate=wanted.rate,
        options={
            "preset": "medium",
            "profile": "high",
            "crf": str(wanted.crf),
            "maxrate": str(ceiling),
            "bufsize": str(int(ceiling * BUFFER)),
            "flags": "+cgop",
        },
    )
    context = stream.codec_context
    context.width, context.height = wanted.canvas_width, wanted.canvas_height
    context.pix_fmt = "yuv420p"
    context.time_base = 1 / wanted.rate
    context.gop_size = max(1, round(wanted.rate * GROUP))
    context.color_range = _LIMITED
    if wanted.tonemap:
        context.color_primaries = context.color_trc = context.colorspace = _BT709
    else:
        context.color_primaries, context.color_trc = first.color_primaries, first.color_trc
        context.colorspace = _BT709 if first.format.is_rgb else first.colorspace
    return stream
