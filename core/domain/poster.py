"""The picture that stands for a file: its first frame, small, as a recipe like any other."""

from collections.abc import Mapping
from fractions import Fraction

from core.domain.media import Media
from core.domain.rendition import Recipe, Still

LONGER_SIDE = 480
LARGEST = 400_000
_TURNS: Mapping[tuple[int, bool], int] = {
    (180, True): 2,
    (180, False): 3,
    (0, True): 4,
    (90, True): 5,
    (90, False): 6,
    (270, True): 7,
    (270, False): 8,
}
"""How a film's pictures are turned and mirrored to be seen, as Exif numbers it."""


def poster(media: Media) -> Recipe | None:
    """Return how to make the poster; None where there is nothing to see."""
    if media.image is not None:
        return _still(Fraction(media.image.width), Fraction(media.image.height), media.image.orientation)
    video = media.video
    if video is None or not video.width or not video.height:
        return None
    turned = _TURNS.get((video.rotation % 360, video.mirrored), 1)
    return _still(video.width * video.sample_aspect, Fraction(video.height), turned)


def _still(width: Fraction, height: Fraction, orientation: int) -> Recipe | None:
    if not width or not height:
        return None
    scale = min(Fraction(1), Fraction(LONGER_SIDE) / max(width, height))
    across, down = (max(2, round(each * scale)) for each in (width, height))
    return Recipe(
        still=Still(
            width=across,
            height=down,
            canvas_width=across,
            canvas_height=down,
            largest=LARGEST,
            orientation=orientation,
        )
    )
