"""One call of the Web API: its arguments from query, form or JSON, who calls, and Slack's shape of answers."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.emulator import OUTCOME
from sandbox.slack.app import Installation
from sandbox.slack.schema import Problem
from sandbox.slack.state import State

Answer = dict[str, Any]


class RefusedError(Exception):
    """Slack says no: `code` is the error, `more` goes into the answer beside it."""

    def __init__(self, code: str, /, *, retry_after: int = 0, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more = more
        self.retry_after = retry_after


def invalid(code: str, problems: Iterable[Problem | str]) -> RefusedError:
    """A refusal that names every problem, in `errors` for blocks and in `response_metadata` always."""
    said = [str(problem) for problem in problems]
    more: dict[str, Any] = {"response_metadata": {"messages": [f"[ERROR] {one}" for one in said]}}
    return RefusedError(code, **({"errors": said} | more if code == "invalid_blocks" else more))


@dataclass(frozen=True, slots=True)
class Call:
    """What a method gets. `by` is None only for the methods that need no bot token."""

    state: State
    request: web.Request
    method: str
    given: Mapping[str, Any]
    token: str
    by: Installation | None = None

    @property
    def caller(self) -> Installation:
        assert self.by is not None
        return self.by

    def text(self, name: str, default: str = "") -> str:
        value = self.given.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value)

    def need(self, name: str) -> str:
        """A text that must be there. Raises `invalid_arguments` naming the field."""
        value = self.text(name)
        if not value:
            raise invalid("invalid_arguments", [f"missing required field: {name}"])
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.given.get(name)
        return default if value is None else str(value).lower() in {"1", "true"}

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.text(name) or default)
        except ValueError as wrong:
            raise invalid("invalid_arguments", [f"must provide an integer [json-pointer:/{name}]"]) from wrong

    def structure(self, name: str, broken: str) -> Any:
        """A JSON value that may come as a string; raises `broken` when the string is no JSON."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError as wrong:
            raise RefusedError(broken) from wrong


async def read_arguments(request: web.Request) -> dict[str, Any]:
    """Query, then form or JSON over it, as Slack reads a call."""
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError as broken:
            raise RefusedError("invalid_json") from broken
        if not isinstance(body, dict):
            raise RefusedError("json_not_object")
        # With a JSON body the token counts in the header only.
        return given | {name: value for name, value in body.items() if name != "token"}
    if request.method == "POST":
        given |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    return given


def bearer(request: web.Request, given: Mapping[str, Any]) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else str(given.get("token") or "")


def answered(answer: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> web.Response:
    response = web.json_response({"ok": True, **answer}, headers=headers)
    response[OUTCOME] = "ok"
    return response


def refused(error: RefusedError, headers: Mapping[str, str] | None = None) -> web.Response:
    """Slack's refusal: status 200 with `ok: false`, except for rate limits, which are 429."""
    more = dict(headers or {})
    if error.retry_after:
        more["Retry-After"] = str(error.retry_after)
    status = 429 if error.code == "ratelimited" else 200
    response = web.json_response(
        {"ok": False, "error": error.code, **error.more}, status=status, headers=more
    )
    response[OUTCOME] = error.code
    return response
