"""Measured values and limits as people read them. Two numbers that differ never read the same."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from core.domain.limits import SCALES, Bound, Limit

_DIGITS = 2
_MOST_DIGITS = 9
_BOUNDS = {Bound.MIN: "at least", Bound.MAX: "at most", Bound.IN: ""}


def spoken(value: Fraction | str, unit: str, *, apart_from: Fraction | tuple[str, ...] = ()) -> str:
    """Return a measured value in a rule's unit, with as many digits as tell it from the rule's number."""
    if isinstance(value, str):
        return value
    number = value / SCALES[unit]
    digits = _DIGITS
    if isinstance(apart_from, Fraction) and number != apart_from:
        while digits < _MOST_DIGITS and _text(number, digits) == _text(apart_from, digits):
            digits += 1
    return _with_unit(_text(number, digits), unit)


def allowed(limit: Limit, same: Sequence[Limit]) -> str:
    """Return what a rule allows; where its sources contradict one another, what each of them says."""
    others = [each for each in same if each.limit != limit.limit and each.source != limit.source]
    text = _allows(limit)
    if not others:
        return text
    return "; ".join(
        f"{said} ({by})" for said, by in [(text, limit.source), *((_allows(e), e.source) for e in others)]
    )


def _allows(limit: Limit) -> str:
    if isinstance(limit.limit, tuple):
        return " or ".join(limit.limit)
    if not limit.limit:
        return "none"
    return f"{_BOUNDS[limit.bound]} {_with_unit(_text(limit.limit, _DIGITS), limit.unit)}"


def _with_unit(text: str, unit: str) -> str:
    return f"{text}{unit}" if unit.startswith(":") else f"{text} {unit}".rstrip()


def _text(value: Fraction, digits: int) -> str:
    rounded = round(value, digits)
    number = Decimal(rounded.numerator) / Decimal(rounded.denominator)
    return f"{number:,.{digits}f}".rstrip("0").rstrip(".") if digits else f"{number:,}"
