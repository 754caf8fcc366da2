"""What every call of the Web API passes: arguments, token, rate limit, scope; then its method."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from aiohttp import web

from sandbox.emulator import Fidelity, Handler
from sandbox.slack.app import Installation
from sandbox.slack.state import State
from sandbox.slack.wire import Answer, Call, RefusedError, answered, bearer, read_arguments, refused

Run = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Method:
    """One method. `scope` is the bot scope that it needs, "" for none; `caller` who may call."""

    name: str
    run: Run
    scope: str = ""
    notes: str = ""
    fidelity: Fidelity = "supported"
    caller: Literal["bot", "app", "anybody"] = "bot"


def handler(state: State, method: Method) -> Handler:
    """The method as a request handler that answers in Slack's shapes."""

    async def handle(request: web.Request) -> web.Response:
        headers: dict[str, str] = {}
        try:
            given = await read_arguments(request)
            token = bearer(request, given)
            by = _authenticate(state, method, token)
            if by is not None:
                headers = {"X-OAuth-Scopes": ",".join(by.scopes), "X-Accepted-OAuth-Scopes": method.scope}
            _allow(state, method, by)
            return answered(await method.run(Call(state, request, method.name, given, token, by)), headers)
        except RefusedError as error:
            return refused(error, headers)

    return handle


def _allow(state: State, method: Method, by: Installation | None) -> None:
    if wait := state.limits.take(method.name, by.team if by else ""):
        raise RefusedError("ratelimited", retry_after=wait)
    if method.scope and by is not None:
        need_scope(by, method.scope)


def need_scope(by: Installation, *any_of: str) -> None:
    """Raises `missing_scope` unless the token has one of the scopes."""
    if not set(any_of) & set(by.scopes):
        raise RefusedError("missing_scope", needed=any_of[0], provided=",".join(by.scopes))


def _authenticate(state: State, method: Method, token: str) -> Installation | None:
    if method.caller == "anybody":
        return None
    if not token:
        raise RefusedError("not_authed")
    if method.caller == "app":
        if token != state.app_token:
            raise RefusedError("not_allowed_token_type" if state.by_token(token) else "invalid_auth")
        return None
    if token == state.app_token:
        raise RefusedError("not_allowed_token_type")
    by = state.by_token(token)
    if by is None:
        raise RefusedError("invalid_auth")
    if by.gone:
        raise RefusedError(by.gone)
    return by
