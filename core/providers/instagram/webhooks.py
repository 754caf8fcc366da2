"""What Meta sends us: deauthorize and data-deletion callbacks, webhooks and their handshake. Verified, then read."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from core.domain.account import Platform
from core.domain.webhook import Notice, NoticeKind
from core.providers.instagram.app import InstagramApp
from core.providers.shape import Shape
from core.providers.signatures import (
    BadSignature,
    content_id,
    from_base64url,
    from_hex,
    is_equal,
    is_signed,
)
from core.providers.wire import plain

ALGORITHM = "hmac-sha256"
SIGNED_BY = "sha256="


class _Payload(Shape):
    algorithm: str
    user_id: str
    issued_at: int | None = None


class _Entry(Shape):
    id: str = ""
    time: int = 0
    changes: tuple[dict[str, Any], ...] = ()
    field: str = ""

    def fields(self) -> set[str]:
        """Examples have the field in `changes` or flat beside them."""
        return {plain(each) for each in (self.field, *(one.get("field", "") for one in self.changes))} - {""}


class _Batch(Shape):
    object: str
    entry: tuple[_Entry, ...] = ()


def read_signed_request(signed_request: str, *, kind: NoticeKind, app: InstagramApp, now: datetime) -> Notice:
    """Return what the form field of a callback says: GRANT_REMOVED or DELETION_ASKED, as its address tells.

    The account is named by one of its ids; which one is not documented. A deletion's `reference` is the
    confirmation code to answer with: letters and digits, unguessable, and the same for a repeated request.
    Raises BadSignature.
    """
    signature, _, encoded = signed_request.partition(".")
    mac = from_base64url(signature)
    if not is_signed(encoded.encode(errors="replace"), mac, app.secrets):
        raise BadSignature("mismatch")
    try:
        payload = _Payload.model_validate_json(from_base64url(encoded))
    except ValidationError:
        raise BadSignature("malformed") from None
    if payload.algorithm.casefold() != ALGORITHM:
        raise BadSignature("algorithm")
    # Without a time of its own a second removal would look like a repeat of the first: a day tells them apart.
    issued = str(payload.issued_at) if payload.issued_at is not None else f"{now:%Y-%m-%d}"
    deletion = kind is NoticeKind.DELETION_ASKED
    return Notice(
        id=content_id("ig", kind, payload.user_id, issued),
        platform=Platform.INSTAGRAM,
        kind=kind,
        account_ids=frozenset({payload.user_id}),
        at=_moment(payload.issued_at or 0, now),
        received_at=now,
        code="data_deletion" if deletion else "deauthorize",
        reference=_confirmation(mac, payload.user_id, issued) if deletion else "",
    )


def read_webhook(
    headers: Mapping[str, str], raw_body: bytes, *, app: InstagramApp, now: datetime
) -> Notice | None:
    """Return what a webhook tells; None for a signed body that is not about Instagram.

    One body may batch up to a thousand entries: `account_ids` names all of their accounts, `details["fields"]` what
    changed. None of Meta's fields tells of a removed grant. Raises BadSignature.
    """
    given = next((value for name, value in headers.items() if name.casefold() == "x-hub-signature-256"), "")
    if not given:
        raise BadSignature("missing")
    if not given.startswith(SIGNED_BY):
        raise BadSignature("malformed")
    if not is_signed(raw_body, from_hex(given.removeprefix(SIGNED_BY)), app.secrets):
        raise BadSignature("mismatch")
    try:
        batch = _Batch.model_validate_json(raw_body)
    except ValidationError:
        return None
    if batch.object != "instagram" or not batch.entry:
        return None
    return Notice(
        id=content_id("ig", hashlib.sha256(_canonical(raw_body)).hexdigest()),
        platform=Platform.INSTAGRAM,
        kind=NoticeKind.OTHER,
        account_ids=frozenset(plain(each.id) for each in batch.entry) - {""},
        at=_moment(max(each.time for each in batch.entry), now),
        received_at=now,
        code="webhook",
        details={"fields": ",".join(sorted(set().union(*(each.fields() for each in batch.entry))))},
    )


def subscription_challenge(query: Mapping[str, str], *, app: InstagramApp) -> str:
    """Return what to answer, as plain text, to Meta's GET that subscribes us. Raises BadSignature (answer 403)."""
    if query.get("hub.mode") != "subscribe" or not query.get("hub.challenge"):
        raise BadSignature("malformed")
    if not app.verify_token or not is_equal(app.verify_token, query.get("hub.verify_token", "")):
        raise BadSignature("mismatch")
    return query["hub.challenge"]


def _confirmation(mac: bytes, *parts: str) -> str:
    """The signature makes it unguessable: only Meta and we can make one."""
    return content_id("dl", mac.hex(), *parts).removeprefix("dl_")[:24]


def _canonical(raw_body: bytes) -> bytes:
    return json.dumps(json.loads(raw_body), sort_keys=True, separators=(",", ":")).encode()


def _moment(seconds: int, now: datetime) -> datetime:
    """What happened, happened before now, whatever the platform's clock says; unstated means now."""
    try:
        return min(datetime.fromtimestamp(seconds, UTC), now) if seconds > 0 else now
    except (OverflowError, OSError, ValueError):
        return now
