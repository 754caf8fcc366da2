"""Where files come from, as far as listeners care."""

from collections.abc import Mapping
from typing import Any, Protocol

from core.domain.refusals import Refusal
from core.domain.secret import Secret
from core.ports import MediaOrigin


class Shelf(Protocol):
    """Where files come from."""

    def address(self, url: str) -> MediaOrigin:
        """Return the file at an address that a person gave."""

    def in_slack(self, facts: Mapping[str, Any], token: Secret) -> MediaOrigin:
        """Return the file that Slack describes. Raises Refusal `slack_file_…`."""

    def no_slack_file(self, code: str) -> Refusal:
        """Return what Slack's error about a file means."""

    async def kept(self, sha256: str, name: str) -> MediaOrigin | None:
        """Return a file of the store."""

    async def keep_text(self, text: str) -> str:
        """Keep a text; return its SHA-256."""

    async def text(self, sha256: str) -> str:
        """Return a text that was kept. Raises Refusal `media_gone`."""
