"""How a Graph request comes in: its parameters from wherever they are, its token, its budget, its version."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, cast

from aiohttp import web

from sandbox.emulator import Handler
from sandbox.instagram.accounts import InstagramAccount
from sandbox.instagram.errors import Refused, graph_refusal, unsupported
from sandbox.instagram.gate import Gate
from sandbox.instagram.state import InstagramToken, State
from sandbox.oauth import bearer


@dataclass(frozen=True, slots=True)
class Call:
    """One admitted request: its parameters from query, form and JSON together, and whose token it came with.

    `node` is the first part of the path: "me", or somebody's or something's id.
    """

    method: str
    node: str
    params: Mapping[str, str]
    token: InstagramToken

    @property
    def account(self) -> InstagramAccount:
        return self.token.account

    def fields(self, *default: str) -> list[str]:
        return [name for name in self.params.get("fields", "").split(",") if name] or list(default)


Work = Callable[[Call], Any]
"""Answers JSON, or something to wait for that does; raises Refused."""


class Calls:
    def __init__(self, state: State, gate: Gate) -> None:
        self._state = state
        self._gate = gate

    def of_account(self, work: Work) -> Handler:
        """The handler of an edge of the token's own account."""
        return self._guarded(work, self._check_account)

    def of_thing(self, work: Work) -> Handler:
        """The handler of a container or a medium, which `work` looks up itself."""
        return self._guarded(work, _anything)

    def _guarded(self, work: Work, check: Callable[[Call], None]) -> Handler:
        async def answer(request: web.Request) -> web.Response:
            try:
                params = await _params(request)
                header = bearer(request.headers.get("Authorization", ""))
                token = self._gate.token(header or params.get("access_token", ""))
            except Refused as refused:
                return graph_refusal(self._state, refused)
            try:
                self._gate.admit(token.account)
                self._check_path(request, token)
                call = Call(request.method, request.match_info["node"], params, token)
                check(call)
                result = work(call)
                response = web.json_response(await result if isawaitable(result) else result)
            except Refused as refused:
                response = graph_refusal(self._state, refused)
            return self._gate.report(response, token.account)

        return answer

    def _check_path(self, request: web.Request, token: InstagramToken) -> None:
        if "version" in request.match_info and not self._state.switches.on("versioned_paths"):
            raise unsupported(request.method)
        self._gate.must_be_professional(token, request.method)

    def _check_account(self, call: Call) -> None:
        ids = {"professional": {call.account.user_id}, "app_scoped": {call.account.id}}
        both = {call.account.user_id, call.account.id}
        if call.node not in {"me", *ids.get(self._state.switches.text("node_ids"), both)}:
            raise Refused(100, 33)


def _anything(_call: Call) -> None:
    """Every id may be asked for."""


async def _params(request: web.Request) -> dict[str, str]:
    """Lists become comma-separated, as Graph takes them in a query; whatever else isn't text becomes JSON."""
    params = {name: str(value) for name, value in request.query.items()}
    if request.content_type == "application/json" and (await request.read()).strip():
        try:
            body = await request.json()
        except ValueError as broken:
            raise Refused(100, None, "The request body is not valid JSON.") from broken
        if not isinstance(body, dict):
            raise Refused(100, None, "The request body must be a JSON object.")
        return params | {str(name): _text(value) for name, value in body.items() if value is not None}
    return params | {name: str(value) for name, value in (await request.post()).items()}


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ",".join(cast("list[str]", value))
    return json.dumps(value)
