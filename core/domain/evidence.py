"""One dated observation about a connection, kept for ever."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.observation import Observation


class Source(StrEnum):
    """Where a piece of evidence comes from."""

    OAUTH = "oauth"
    REFRESH = "refresh"
    PROBE = "probe"
    WEBHOOK = "webhook"
    PUBLISH = "publish"
    REVOKE = "revoke"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One observation: what, when it happened at its source, who or what said so.

    `at` is the source's time and orders evidence; `noted_at` is when we learned of it. `before` and `after`
    are the connection's state around it. `by` is a Slack user id, or "" for the machine. `code` and `log_id`
    are the platform's.
    """

    id: str
    workspace: str
    client_id: str
    connection_id: str
    source: Source
    at: datetime
    noted_at: datetime
    observation: Observation
    note: str = ""
    code: str = ""
    log_id: str = ""
    by: str = ""
    before: str = ""
    after: str = ""
