"""What a script asked of the sandbox, checked before anything changes."""

from collections.abc import Collection, Mapping
from typing import Any, cast

from aiohttp import web


class AskedError(ValueError):
    """The request makes no sense; the text is one sentence for its author, answered with 400."""


async def read_json(request: web.Request) -> Mapping[str, Any]:
    """The JSON object in the body; an empty body counts as {}. Raises AskedError for anything else."""
    if not (await request.read()).strip():
        return {}
    try:
        body = await request.json()
    except ValueError as broken:
        raise AskedError("The body must be one JSON object.") from broken
    if not isinstance(body, dict):
        raise AskedError("The body must be one JSON object.")
    return cast("Mapping[str, Any]", body)


def only(body: Mapping[str, Any], known: Collection[str]) -> None:
    """Raises AskedError when the body has a field that nothing would read."""
    if unknown := sorted(set(body) - set(known)):
        raise AskedError(f"Unknown field {unknown[0]!r}; known are {', '.join(sorted(known))}.")


def text(body: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = body.get(name, default)
    if not isinstance(value, str):
        raise AskedError(f"Field {name!r} must be a text.")
    return value


def number(body: Mapping[str, Any], name: str, default: float | None = None) -> float:
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise AskedError(f"Field {name!r} must be a number.")
    return float(value)


def flag(body: Mapping[str, Any], name: str) -> bool:
    value = body.get(name)
    if not isinstance(value, bool):
        raise AskedError(f"Field {name!r} must be true or false.")
    return value


def choice(body: Mapping[str, Any], name: str, options: Collection[str], default: str | None = None) -> str:
    value = text(body, name, default)
    if value not in options:
        raise AskedError(f"Field {name!r} must be one of {', '.join(options)}.")
    return value


def texts(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = body.get(name)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise AskedError(f"Field {name!r} must be a list of texts.")
    return tuple(cast("list[str]", value))
