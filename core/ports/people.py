"""What the use cases ask of Slack, and of what connections are needed for."""

from datetime import datetime
from typing import Protocol

from core.domain.fact import Fact
from core.domain.waiting import Waiting


class Messenger(Protocol):
    """Turns facts into messages where people see them."""

    async def tell(self, fact: Fact) -> None:
        """Repeats safely where Slack lets it: posts or updates what this fact changes. Raises Passing."""


class Queue(Protocol):
    """What connections are needed for next."""

    async def waiting(self, workspace: str, connection_id: str, *, since: datetime | None = None) -> Waiting:
        """Reads which posts a connection's trouble would stop; with `since` those that leave then or later."""


class Directory(Protocol):
    """Who people are in Slack."""

    async def is_admin(self, workspace: str, user: str) -> bool:
        """Reads whether a person administers the workspace. Raises Passing."""

    async def is_colleague(self, workspace: str, user: str) -> bool:
        """Reads whether somebody is one of the workspace's own people: no guest of another, no bot, not gone.

        Raises Passing.
        """
