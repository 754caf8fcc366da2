"""A file in Slack: what Slack says of it, and its bytes, which only the bot's token opens.

Asked without the right, Slack answers 200 with its sign-in page instead of the file, so the type is looked at.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpx

from core.domain.refusals import Refusal
from core.domain.secret import Secret

TIMEOUT = httpx.Timeout(15)
TOTAL = 3600.0
_GONE = frozenset({"tombstone", "hidden_by_limit"})
_REFUSED = {
    "file_not_found": "slack_file_not_shared",
    "file_deleted": "slack_file_gone",
    "file_not_available": "slack_file_gone",
    "not_in_channel": "slack_file_not_shared",
    "channel_not_found": "slack_file_not_shared",
    "access_denied": "slack_file_not_shared",
    "no_permission": "slack_file_scope",
    "missing_scope": "slack_file_scope",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackFile:
    """What is needed to have a file. `size` in bytes as Slack says it."""

    id: str
    name: str
    size: int
    url: str
    is_page: bool = False
    """True where the file itself is HTML, and getting HTML is no trap."""


def refused(code: str) -> Refusal:
    """Return the refusal for an error of Slack's `files.info`."""
    return Refusal(_REFUSED.get(code, "slack_file_failed"))


def read_slack_file(facts: Mapping[str, Any], *, largest: int) -> SlackFile:
    """Return the file that a message or `files.info` describes. Raises Refusal `slack_file_…`, `media_too_large`.

    A message's `file_access` of "check_file_info" (Slack Connect) needs `files.info` first.
    """
    if facts.get("mode") in _GONE:
        raise Refusal("slack_file_gone")
    if facts.get("is_external") or facts.get("mode") == "external":
        raise Refusal("slack_file_elsewhere")
    if facts.get("file_access") not in {None, "visible"}:
        raise refused(str(facts["file_access"]))
    url, size = facts.get("url_private_download") or facts.get("url_private"), facts.get("size")
    if not isinstance(url, str) or not isinstance(size, int):
        raise Refusal("slack_file_unfinished")
    if size > largest:
        raise Refusal("media_too_large", largest=str(largest))
    name = str(facts.get("name") or facts.get("title") or facts.get("id") or "file")
    is_page = str(facts.get("mimetype", "")).startswith("text/html")
    return SlackFile(id=str(facts.get("id", "")), name=name, size=size, url=url, is_page=is_page)


class SlackDownloads:
    """Has files' bytes over an injected client. The token goes to Slack's own hosts only."""

    def __init__(self, client: httpx.AsyncClient, *, api_url: str) -> None:
        self._client = client
        self._api = urlsplit(api_url)

    async def pieces(self, file: SlackFile, token: Secret) -> AsyncIterator[bytes]:
        """Read a file from its beginning. Raises Refusal `slack_file_…`."""
        if not self._is_slack(file.url):
            raise Refusal("slack_file_address")
        headers = {"Authorization": f"Bearer {token.reveal()}", "Accept-Encoding": "identity"}
        came = 0
        try:
            async with (
                asyncio.timeout(TOTAL),
                self._client.stream(
                    "GET", file.url, headers=headers, follow_redirects=False, timeout=TIMEOUT
                ) as response,
            ):
                _check(response, file)
                async for piece in response.aiter_raw():
                    came += len(piece)
                    if came > file.size:
                        break
                    yield piece
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, TimeoutError):
            raise Refusal("slack_file_failed") from None
        if came != file.size:
            raise Refusal("slack_file_failed")

    def _is_slack(self, url: str) -> bool:
        asked = urlsplit(url)
        if (asked.scheme, asked.netloc) == (self._api.scheme, self._api.netloc):
            return True
        host = asked.hostname or ""
        return (
            asked.scheme == "https"
            and asked.username is None
            and host.endswith((".slack.com", ".slack-files.com"))
        )


def _check(response: httpx.Response, file: SlackFile) -> None:
    status = response.status_code
    if response.is_redirect:
        raise Refusal("slack_file_login")
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        raise Refusal("slack_file_gone")
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise Refusal("slack_file_not_shared")
    if status != HTTPStatus.OK:
        raise Refusal("slack_file_failed")
    if response.headers.get("Content-Type", "").lower().startswith("text/html") and not file.is_page:
        raise Refusal("slack_file_login")
