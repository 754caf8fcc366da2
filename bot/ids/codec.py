"""Values as the short JSON that Slack carries, read back whole or refused."""

import json
import types
import typing
from dataclasses import fields

from bot.ids.values import KINDS, Value

BUTTON_VALUE = 2000
OPTION_VALUE = 150
PRIVATE_METADATA = 3000
"""Slack's limits for the three places a value can travel in (docs/sources.md)."""

_VERSION = 1


class Unreadable(ValueError):
    """A value that came back from Slack is not one of ours, or one of another version."""


def write(value: Value, *, most: int = BUTTON_VALUE) -> str:
    """Return a value as the short JSON that Slack carries. Raises ValueError where it would not fit."""
    content = {each.name: getattr(value, each.name) for each in fields(value)}
    held = {name: item for name, item in content.items() if item is not None}
    text = json.dumps({"v": _VERSION, "k": KINDS[type(value)], **held}, separators=(",", ":"))
    if len(text) > most:
        raise ValueError(f"{type(value).__name__} takes {len(text)} characters, {most} are allowed")
    return text


V = typing.TypeVar("V", bound=Value)


def read(kind: type[V], text: str | None) -> V:
    """Return the value of this kind that `write` made. Raises Unreadable for anything else."""
    raw = _object(text)
    if raw.pop("v", None) != _VERSION or raw.pop("k", None) != KINDS[kind]:
        raise Unreadable(f"not a {kind.__name__} of version {_VERSION}")
    hints = typing.get_type_hints(kind)
    if unknown := raw.keys() - hints.keys():
        raise Unreadable(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    try:
        return kind(**{name: _item(hints[name], item) for name, item in raw.items()})
    except TypeError as error:
        raise Unreadable(f"{kind.__name__} is incomplete") from error


def _object(text: str | None) -> dict[str, typing.Any]:
    try:
        raw = json.loads(text or "")
    except (ValueError, RecursionError) as error:
        raise Unreadable("not JSON") from error
    if not isinstance(raw, dict):
        raise Unreadable("not an object")
    return raw


def _item(hint: typing.Any, item: typing.Any) -> typing.Any:
    """Return one field's content as its type says. Raises Unreadable."""
    origin = typing.get_origin(hint)
    if origin in {typing.Union, types.UnionType}:
        return _item(next(each for each in typing.get_args(hint) if each is not type(None)), item)
    if origin is tuple:
        if not isinstance(item, list):
            raise Unreadable("a list was expected")
        return tuple(_item(typing.get_args(hint)[0], each) for each in item)
    if hint is int:
        if not isinstance(item, int) or isinstance(item, bool) or item < 0:
            raise Unreadable("a whole number was expected")
        return item
    if not isinstance(item, str):
        raise Unreadable("a text was expected")
    try:
        return hint(item)
    except ValueError as error:
        raise Unreadable(f"{item[:40]!r} is not a {hint.__name__}") from error
