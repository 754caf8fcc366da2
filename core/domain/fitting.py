"""Sizes and rates that fit: the nearest ones to what a film or picture has, inside what all its targets allow."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from core.domain.limits import SCALES, LimitSet, Severity
from core.domain.refusals import Refusal

STANDARD_RATES = tuple(
    Fraction(each)
    for each in (
        "10",
        "12",
        "12.5",
        "15",
        "24000/1001",
        "24",
        "25",
        "30000/1001",
        "30",
        "48",
        "50",
        "60000/1001",
        "60",
    )
)
NEAR = Fraction(1, 20)
"""How far, as a share, the average of a variable rate may be from the standard one that is meant."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What several targets allow together.

    A ceiling is the lowest that anybody names, warnings included: staying under costs little. A floor counts only
    where it blocks, because reaching it means inventing pixels or frames.
    """

    sets: tuple[LimitSet, ...]

    def most(self, *codes: str) -> Fraction | None:
        """Return the lowest ceiling among these codes, None where nobody names one."""
        found = [
            each.limit * SCALES[each.unit]
            for one in self.sets
            for each in one.limits
            if each.code in codes and isinstance(each.limit, Fraction)
        ]
        return min(found, default=None)

    def most_blocking(self, code: str) -> Fraction | None:
        """Return the lowest ceiling that blocks."""
        found = [number for each in self.sets if (number := each.number(code)) is not None]
        return min(found, default=None)

    def least(self, *codes: str) -> Fraction | None:
        """Return the highest floor that blocks among these codes."""
        found = [number for each in self.sets for code in codes if (number := each.number(code)) is not None]
        return max(found, default=None)

    def contradict(self) -> bool:
        """True where one target's floor is above another's ceiling: no single file fits all of them."""
        subjects = {
            each.subject for one in self.sets for each in one.limits if each.severity is Severity.BLOCK
        }
        return any(
            (low := self.least(f"{each}.min")) is not None
            and (high := self.most_blocking(f"{each}.max")) is not None
            and low > high
            for each in subjects
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture and what it stands on, in pixels."""

    width: int
    height: int
    canvas_width: int
    canvas_height: int


def fit(width: Fraction, height: Fraction, bounds: "Box", *, even: bool) -> Frame:
    """Return the nearest frame: scaled as a whole, padded only where its shape is not allowed. Raises Refusal."""
    canvas_width, canvas_height = _shaped(width, height, bounds)
    scale = _scale(canvas_width, canvas_height, bounds)
    step = 2 if even else 1
    across, down = _whole(canvas_width * scale, step), _whole(canvas_height * scale, step)
    across, down = _inside(across, bounds.widest, step), _inside(down, bounds.highest, step)
    across, down = _straightened(across, down, bounds, step)
    across, down = _broadened(across, bounds.narrowest, step), _broadened(down, bounds.narrowest, step)
    if across > (bounds.widest or across) or down > (bounds.highest or down):
        raise Refusal("fix_impossible", rule="video.side.min")
    return Frame(
        width=min(_whole(width * scale, step), across),
        height=min(_whole(height * scale, step), down),
        canvas_width=across,
        canvas_height=down,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """How large, how small and in which shape a picture may be. None: nobody says."""

    widest: Fraction | None = None
    highest: Fraction | None = None
    narrowest: Fraction | None = None
    flattest: Fraction | None = None
    """The largest width by height."""
    steepest: Fraction | None = None
    short_side: Fraction | None = None
    long_side: Fraction | None = None


def _shaped(width: Fraction, height: Fraction, box: Box) -> tuple[Fraction, Fraction]:
    ratio = width / height
    if box.flattest is not None and ratio > box.flattest:
        return width, width / box.flattest
    if box.steepest is not None and ratio < box.steepest:
        return height * box.steepest, height
    return width, height


def _scale(width: Fraction, height: Fraction, box: Box) -> Fraction:
    short, long = sorted((width, height))
    down = [
        most / size
        for most, size in (
            (box.widest, width),
            (box.highest, height),
            (box.short_side, short),
            (box.long_side, long),
        )
        if most is not None
    ]
    up = box.narrowest / short if box.narrowest is not None else Fraction(1)
    return min([max(Fraction(1), up), *down])


def _whole(size: Fraction, step: int) -> int:
    return max(step, round(size / step) * step)


def _inside(size: int, most: Fraction | None, step: int) -> int:
    return size if most is None else min(size, floor(most / step) * step)


def _broadened(size: int, least: Fraction | None, step: int) -> int:
    return size if least is None else max(size, ceil(least / step) * step)


def _straightened(across: int, down: int, box: Box, step: int) -> tuple[int, int]:
    """Undo what rounding to whole pixels did to a shape that stands exactly at its bound."""
    if box.steepest is not None and across < down * box.steepest:
        wider = ceil(down * box.steepest / step) * step
        if box.widest is not None and wider > box.widest:
            return across, floor(across / box.steepest / step) * step
        return wider, down
    if box.flattest is not None and across > down * box.flattest:
        higher = ceil(across / box.flattest / step) * step
        if box.highest is not None and higher > box.highest:
            return floor(down * box.flattest / step) * step, down
        return across, higher
    return across, down


def steady(average: Fraction, least: Fraction | None, most: Fraction | None) -> Fraction:
    """Return the constant rate for a film: the standard one it means, doubled or halved until it is allowed."""
    nearest = min(STANDARD_RATES, key=lambda each: abs(each - average))
    rate = nearest if abs(nearest - average) <= average * NEAR else average.limit_denominator(1001)
    if least is not None and rate < least:
        rate *= ceil(least / rate)
    if most is not None and rate > most:
        rate /= ceil(rate / most)
    if least is not None and rate < least:
        inside = [each for each in STANDARD_RATES if each >= least and (most is None or each <= most)]
        return min(inside, key=lambda each: abs(each - average), default=least)
    return rate


def within(sets: Sequence[LimitSet]) -> Bounds:
    """Return what these targets allow together."""
    return Bounds(tuple(sets))
