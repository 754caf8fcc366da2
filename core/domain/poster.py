"""The picture that stands for a file: its first frame, small, as a recipe like any other."""

from collections.abc import Mapping
from fractions import Fraction

from core.domain.media import Media
from core.domain.rendition import Recipe, Still

LONGER_SIDE = 480
LARGEST = 400_000
_TURNS: Mapping[int, int] = {90: 6, 180: 3, 270: 8}
"""Degrees clockwise until a film is upright, as Exif numbers them."""


def poster(media: Media) -> Recipe | None:
    """Return how to make the poster; None where there is nothing to see."""
    if media.image is not None:
        return _still(Fraction(media.image.width), Fraction(media.image.height), media.image.orientation)
    video = media.video
    if video is None or not video.width or not video.height:
        return None
    turned = _TURNS.get(video.rotation % 360, 1)
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
