"""A chain of FFmpeg's filters between frames in and frames out."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from av.filter import Graph

from core.media.making.turn import Step


class Chain:
    """Filters in a row, for a stream's frames. Sound begins with other filters than pictures do."""

    def __init__(self, stream: Any, steps: Sequence[Step]) -> None:
        self._graph = Graph()
        is_sound = stream.type == "audio"
        add = self._graph.add_abuffer if is_sound else self._graph.add_buffer
        last = add(template=stream)
        for name, arguments in [*steps, ("abuffersink" if is_sound else "buffersink", "")]:
            step = self._graph.add(name, arguments or None)
            last.link_to(step)
            last = step
        self._graph.configure()

    def push(self, frame: Any) -> Iterator[Any]:
        """Give a frame, or None at the end; what comes out may be nothing or several.

        Filters that have all they want (a cut that is over) take no more, which is no error.
        """
        with suppress(EOFError):
            self._graph.push(frame)
        while True:
            try:
                yield self._graph.pull()
            except (BlockingIOError, EOFError):
                return
