"""TikTok's refusals: the flat ones of OAuth, the enveloped ones of the data endpoints, and the gateway's own."""

import string
from typing import Any

from aiohttp import web

from sandbox.emulator import OUTCOME
from sandbox.tiktok.state import State

OAUTH_CODES = {
    "access_denied": "The user or the authorization server denied the request.",
    "invalid_client": "Client key or secret is incorrect.",
    "invalid_grant": "The authorization code or refresh token is invalid, expired or revoked.",
    "invalid_request": "The request parameters are malformed.",
    "invalid_scope": "The requested scope is invalid or unknown.",
    "unauthorized_client": "The client is not authorized to use this method.",
    "unsupported_grant_type": "The grant type is not supported.",
    "unsupported_response_type": "The response type is not supported.",
    "server_error": "Something is wrong on our side.",
    "temporarily_unavailable": "The server is too busy. Try again later.",
}
"""The categories of OERR; the sentences are ours."""

API_STATUS = {
    "access_token_invalid": 401,
    "scope_not_authorized": 401,
    "scope_permission_missed": 400,
    "invalid_params": 400,
    "invalid_param": 400,
    "invalid_file_upload": 400,
    "rate_limit_exceeded": 429,
    "internal_error": 500,
    "spam_risk_too_many_posts": 403,
    "spam_risk_user_banned_from_posting": 403,
    "reached_active_user_cap": 403,
    "spam_risk_too_many_pending_share": 403,
    "unaudited_client_can_only_post_to_private_accounts": 403,
    "url_ownership_unverified": 403,
    "privacy_level_option_mismatch": 403,
    "app_version_check_failed": 400,
    "invalid_publish_id": 400,
    "token_not_authorized_for_specified_publish_id": 400,
    "publish_not_cancellable": 400,
}
"""HTTP status of the general codes (ERR) and of the posting ones (DP, UP, PH, ST, MTG)."""

FINE_TO_ASK = frozenset(
    {"spam_risk_too_many_posts", "spam_risk_user_banned_from_posting", "reached_active_user_cap"}
)
"""creator_info says these with HTTP 200 on purpose (CI)."""

_OAUTH_STATUS = {"server_error": 500, "temporarily_unavailable": 503}


class Refused(Exception):
    """A data endpoint refuses with this code of API_STATUS."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


def log_id(state: State) -> str:
    """What TikTok's support asks for: a time, then hex."""
    time = f"{state.world.clock.now():%Y%m%d%H%M%S}"
    return state.world.mint.identifier(time, 20, string.hexdigits[:16].upper())


def oauth_refusal(state: State, code: str, description: str = "", *, status: int = 0) -> web.Response:
    """`error`, `error_description`, `log_id` at top level."""
    body = {
        "error": code,
        "error_description": description or OAUTH_CODES.get(code, "Refused."),
        "log_id": log_id(state),
    }
    usual = _OAUTH_STATUS.get(code, state.switches.number("oauth_error_status"))
    response = web.json_response(body, status=status or usual)
    response[OUTCOME] = code
    return response


def enveloped(state: State, data: dict[str, Any]) -> web.Response:
    return web.json_response({"data": data, "error": _error(state, "ok", "")})


def api_refusal(state: State, code: str, message: str, *, status: int = 0) -> web.Response:
    """`error{code,message,…}` beside an empty or missing `data`."""
    body: dict[str, Any] = {"error": _error(state, code, message)}
    if state.switches.text("error_data") == "empty":
        body = {"data": {}, **body}
    response = web.json_response(body, status=status or API_STATUS.get(code, 400))
    response[OUTCOME] = code
    if code == "rate_limit_exceeded" and state.switches.on("retry_after"):
        response.headers["Retry-After"] = "60"
    return response


def _error(state: State, code: str, message: str) -> dict[str, str]:
    return {"code": code, "message": message, state.switches.text("log_id_field"): log_id(state)}


def upload_refusal(status: int, why: str) -> web.Response:
    """The upload host answers with a status alone (MTG); what its body says is not documented."""
    response = web.Response(status=status)
    response[OUTCOME] = why
    return response


def unsupported_path() -> web.Response:
    """The gateway's answer for a path it doesn't know, a token request without its last slash included."""
    response = web.Response(text="Unsupported path(Janus)", status=404)
    response[OUTCOME] = "unsupported_path"
    return response
