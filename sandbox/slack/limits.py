"""Slack's rate limits: a bucket per method and workspace, and one per channel for posting.

Tiers from java-slack-sdk's MethodsRateLimits; posting from docs.slack.dev/apis/web-api/rate-limits.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.clock import TurnableClock

TIER_1, TIER_2, TIER_3, TIER_4, SPECIAL = 1, 20, 50, 100, 600

PER_MINUTE: Mapping[str, int] = {
    "apps.connections.open": TIER_1,
    "apps.uninstall": TIER_1,
    "auth.revoke": TIER_3,
    "auth.test": SPECIAL,
    "blocks.validate": SPECIAL,
    "chat.delete": TIER_3,
    "chat.getPermalink": SPECIAL,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": SPECIAL,
    "chat.update": TIER_3,
    "conversations.info": TIER_3,
    "conversations.join": TIER_3,
    "conversations.list": TIER_2,
    "conversations.members": TIER_4,
    "conversations.open": TIER_3,
    "files.completeUploadExternal": TIER_4,
    "files.getUploadURLExternal": TIER_4,
    "files.info": TIER_4,
    "oauth.v2.access": TIER_4,
    "team.info": TIER_3,
    "usergroups.list": TIER_2,
    "usergroups.users.list": TIER_2,
    "users.info": TIER_4,
    "users.list": TIER_2,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}

POSTS_PER_MINUTE = 60
LENIENT_BURST = 5


@dataclass(slots=True)
class _Bucket:
    left: float
    seen: float


class Limits:
    """Buckets that refill by the turnable clock."""

    def __init__(self, clock: TurnableClock, switches: Mapping[str, str]) -> None:
        self._clock = clock
        self._switches = switches
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def take(self, method: str, team: str) -> int:
        """0 when the call is within the method's limit, else the seconds of Retry-After."""
        per_minute = PER_MINUTE[method]
        least = LENIENT_BURST if self._switches["rates"] == "lenient" else 1
        return self._take((method, team), per_minute, max(per_minute, least))

    def post(self, channel: str) -> int:
        """The same for one message into one channel: one a second, with a small burst when lenient."""
        burst = LENIENT_BURST if self._switches["rates"] == "lenient" else 1
        return self._take(("post", channel), POSTS_PER_MINUTE, burst)

    def _take(self, key: tuple[str, str], per_minute: int, capacity: int) -> int:
        if self._switches["rates"] == "off":
            return 0
        now = self._clock.timestamp()
        bucket = self._buckets.setdefault(key, _Bucket(capacity, now))
        bucket.left = min(capacity, bucket.left + (now - bucket.seen) * per_minute / 60)
        bucket.seen = now
        if bucket.left < 1:
            return max(1, math.ceil((1 - bucket.left) * 60 / per_minute))
        bucket.left -= 1
        return 0
