"""Reads the rules that lie beside each provider as `limits.toml`."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

from core.domain.limits import SCALES, Bound, Confidence, Limit, LimitSet, Severity
from core.domain.measures import OF_MEDIA, OF_WORDS
from core.domain.media import Kind

FILE = "limits.toml"
_COUNTED = "post.items"


class BadLimits(Exception):
    """A rule that nothing could be held against: a mistake in our own files."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Rule(_Row):
    code: str
    limit: int | float | list[str]
    severity: Severity
    source: str
    unit: str = ""
    confidence: Confidence = Confidence.VERIFIED
    slack: float = 0
    per_account: bool = False


class _Source(_Row):
    name: str
    page: str
    seen: date


class _Target(_Row):
    kinds: list[Literal["video", "image"]] = []
    extends: str = ""
    groups: list[str] = []
    rules: list[_Rule] = []


class _File(_Row):
    sources: Mapping[str, _Source]
    groups: Mapping[str, list[_Rule]] = {}
    targets: Mapping[str, _Target]


@cache
def limit_sets() -> Mapping[str, LimitSet]:
    """Return every target's rules by its name, those of managed layers with the platform's own beneath.

    Raises BadLimits for a file that makes no sense.
    """
    read = [_File.model_validate(tomllib.loads(text)) for text in _texts()]
    targets = {name: (file, target) for file in read for name, target in file.targets.items()}
    return {name: _built(name, targets) for name in targets}


def _texts() -> Iterable[str]:
    for provider in sorted(files(__package__).iterdir(), key=lambda each: each.name):
        rules = provider / FILE
        if rules.is_file():
            yield rules.read_text(encoding="utf-8")


def _built(name: str, targets: Mapping[str, tuple[_File, _Target]]) -> LimitSet:
    file, target = targets[name]
    own = [_limit(rule, file) for group in target.groups for rule in file.groups[group]]
    own += [_limit(rule, file) for rule in target.rules]
    if not target.extends:
        return LimitSet(target=name, kinds=frozenset(map(Kind, target.kinds)), limits=tuple(own))
    beneath = _built(target.extends, targets)
    return LimitSet(target=name, kinds=beneath.kinds, limits=_over(own, beneath.limits))


def _over(own: Iterable[Limit], beneath: Iterable[Limit]) -> tuple[Limit, ...]:
    """Return a layer's rules with those beneath. Of two lists of names the layer's counts: it converts."""
    own = tuple(own)
    named = {each.code for each in own if each.bound is Bound.IN}
    told = {(each.code, each.limit, each.unit) for each in own}
    kept = (
        each for each in beneath if each.code not in named and (each.code, each.limit, each.unit) not in told
    )
    return (*own, *kept)


def _limit(rule: _Rule, file: _File) -> Limit:
    subject, _, bound = rule.code.rpartition(".")
    if subject not in OF_MEDIA and subject not in OF_WORDS and subject != _COUNTED:
        raise BadLimits(f"{rule.code}: nothing measures {subject}")
    if (
        bound not in set(Bound)
        or rule.unit not in SCALES
        or (bound == Bound.IN) != isinstance(rule.limit, list)
    ):
        raise BadLimits(f"{rule.code}: {rule.limit} {rule.unit}")
    source = file.sources[rule.source]
    return Limit(
        code=rule.code,
        limit=tuple(rule.limit) if isinstance(rule.limit, list) else Fraction(str(rule.limit)),
        unit=rule.unit,
        severity=rule.severity,
        source=source.name,
        seen=source.seen,
        confidence=rule.confidence,
        slack=Fraction(str(rule.slack)),
        per_account=rule.per_account,
    )
