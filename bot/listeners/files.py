"""The files that people mean: in a Slack message, in a modal, at an address, on a card that was shown before."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from slack_sdk.errors import SlackApiError

from bot.ids import PreflightValue
from bot.listeners.request import Request
from bot.listeners.typed import address
from bot.media_links import short_name
from bot.views.preflight_form import URL_MOST
from core.domain.refusals import Refusal
from core.domain.secret import Secret
from core.ports import Kept, MediaOrigin

NAME_BYTES = 60
_LINK = re.compile(r"<(https?://[^|>\s]+)(?:\|[^>]*)?>")
_POSTABLE = ("video/", "image/")


def of_message(message: Mapping[str, Any]) -> tuple[Mapping[str, Any] | None, str]:
    """Return the first film or picture of a message, else its first link. Raises Refusal as `all_of_message`."""
    files, url = all_of_message(message)
    return (files[0] if files else None), url


def all_of_message(message: Mapping[str, Any]) -> tuple[Sequence[Mapping[str, Any]], str]:
    """Return the films and pictures of a message, where it has none its first file, without any its first link.

    Raises Refusal `nothing_to_look_at` or `url_too_long`.
    """
    files = [each for each in message.get("files") or () if isinstance(each, Mapping)]
    postable = [each for each in files if str(each.get("mimetype", "")).startswith(_POSTABLE)]
    if files:
        return postable or files[:1], ""
    if found := _LINK.search(str(message.get("text") or "")):
        return [], _carried(found[1].replace("&amp;", "&"))
    raise Refusal("nothing_to_look_at")


def of_command(text: str) -> tuple[str, str]:
    """Return the first address behind a subcommand, "" where there is none, and the other words.

    Raises Refusal `url_too_long`.
    """
    url, rest = address(text)
    return _carried(url), rest


def _carried(url: str) -> str:
    if len(url) > URL_MOST:
        raise Refusal("url_too_long", most=str(URL_MOST))
    return url


def of_slack(facts: Mapping[str, Any], **more: Any) -> PreflightValue:
    """Return what a card about a file of Slack's carries."""
    name = str(facts.get("name") or facts.get("title") or "file")
    return PreflightValue(name=short_name(name, NAME_BYTES), slack=str(facts.get("id", "")), **more)


def of_address(url: str, **more: Any) -> PreflightValue:
    """Return what a card about an address carries, under the last part of the address until we know better."""
    try:
        last = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
    except ValueError:
        last = ""
    return PreflightValue(name=short_name(last or url, NAME_BYTES), url=url, **more)


async def origin(request: Request, value: PreflightValue) -> MediaOrigin:
    """Return the file a card is about: as we keep it, else from where it came. Raises Refusal."""
    shelf = request.desk.shelf
    if value.file is not None and (kept := await shelf.kept(value.file, value.name)) is not None:
        return kept
    if value.slack:
        return await slack_origin(request, {"id": value.slack, "file_access": "check_file_info"})
    if value.url:
        return shelf.address(value.url)
    raise Refusal("media_gone")


async def at_address(request: Request, url: str) -> MediaOrigin:
    """Return the file at an address."""
    return request.desk.shelf.address(url)


async def slack_origin(request: Request, facts: Mapping[str, Any]) -> MediaOrigin:
    """Return a file of Slack's, asking Slack for what the payload left out. Raises Refusal."""
    shelf = request.desk.shelf
    if facts.get("file_access") == "check_file_info" or "url_private" not in facts:
        try:
            answer = await request.slack.files_info(file=str(facts.get("id", "")))
        except SlackApiError as error:
            raise shelf.no_slack_file(str(error.response.get("error"))) from None
        facts = answer.get("file") or {}
    return shelf.in_slack(facts, Secret(request.slack.token or ""))


def now_kept(value: PreflightValue, kept: Kept | None, name: str) -> PreflightValue:
    """Return the value of a card whose file we have."""
    from_us = {"file": kept.sha256, "size": kept.size} if kept else {}
    held = {each: getattr(value, each) for each in ("targets", "slack", "url", "client", "music", "caption")}
    return PreflightValue(**held | from_us | {"name": short_name(name, NAME_BYTES)})
