"""Sound made anew: AAC at a rate and with channels that platforms take, beginning with the film, gaps filled."""

from collections.abc import Iterator
from typing import Any

from av.error import InvalidDataError

from core.domain.rendition import Sound
from core.media.making.graph import Chain
from core.media.making.place import Place

FRAME = 1024
"""Samples of one AAC frame."""
LAYOUTS = {1: "mono", 2: "stereo"}


class MadeSound:
    """Decodes, mixes and encodes."""

    def __init__(self, stream: Any, target: Any, wanted: Sound, place: Place) -> None:
        layout = LAYOUTS[wanted.channels]
        self._base = stream.time_base
        self._shift = round(place.start / self._base)
        length = f":end={float(place.length)}" if place.length is not None else ""
        self._chain = Chain(
            stream,
            [
                ("atrim", f"start=0{length}"),
                ("aresample", f"{wanted.sample_rate}:async=1000:first_pts=0"),
                ("aformat", f"sample_fmts=fltp:sample_rates={wanted.sample_rate}:channel_layouts={layout}"),
                ("asetnsamples", f"n={FRAME}:p=0"),
            ],
        )
        self._out = target.add_stream("aac", rate=wanted.sample_rate, layout=layout)
        self._out.codec_context.bit_rate = wanted.bit_rate

    def take(self, packet: Any) -> Iterator[Any]:
        """Give what is to be written once a packet is decoded."""
        try:
            frames = packet.decode()
        except InvalidDataError:
            return
        for frame in frames:
            if frame.pts is not None:
                frame.pts -= self._shift
                for made in self._chain.push(frame):
                    yield from _audible(self._out.encode(made))

    def end(self) -> Iterator[Any]:
        """Give the rest."""
        for made in self._chain.push(None):
            yield from _audible(self._out.encode(made))
        yield from _audible(self._out.encode(None))


def _audible(packets: Any) -> Iterator[Any]:
    """Leave out what the encoder puts before the beginning: it would need an edit list to be hidden."""
    return (each for each in packets if each.pts is not None and each.pts >= 0)
