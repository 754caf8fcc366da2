"""A small schema language, whose complaints read like those of Slack's own validator.

Kinds are values, so that Block Kit is written as tables (`elements`, `layout`) and checked by one walk.
The wording follows answers seen from the real API: `must be less than 3001 characters
[json-pointer:/blocks/0/text/text]`, `no more than 25 items allowed`, `missing required field: alt_text`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol


class Problem(NamedTuple):
    """What is wrong, and the JSON pointer of where."""

    said: str
    at: str

    def __str__(self) -> str:
        return f"{self.said} [json-pointer:{self.at}]"


Rule = Callable[[Any, str], Iterator[Problem]]


class Kind(Protocol):
    def check(self, value: Any, at: str) -> Iterator[Problem]:
        """All problems of the value at that pointer; none means that it fits."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """A string of `least` to `most` characters; `like` is a pattern for the whole of it."""

    most: int | None = None
    least: int = 0
    like: str = ""
    words: tuple[str, ...] = ()

    def check(self, value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem("must provide a string", at)
            return
        if len(value) < self.least:
            yield Problem(f"must be more than {self.least - 1} characters", at)
        if self.most is not None and len(value) > self.most:
            yield Problem(f"must be less than {self.most + 1} characters", at)
        if self.words and value not in self.words:
            yield Problem("must be a valid enum value", at)
        if self.like and not re.fullmatch(self.like, value):
            yield Problem("does not match the expected format", at)


@dataclass(frozen=True, slots=True)
class Number:
    """A number between two bounds, a whole one unless told otherwise."""

    least: float | None = None
    most: float | None = None
    whole: bool = True

    def check(self, value: Any, at: str) -> Iterator[Problem]:
        fits = isinstance(value, int if self.whole else int | float) and not isinstance(value, bool)
        if not fits:
            yield Problem("must provide an integer" if self.whole else "must provide a number", at)
        elif self.least is not None and value < self.least:
            yield Problem(f"must be at least {self.least}", at)
        elif self.most is not None and value > self.most:
            yield Problem(f"must be at most {self.most}", at)


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def check(self, value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, bool):
            yield Problem("must provide a boolean", at)


@dataclass(frozen=True, slots=True)
class Anything:
    """Whatever JSON holds: for parts that Slack takes as they come."""

    def check(self, value: Any, at: str) -> Iterator[Problem]:
        del value, at
        yield from ()


@dataclass(frozen=True, slots=True)
class Rows:
    """An array of `least` to `most` items of one kind."""

    of: Kind
    least: int = 0
    most: int | None = None

    def check(self, value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem("must provide an array", at)
            return
        if len(value) < self.least:
            yield Problem(f"no less than {self.least} items allowed", at)
        if self.most is not None and len(value) > self.most:
            yield Problem(f"no more than {self.most} items allowed", at)
        for index, item in enumerate(value):
            yield from self.of.check(item, f"{at}/{index}")


@dataclass(frozen=True, slots=True)
class Thing:
    """An object with known properties; Slack refuses the ones that it does not know.

    `some_of` names properties of which at least one must be there, `rules` look at the whole object once
    all its parts fit.
    """

    fields: Mapping[str, Kind]
    needs: tuple[str, ...] = ()
    some_of: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()

    def check(self, value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("must provide an object", at)
            return
        problems = [*self._missing(value, at), *self._parts(value, at)]
        yield from problems or (problem for rule in self.rules for problem in rule(value, at))

    def _parts(self, value: Mapping[str, Any], at: str) -> Iterator[Problem]:
        for name, inner in value.items():
            if name not in self.fields:
                yield Problem(f"invalid additional property: {name}", at)
            elif inner is not None:
                yield from self.fields[name].check(inner, f"{at}/{name}")

    def _missing(self, value: Mapping[str, Any], at: str) -> Iterator[Problem]:
        for name in self.needs:
            if value.get(name) is None:
                yield Problem(f"missing required field: {name}", at)
        if self.some_of and all(value.get(name) is None for name in self.some_of):
            yield Problem(f"missing required field: {' or '.join(self.some_of)}", at)


@dataclass(frozen=True, slots=True)
class ByType:
    """An object whose `type` says which of several kinds it is.

    `union` repeats Slack's habit of first saying that no alternative fits, before saying why.
    """

    kinds: Mapping[str, Kind]
    union: bool = True

    def check(self, value: Any, at: str) -> Iterator[Problem]:
        problems = list(self._look(value, at))
        if problems and self.union:
            yield Problem("failed to match all allowed schemas", at)
        yield from problems

    def _look(self, value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("must provide an object", at)
            return
        if not isinstance(value.get("type"), str):
            yield Problem("missing required field: type", at)
            return
        kind = self.kinds.get(value["type"])
        if kind is None:
            yield Problem(f"unsupported type: {value['type']}", f"{at}/type")
            return
        yield from kind.check(value, at)


@dataclass(frozen=True, slots=True)
class Later:
    """A kind named before it exists: rich text holds rich text, a container holds blocks."""

    make: Callable[[], Kind] = field(repr=False)

    def check(self, value: Any, at: str) -> Iterator[Problem]:
        yield from self.make().check(value, at)
