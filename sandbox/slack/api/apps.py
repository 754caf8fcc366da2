"""auth.*, apps.*, oauth.v2.access, blocks.validate: the app itself and its tokens."""

import base64
import binascii

from sandbox.slack.api.dispatch import Method
from sandbox.slack.app import APP_ID, CLIENT_ID, CLIENT_SECRET
from sandbox.slack.blockkit import problems_of_blocks
from sandbox.slack.leaving import revoke, uninstall
from sandbox.slack.wire import Answer, Call, RefusedError, invalid


async def auth_test(call: Call) -> Answer:
    team = call.state.workspace.teams[call.caller.team]
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": call.state.app.name.lower(),
        "team_id": team.id,
        "user_id": call.caller.bot_user,
        "bot_id": call.caller.bot_id,
        "is_enterprise_install": False,
    }


async def auth_revoke(call: Call) -> Answer:
    if call.flag("test"):
        return {"revoked": False}
    revoke(call.state, call.caller.team)
    return {"revoked": True}


async def apps_uninstall(call: Call) -> Answer:
    _check_client(call)
    uninstall(call.state, call.caller.team)
    return {}


async def connections_open(call: Call) -> Answer:
    return {"url": call.state.sockets.address()}


async def oauth_access(call: Call) -> Answer:
    _check_client(call)
    code = call.state.codes.get(call.text("code"))
    if code is None:
        raise RefusedError("invalid_code")
    if code.used:
        raise RefusedError("code_already_used")
    if call.state.world.clock.timestamp() > code.expires:
        raise RefusedError("invalid_code")
    if code.redirect_uri != call.text("redirect_uri"):
        raise RefusedError("bad_redirect_uri")
    code.used = True
    made = call.state.install(code.team, code.scopes, code.user)
    team = call.state.workspace.teams[code.team]
    return {
        "app_id": APP_ID,
        "authed_user": {"id": code.user},
        "scope": ",".join(made.scopes),
        "token_type": "bot",
        "access_token": made.token,
        "bot_user_id": made.bot_user,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


async def blocks_validate(call: Call) -> Answer:
    blocks = call.structure("blocks", "invalid_blocks_format")
    if problems := problems_of_blocks(blocks, call.text("surface", "message")):
        raise invalid("invalid_blocks", problems)
    return {}


def _check_client(call: Call) -> None:
    """The app's own credentials, by basic authentication or as fields."""
    kind, _, encoded = call.request.headers.get("Authorization", "").partition(" ")
    ident, secret = call.text("client_id"), call.text("client_secret")
    if kind.lower() == "basic":
        try:
            ident, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError) as broken:
            raise RefusedError("invalid_client_id") from broken
    if ident != CLIENT_ID:
        raise RefusedError("invalid_client_id")
    if secret != CLIENT_SECRET:
        raise RefusedError("bad_client_secret")


METHODS = (
    Method("auth.test", auth_test),
    Method("auth.revoke", auth_revoke),
    Method("apps.uninstall", apps_uninstall),
    Method("apps.connections.open", connections_open, caller="app"),
    Method(
        "oauth.v2.access",
        oauth_access,
        "",
        "No token rotation, no user tokens, no orgs.",
        "partial",
        "anybody",
    ),
    Method(
        "blocks.validate",
        blocks_validate,
        notes="The surface is an argument of ours; wording of rarely met problems is guessed.",
        fidelity="partial",
        caller="anybody",
    ),
)
