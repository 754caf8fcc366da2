"""Who may speak as Slack: the check in front of everything, made before a body is parsed.

Bolt parses a body before it verifies it, reads the wall clock itself and answers 500 to a timestamp that is
no number; so its own verification is off and this one stands in front, with the Clock port's time.
"""

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Mapping
from enum import StrEnum

from core.domain.secret import Secret
from core.ports import Clock

TOLERANCE = 300
"""Seconds a signature stays good: Slack's own rule (docs/sources.md)."""
REMEMBERED = 20_000
"""Signatures kept against replays; at Slack's ceiling of 30,000 events an hour 5 minutes need 2,500."""
_DIGITS = 12


class Refused(StrEnum):
    """Why a request is not taken for Slack's, as the sentence that answers it."""

    UNSIGNED = "This address takes requests signed by Slack only."
    NOT_A_TIME = "The timestamp of this request is not a number, so its signature can't be checked."
    STALE = "This request is older or newer than five minutes, so its signature no longer counts."
    FORGED = "The signature of this request doesn't match its body."
    REPLAYED = "This very request was already received."


class Guard:
    """Checks Slack's v0 signature, and lets each signature through once while it is fresh."""

    def __init__(self, *, secret: Secret, clock: Clock) -> None:
        self._clock = clock
        self._key = secret.reveal().encode()
        self._seen: OrderedDict[str, int] = OrderedDict()

    def check(self, headers: Mapping[str, str], body: bytes) -> Refused | None:
        """Return why the request is refused; None for a genuine one that comes for the first time."""
        timestamp = headers.get("X-Slack-Request-Timestamp", "")
        signature = headers.get("X-Slack-Signature", "")
        if not timestamp or not signature:
            return Refused.UNSIGNED
        if not (timestamp.isascii() and timestamp.isdigit()):
            return Refused.NOT_A_TIME
        now = int(self._clock.now().timestamp())
        if len(timestamp) > _DIGITS or abs(now - int(timestamp)) > TOLERANCE:
            return Refused.STALE
        signed = hmac.new(self._key, b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256)
        if not hmac.compare_digest(f"v0={signed.hexdigest()}".encode(), signature.encode(errors="replace")):
            return Refused.FORGED
        return self._first_time(signature, int(timestamp), now)

    def forget(self, headers: Mapping[str, str]) -> None:
        """Let this request come again: we failed to answer it, so Slack's repeat is welcome."""
        self._seen.pop(headers.get("X-Slack-Signature", ""), None)

    def _first_time(self, signature: str, signed_at: int, now: int) -> Refused | None:
        if signature in self._seen:
            return Refused.REPLAYED
        self._seen[signature] = signed_at
        while self._seen and (
            len(self._seen) > REMEMBERED or now - next(iter(self._seen.values())) > 2 * TOLERANCE
        ):
            self._seen.popitem(last=False)
        return None
