"""Bolt, with few listeners and our own authorization."""

import logging
import re
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot.slack.api import Api
from bot.slack.authorize import Authorize, Installations, NamesTeams
from bot.slack.dispatch import Dispatch
from bot.slack.errors import Errors

COMMAND = "/crosslink"
_ANY = re.compile("")
"""Each listener costs every request about 9 µs: so one pattern per kind, and a table behind it."""


def build(*, api: Api, installations: Installations, dispatch: Dispatch, errors: Errors) -> AsyncApp:
    """Return the app. Signatures are checked before it (`guard`), so its own check is off."""
    app = AsyncApp(
        name="crosslink",
        logger=logging.getLogger("slack_bolt"),
        client=api.bare,
        before_authorize=NamesTeams(),
        authorize=Authorize(installations),
        process_before_response=True,
        request_verification_enabled=False,
        attaching_function_token_enabled=False,
        ignoring_self_assistant_message_events_enabled=False,
    )
    app.command(_ANY)(dispatch.command)
    app.action(_ANY)(dispatch.action)
    app.view(_ANY)(dispatch.submission)
    app.view_closed(_ANY)(dispatch.nothing)
    app.shortcut(_ANY)(dispatch.nothing)
    app.options(_ANY)(dispatch.nothing)
    app.event(_ANY)(dispatch.event)

    async def failed(error: Exception, body: Mapping[str, Any]) -> BoltResponse:
        return await errors.before_ack(error, body)

    app.error(failed)
    return app
