"""What the message of an alert carries unseen, so that Slack can tell us of one whose place we didn't note.

Other apps may read it where a workspace lets them: it has ids in it and nothing else.
"""

from collections.abc import Mapping
from typing import Any

METADATA_POSTED = "message_metadata_posted"
"""Slack's event."""
ALERT = "crosslink_alert"
"""The type of this metadata, as the manifest subscribes to it."""
_NOWHERE = "new"


def alert_metadata(after: Mapping[str, str]) -> dict[str, Any]:
    """Return the metadata of a message that shows these rows, by the ts of the messages that it is in place of."""
    return {"event_type": ALERT, "event_payload": {name: ts or _NOWHERE for name, ts in after.items()}}


def read_alert(metadata: Any) -> Mapping[str, str]:
    """Return what `alert_metadata` was made of; nothing where it is of another type, or emptied or cut by Slack."""
    if not isinstance(metadata, Mapping) or metadata.get("event_type") != ALERT:
        return {}
    payload = metadata.get("event_payload")
    if not isinstance(payload, Mapping) or not all(isinstance(ts, str) for ts in payload.values()):
        return {}
    return {name: "" if ts == _NOWHERE else ts for name, ts in payload.items()}
