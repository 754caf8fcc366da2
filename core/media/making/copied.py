"""Tracks copied as they are: same packets, new times, so that no edit list has to say when they begin."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from core.domain.rendition import CannotCopy
from core.media.making.place import Place

LATE_PICTURE = Fraction(1, 2)
"""Seconds by which the first picture may begin earlier than it was, to begin with the film."""
LATE_SOUND = Fraction(1, 10)
HIDDEN_BETWEEN = 16
"""Hidden packets that later pictures may still lean on; more of them is a part that the edit list takes out."""
UNDATED = 16
"""Packets that may come before the first one with a time of decoding: no codec reorders more."""


class CopiedPictures:
    """Copies all pictures but those that an edit list hides at the end."""

    def __init__(self, stream: Any, target: Any, place: Place) -> None:
        self._out = _copy_of(stream, target)
        self._base = stream.time_base
        self._shift = round(place.origin / self._base)
        self._held: list[Any] = []
        self._undated: list[Any] = []
        self._begun = False

    def take(self, packet: Any) -> Iterable[Any]:
        """Give what is to be written for a packet."""
        is_plain = self._begun and not self._held and not self._shift and not packet.is_discard
        if is_plain and packet.dts is not None and packet.pts is not None:
            packet.stream = self._out  # the short way, for nearly all of them
            return (packet,)
        if packet.pts is None or len(self._undated) > UNDATED:
            if not packet.size:
                return ()  # the end
            raise CannotCopy("picture")
        if packet.dts is None:
            self._undated.append(packet)
            return ()
        return [placed for each in self._dated(packet) for placed in self._placed(each)]

    def _dated(self, packet: Any) -> list[Any]:
        """Some containers say of the first packets only when they are shown, not when they are decoded."""
        waiting, self._undated = self._undated, []
        step = packet.duration or 1
        for back, each in enumerate(reversed(waiting), start=1):
            each.dts = packet.dts - back * step
        return [*waiting, packet]

    def _placed(self, packet: Any) -> list[Any]:
        packet.pts -= self._shift
        packet.dts -= self._shift
        if packet.is_discard:
            self._hide(packet)
            return []
        if not self._begun:
            self._begin(packet)
        ready, self._held = [*self._held, packet], []
        for each in ready:
            each.stream = self._out
        return ready

    def end(self) -> Iterable[Any]:
        """Leave out what is hidden at the end: nothing that is seen leans on it."""
        if self._undated:
            raise CannotCopy("picture")
        return ()

    def _hide(self, packet: Any) -> None:
        if not self._begun or len(self._held) >= HIDDEN_BETWEEN:
            raise CannotCopy("picture")
        self._held.append(packet)

    def _begin(self, packet: Any) -> None:
        if not packet.is_keyframe or packet.pts * self._base > LATE_PICTURE:
            raise CannotCopy("picture")
        packet.dts -= packet.pts
        packet.pts = 0
        self._begun = True


class CopiedSound:
    """Copies sound. What an encoder put before the beginning is left out instead of being hidden by an edit list."""

    def __init__(self, stream: Any, target: Any, place: Place) -> None:
        self._out = _copy_of(stream, target)
        self._base = stream.time_base
        self._shift = round(place.start / self._base)
        self._length = place.length
        self._begun = False

    def take(self, packet: Any) -> Iterable[Any]:
        """Give what is to be written for a packet."""
        if packet.pts is None:
            if not packet.size:
                return ()  # the end
            raise CannotCopy("sound")
        packet.pts -= self._shift
        packet.dts = packet.pts
        duration = packet.duration or 0
        is_before = packet.pts + duration / 2 < 0
        if is_before or (self._length is not None and (packet.pts + duration) * self._base > self._length):
            return ()
        if not self._begun:
            if packet.is_discard or packet.pts * self._base > LATE_SOUND:
                raise CannotCopy("sound")
            packet.pts = packet.dts = max(packet.pts, 0)
            self._begun = True
        packet.stream = self._out
        return (packet,)

    def end(self) -> Iterable[Any]:
        """Nothing is kept back."""
        return ()


def _copy_of(stream: Any, target: Any) -> Any:
    copy = target.add_stream_from_template(stream, opaque=True)
    if stream.codec_context.name == "hevc":
        # Apple's players, and those who follow them, open no HEVC by its other name.
        copy.codec_tag = "hvc1"
    return copy
