"""The one place where a failure becomes words: a refusal's sentence, a platform's trouble, or an apology."""

import secrets
from collections.abc import Mapping
from typing import Any

import aiohttp
import structlog
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import ids
from bot.listeners import sentences
from bot.listeners.request import ModalClosed, Request
from bot.metrics import Metrics
from bot.views.blocks import Message, message_modal
from bot.views.words.refusal import refusal
from bot.views.words.refused import sentence
from bot.views.words.trouble import ours, trouble
from core.domain.errors import Trouble
from core.domain.refusals import Refusal, Stale

_log = structlog.get_logger(__name__)
_TOO_LATE = frozenset({"expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "trigger_exchanged"})
_NOT_THERE = frozenset({"not_in_channel", "channel_not_found", "is_archived"})
_UNREACHABLE = (SlackClientError, aiohttp.ClientError, TimeoutError)


class Errors:
    """Answers people when something failed. Never raises: whoever calls has nobody else to tell."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    async def outdated(self, request: Request) -> None:
        """Answer a button that no listener takes."""
        await request.say(sentences.told(refusal("unreadable", {})))

    async def answer(self, request: Request, error: Exception, *, during: str) -> None:
        """Tell the person in words, where they are; by direct message if that place is gone.

        Whoever closed what was to show the outcome doesn't wait for it.
        """
        if isinstance(error, ModalClosed):
            _log.info("closed meanwhile", during=during)
            return
        message = self.words(error, during=during)
        if not request.person.user:
            return
        try:
            await request.say(message)
        except _UNREACHABLE as lost:
            _log.warning("the place to answer is gone", during=during, error=type(lost).__name__)
            await self._last_resort(request, message)

    async def _last_resort(self, request: Request, message: Message) -> None:
        try:
            await request.write(message)
        except _UNREACHABLE as lost:
            _log.error("a person was left without an answer", error=str(lost))

    def words(self, error: Exception, *, during: str) -> Message:
        """Return what to say about an error; what isn't foreseen is logged under the reference it names."""
        match error:
            case Refusal():
                return sentences.told(sentence(error))
            case ids.Unreadable():
                return sentences.told(refusal("unreadable", {}))
            case Trouble():
                _log.info("a platform's trouble", during=during, code=error.code, log_id=error.log_id)
                return sentences.told(trouble(error))
            case Stale():
                return sentences.told(refusal("stale", {}))
            case SlackApiError() if error.response.get("error") in _TOO_LATE:
                return sentences.too_late()
            case SlackApiError() if error.response.get("error") in _NOT_THERE:
                return sentences.not_in_channel()
        reference = secrets.token_hex(4)
        self._metrics.failures.inc()
        _log.error("failed", during=during, reference=reference, exc_info=error)
        return sentences.told(ours(reference))

    async def before_ack(self, error: Exception, body: Mapping[str, Any]) -> BoltResponse:
        """Answer where the failure came before the ack: in the ack itself, as far as Slack shows it."""
        message = self.words(error, during=f"ack of {body.get('type') or body.get('command') or 'a request'}")
        if "command" in body:
            return BoltResponse(status=200, body={"response_type": "ephemeral", **message})
        if body.get("type") == "view_submission":
            view = message_modal("Crosslink", message)
            return BoltResponse(status=200, body={"response_action": "update", "view": view})
        return BoltResponse(status=500, body="")
