"""The picture that stands for a film: its first frame, the right way up, however the film says it is to be shown."""

from contextlib import aclosing
from fractions import Fraction

import av
import pytest

from core.domain.poster import poster
from core.media.local import LocalFile
from core.media.probe import IsolatedProbe
from core.media.rendition import IsolatedRenditions

WIDTH, HEIGHT = 320, 160
BRIGHT, DARK = 235, 16
CORNERS = {"top left": (0, 0), "top right": (0, 1), "bottom right": (1, 1), "bottom left": (1, 0)}


def a_film(path, *, turned: int, mirrored: bool = False, aspect: Fraction | None = None) -> None:
    """Write a film whose stored pictures are bright at the top left."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        if turned or mirrored:
            stream.set_display_rotation(turned, hflip=mirrored)
        for number in range(3):
            frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
            luma = frame.planes[0]
            rows = [
                bytes([BRIGHT if row < HEIGHT // 2 else DARK]) * (WIDTH // 2) + bytes([DARK]) * (WIDTH // 2)
                for row in range(HEIGHT)
            ]
            luma.update(b"".join(row.ljust(luma.line_size, b"\0") for row in rows))
            for plane in frame.planes[1:]:
                plane.update(b"\x80" * plane.buffer_size)
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


async def posted(path, target):
    """Return the poster's width, height and its brightest corner."""
    probe = IsolatedProbe()
    with LocalFile(path) as source:
        media = await probe.probe(source)
        probe.close()
        recipe = poster(media)
        assert recipe is not None
        async with aclosing(IsolatedRenditions().make(source, recipe, target)) as steps:
            async for _ in steps:
                pass
    with av.open(str(target), format="jpeg_pipe") as made:
        frame = next(made.decode(video=0))
    luma = frame.planes[0]
    data = bytes(luma)

    def at(down: int, right: int) -> int:
        row, column = (
            (1 + 2 * each) * size // 4 for each, size in ((down, frame.height), (right, frame.width))
        )
        return data[row * luma.line_size + column]

    return frame.width, frame.height, max(CORNERS, key=lambda each: at(*CORNERS[each]))


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("turned", [0, 90, 180, 270])
async def test_it_is_the_right_way_up(tmp_path, turned, mirrored):
    a_film(tmp_path / "film.mp4", turned=turned, mirrored=mirrored)
    width, height, bright = await posted(tmp_path / "film.mp4", tmp_path / "poster.jpg")
    assert (width, height) == ((WIDTH, HEIGHT) if turned % 180 == 0 else (HEIGHT, WIDTH))
    assert bright == shown(tmp_path / "film.mp4")


def shown(path) -> str:
    """Return where players show the bright corner, by the display matrix: x' = a·x + c·y, y' = b·x + d·y."""
    with av.open(str(path)) as film:
        frame = next(film.decode(video=0))
    found = [bytes(each) for each in frame.side_data if each.type.name == "DISPLAYMATRIX"]
    a, b, _, c, d, *_ = memoryview(found[0]).cast("i") if found else (1, 0, 0, 0, 1)
    x, y = -a - c, -b - d
    return f"{'top' if y < 0 else 'bottom'} {'left' if x < 0 else 'right'}"


async def test_pixels_that_are_not_square_are_shown_as_they_are_meant(tmp_path):
    a_film(tmp_path / "film.mp4", turned=90, aspect=Fraction(2))
    width, height, _ = await posted(tmp_path / "film.mp4", tmp_path / "poster.jpg")
    assert (width, height) == (80, 320)
