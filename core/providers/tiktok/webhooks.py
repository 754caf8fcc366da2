"""TikTok's webhooks: verified, then read (webhooks-verification, webhooks-events)."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from core.domain.account import Platform
from core.domain.webhook import Notice, NoticeKind
from core.providers.shape import Shape
from core.providers.signatures import BadSignature, content_id, from_hex, is_signed
from core.providers.tiktok.app import TikTokApp
from core.providers.wire import plain

AHEAD = timedelta(minutes=1)
"""How far TikTok's clock may be ahead of ours."""
RETRIES_LAST = timedelta(hours=72)
"""TikTok repeats itself for so long, maybe under the first signature: a narrower window would lose real ones."""
REMOVED = "authorization.removed"
REASONS = {
    "0": "unknown",
    "1": "user_disconnected",
    "2": "account_deleted",
    "3": "age_changed",
    "4": "banned",
    "5": "developer_revoked",
}
"""`reason` of authorization.removed."""
MAC_BYTES = 32


class _Event(Shape):
    client_key: str
    event: str
    create_time: int
    user_openid: str = ""
    content: str | dict[str, Any] = ""


def read_webhook(
    headers: Mapping[str, str], raw_body: bytes, *, app: TikTokApp, now: datetime
) -> Notice | None:
    """Return what TikTok tells; None for a signed body that has none of the documented fields.

    `details` has the event's content (`reason` in words, `publish_id` …) as text, `code` is the event's name. A
    redelivery has the same id, also under a new signature time. Raises BadSignature.
    """
    _verify(headers, raw_body, app=app, now=now)
    try:
        event = _Event.model_validate_json(raw_body)
    except ValidationError:
        return None
    if event.client_key != app.client_key:
        raise BadSignature("other_app")
    content = _content(event.content)
    removed = event.event == REMOVED
    if removed:
        content["reason"] = REASONS.get(content.get("reason", ""), "unknown")
    return Notice(
        id=content_id(
            "tt", event.event, event.user_openid, str(event.create_time), json.dumps(content, sort_keys=True)
        ),
        platform=Platform.TIKTOK,
        kind=NoticeKind.GRANT_REMOVED if removed else NoticeKind.OTHER,
        account_ids=_account_ids(event.user_openid),
        at=_moment(event.create_time, now),
        received_at=now,
        code=plain(event.event),
        details=content,
    )


def _verify(headers: Mapping[str, str], raw_body: bytes, *, app: TikTokApp, now: datetime) -> None:
    given = next((value for name, value in headers.items() if name.casefold() == "tiktok-signature"), "")
    if not given:
        raise BadSignature("missing")
    parts = dict(part.strip().partition("=")[::2] for part in given.split(","))
    time, mac = parts.get("t", ""), parts.get("s", "")
    if not (time.isascii() and time.isdecimal() and len(time) <= 12) or len(mac) != 2 * MAC_BYTES:  # noqa: PLR2004 - a time in seconds
        raise BadSignature("malformed")
    if not is_signed(time.encode() + b"." + raw_body, from_hex(mac), [app.client_secret]):
        raise BadSignature("mismatch")
    age = now.timestamp() - int(time)
    if age < -AHEAD.total_seconds():
        raise BadSignature("from_the_future")
    if age > RETRIES_LAST.total_seconds():
        raise BadSignature("too_old")


def _content(content: str | dict[str, Any]) -> dict[str, str]:
    """Return the inner object: a text that holds JSON once more. Ids stay text, they exceed 2**53."""
    if isinstance(content, str):
        try:
            content = json.loads(content or "{}")
        except (ValueError, RecursionError):
            return {}
    if not isinstance(content, dict):
        return {}
    return {plain(name): plain(value) for name, value in content.items() if plain(name)}


def _account_ids(open_id: str) -> frozenset[str]:
    """The pages' samples show an access token in this field; live ones are open_ids."""
    return frozenset() if not open_id or open_id.startswith("act.") else frozenset({open_id})


def _moment(seconds: int, now: datetime) -> datetime:
    """What happened, happened before now, whatever the platform's clock says."""
    try:
        return min(datetime.fromtimestamp(seconds, UTC), now)
    except (OverflowError, OSError, ValueError):
        return now
