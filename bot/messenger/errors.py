"""Slack's errors, translated once: what will pass, what can't be delivered, and a workspace that is gone."""

from collections.abc import Awaitable, Mapping
from datetime import timedelta
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.workspaces import GONE
from core.domain.errors import PlatformDown, Throttled, Unreachable
from core.ports import Clock

T = TypeVar("T")

_DOWN = frozenset(
    {
        "fatal_error",
        "internal_error",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)
LAYOUT = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"})
"""Our blocks were refused, which our own limits should rule out: the words still go out."""
METADATA = frozenset(
    {
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "metadata_must_be_sent_from_app",
        "metadata_too_large",
    }
)
"""What a message carries unseen was refused: it goes out without."""
_SERVER = 500
_THROTTLED = 429
_WAIT = 30


class WorkspaceGone(Exception):
    """The installation no longer works."""


class Undeliverable(Exception):
    """This place doesn't take messages from us; another one may. `code` is Slack's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


async def asked(call: Awaitable[T], clock: Clock) -> T:
    """Return what Slack answers. Raises Passing, WorkspaceGone or Undeliverable."""
    try:
        return await call
    except SlackApiError as error:
        raise _translated(error, clock) from error
    except (SlackClientError, aiohttp.ClientError, TimeoutError, UnicodeDecodeError) as error:
        raise Unreachable("slack_unreachable") from error


def _translated(error: SlackApiError, clock: Clock) -> Exception:
    status = getattr(error.response, "status_code", None) or getattr(error.response, "status", None) or 0
    data = getattr(error.response, "data", None)
    code = str(data.get("error", "unknown")) if isinstance(data, dict) else "unreadable"
    headers: Mapping[str, Any] = getattr(error.response, "headers", None) or {}
    if status == _THROTTLED or code == "ratelimited":
        return throttled(headers, clock)
    if code in GONE:
        return WorkspaceGone(code)
    if status >= _SERVER or code in _DOWN or code == "unreadable":
        return PlatformDown(f"slack_{code}")
    return Undeliverable(code)


def throttled(headers: Mapping[str, Any], clock: Clock) -> Throttled:
    """Return the wait that Slack asks for in Retry-After."""
    seconds = str(headers.get("Retry-After", headers.get("retry-after", _WAIT)))
    wait = int(seconds) if seconds.isascii() and seconds.isdigit() else _WAIT
    return Throttled("slack_ratelimited", until=clock.now() + timedelta(seconds=wait))
