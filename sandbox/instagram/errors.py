"""Instagram's refusals: Graph's envelope with code and subcode, and the flat ones of the code exchange."""

import string
from typing import Any

from aiohttp import web

from sandbox.emulator import OUTCOME
from sandbox.instagram.publishing_errors import REFUSALS, TRANSIENT
from sandbox.instagram.state import State

MESSAGES: dict[tuple[int, int | None], str] = {
    (190, None): "Error validating access token: The user has not authorized application.",
    (190, 0): "Error validating access token: The session has been invalidated for security reasons.",
    (190, 458): "Error validating access token: The user has not authorized application.",
    (
        190,
        459,
    ): "Error validating access token: You cannot access the app till you log in and follow the instructions.",
    (
        190,
        460,
    ): "Error validating access token: The session has been invalidated because the user changed their password.",
    (190, 463): "Error validating access token: Session has expired.",
    (190, 464): "Error validating access token: Sessions for the user are not allowed: not a confirmed user.",
    (190, 467): "Error validating access token: The session is invalid because the user logged out.",
    (190, 492): "Error validating access token: The user doesn't have a role on the Page.",
    (102, None): "Session key invalid or no longer valid.",
    (10, None): "Application does not have permission for this action.",
    (200, None): "Permissions error.",
    (100, None): "Invalid parameter.",
    (100, 33): "Unsupported request. Object does not exist, cannot be loaded due to missing permissions.",
    (1, None): "An unknown error occurred.",
    (2, None): "Service temporarily unavailable.",
    (4, None): "Application request limit reached.",
    (17, None): "User request limit reached.",
    (32, None): "Page request limit reached.",
    (341, None): "Application limit reached.",
    (613, None): "Calls to this API have exceeded the rate limit.",
    (80002, None): "There have been too many calls to this Instagram account. Wait a bit and try again.",
    (368, None): "The action attempted has been deemed abusive or is otherwise disallowed.",
    (506, None): "Duplicate post.",
    **{code: words for code, (_, words) in REFUSALS.items()},
}
"""What Graph and publishing refuse (docs/sources.md: S3b, S16). Texts are near live ones; match codes."""

THROTTLES = frozenset({4, 17, 32, 341, 613, 80002})
PASSING = {1: 500, 2: 503}
IG_API = "IGApiException"


class Refused(Exception):
    """Graph refuses with this code and subcode."""

    def __init__(
        self, code: int, subcode: int | None = None, message: str = "", kind: str = "OAuthException"
    ) -> None:
        super().__init__(code, subcode)
        self.code = code
        self.subcode = subcode
        self.message = message or MESSAGES.get((code, subcode), "Scripted by the sandbox.")
        self.kind = kind


def unsupported(method: str) -> Refused:
    """A wrong path or version, or an account that isn't professional (S28, S30)."""
    return Refused(100, None, f"Unsupported request - method type: {method.lower()}", IG_API)


def graph_refusal(state: State, refused: Refused) -> web.Response:
    """`{"error": {message, type, code, error_subcode?, is_transient?, fbtrace_id}}`, mostly with HTTP 400."""
    error: dict[str, Any] = {"message": refused.message, "type": refused.kind, "code": refused.code}
    outcome = str(refused.code)
    if refused.subcode is not None:
        error["error_subcode"] = refused.subcode
        outcome = f"{refused.code}/{refused.subcode}"
        error |= _words(refused.code, refused.subcode)
    elif refused.code in PASSING:
        error["is_transient"] = True
    error["fbtrace_id"] = state.world.mint.identifier("A", 22, string.ascii_letters + string.digits)
    response = web.json_response({"error": error}, status=_status(state, refused))
    response[OUTCOME] = outcome
    return response


def _words(code: int, subcode: int) -> dict[str, Any]:
    """What the error table of publishing adds (S3b)."""
    if (code, subcode) not in REFUSALS:
        return {}
    title, words = REFUSALS[code, subcode]
    return {"is_transient": subcode in TRANSIENT, "error_user_title": title, "error_user_msg": words}


def _status(state: State, refused: Refused) -> int:
    if refused.code == 190:  # noqa: PLR2004 - Meta's code
        return state.switches.number("auth_status")
    return PASSING.get(refused.code, 400) if refused.subcode is None else 400


def flat_refusal(message: str, *, status: int = 400) -> web.Response:
    """The shape of POST /oauth/access_token, which is not Graph's."""
    body = {"error_type": "OAuthException", "code": status, "error_message": message}
    response = web.json_response(body, status=status)
    response[OUTCOME] = message
    return response


def scripted(code: str) -> Refused:
    """The refusal that a fault's code names: "190", "190/458", or IGApiException; else an unknown error (1)."""
    if code == IG_API:
        return unsupported("get")
    number, _, subcode = code.partition("/")
    if not number.removeprefix("-").isdecimal() or (subcode and not subcode.isdecimal()):
        return Refused(1, None, f"Scripted by the sandbox: {code}")
    return Refused(int(number), int(subcode) if subcode else None)
