"""Bolt, with one listener and our own authorization."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.slack.api import Api
from bot.slack.authorize import Authorize, Installations, NamesTeams
from bot.slack.dispatch import Dispatch
from bot.slack.errors import Errors

COMMAND = "/crosslink"


class Answers(AsyncMiddleware):
    """The last of Bolt's middleware: it answers every request, from our table.

    Bolt tries its listeners in turn, makes them keyword arguments twice and has a runner of its own look for the
    ack: that took as long as all the rest of Bolt. Left to themselves they also wait ten milliseconds for it.
    """

    def __init__(self, dispatch: Dispatch) -> None:
        self.dispatch = dispatch

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt's signature
        next: Callable[[], Any],  # noqa: A002, ARG002 - Bolt's name
    ) -> BoltResponse:
        """Answer; nothing comes after this."""
        return await self.dispatch.answer(req.context, req.body)


def build(*, api: Api, installations: Installations, dispatch: Dispatch, errors: Errors) -> AsyncApp:
    """Return the app. Signatures are checked before it (`guard`), so its own check is off."""
    logger = logging.getLogger("slack_bolt")
    # Bolt asks for the logger's own level: a level that is inherited it takes for debugging.
    logger.setLevel(logger.getEffectiveLevel())
    app = AsyncApp(
        name="crosslink",
        logger=logger,
        client=api.bare,
        before_authorize=NamesTeams(),
        authorize=Authorize(installations),
        request_verification_enabled=False,
        attaching_function_token_enabled=False,
        # Slack tells us of our own messages what a process that died didn't note.
        ignoring_self_events_enabled=False,
        ignoring_self_assistant_message_events_enabled=False,
    )
    app.use(Answers(dispatch))

    async def failed(error: Exception, body: Mapping[str, Any]) -> BoltResponse:
        return await errors.before_ack(error, body)

    app.error(failed)
    return app
