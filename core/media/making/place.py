"""Which part of a film is made, on the film's own clock. Seconds, exact."""

from dataclasses import dataclass
from fractions import Fraction

from core.domain.rendition import Cut

MILLISECONDS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`origin` is where the source's clock begins; `cut` counts from there."""

    origin: Fraction
    cut: Cut | None

    @property
    def start(self) -> Fraction:
        """The moment of the source's clock that becomes zero."""
        return self.origin + (_exact(self.cut.start) if self.cut else 0)

    @property
    def length(self) -> Fraction | None:
        """How long the part is; None for everything."""
        return _exact(self.cut.end) - _exact(self.cut.start) if self.cut else None


def _exact(seconds: float) -> Fraction:
    """Return what was meant: 3.2 is a little more than 3.2 in a computer, enough to keep one picture too many."""
    return Fraction(round(seconds * MILLISECONDS), MILLISECONDS)
