"""The checks of `crosslink doctor`: each looks at one thing and never fails itself."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from ipaddress import ip_address
from urllib.parse import urlsplit

import aiohttp

from bot import wiring
from bot.clock import SystemClock
from bot.settings import Misconfigured, Settings, variable
from bot.wiring.keys import key_file, open_vault

PATIENCE = aiohttp.ClientTimeout(total=8)
SKEW = 60
"""Seconds our clock may differ from Slack's: signatures are refused at 300, tokens' ends are dates."""


class Verdict(StrEnum):
    """What came of a check. A note is nothing wrong, and good to know."""

    OK = "ok"
    NOTE = "note"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, and what to do where it isn't well."""

    name: str
    verdict: Verdict
    says: str
    do: str = ""


Checker = Callable[[Settings], Awaitable[Sequence[Check]]]


async def every(settings: Settings) -> Sequence[Check]:
    """Run all checks beside one another, and return what they say in a fixed order."""
    checkers: tuple[Checker, ...] = (
        _settings,
        _keys,
        _database,
        _slack,
        _reachable,
        _media,
        _files,
        _publishing,
    )
    found = await asyncio.gather(*(checker(settings) for checker in checkers))
    return [check for part in found for check in part]


async def _settings(settings: Settings) -> Sequence[Check]:
    mode = "socket mode" if settings.uses_socket else "HTTP"
    breadth = "any workspace" if settings.is_multi_workspace else "one workspace"
    said = [Check("settings", Verdict.FAILED, problem) for problem in settings.problems()]
    if not said:
        said = [Check("settings", Verdict.OK, f"Complete: {mode}, {breadth}, at {settings.base_url}.")]
    if settings.base_url.startswith("http://"):
        do = f"Set {variable('base_url')} to an https address before platforms or other people need it."
        said.append(Check("address", Verdict.NOTE, f"{settings.base_url} works on this machine only.", do))
    return said


async def _keys(settings: Settings) -> Sequence[Check]:
    if settings.encryption_keys.get_secret_value():
        return [_named_keys(settings)]
    if not settings.is_embedded:
        return [Check("keys", Verdict.FAILED, "There is no encryption key.", "Run: crosslink keys new")]
    file = key_file(settings)
    begins = "Tokens are sealed with" if file.exists() else "The first start makes"
    says = f"{begins} a key of our own in {file}, readable by this user only."
    return [
        Check("keys", Verdict.NOTE, says, "Back it up apart from the database: without it tokens are lost.")
    ]


def _named_keys(settings: Settings) -> Check:
    try:
        open_vault(settings)
    except Misconfigured as error:
        return Check("keys", Verdict.FAILED, str(error), "Run: crosslink keys new")
    return Check("keys", Verdict.OK, "Tokens are sealed with the keys of the settings.")


async def _database(settings: Settings) -> Sequence[Check]:
    kind = f"SQLite in {settings.data_dir}" if settings.is_embedded else "The database of the settings"
    try:
        current, newest = await wiring.schema(settings)
    except Misconfigured as error:
        return [Check("database", Verdict.FAILED, str(error), f"Check {variable('database_url')}.")]
    if current == newest:
        return [Check("database", Verdict.OK, f"{kind}, schema {current}.")]
    if settings.is_embedded and current is None:
        return [Check("database", Verdict.NOTE, f"{kind}, empty: the first start makes its schema.")]
    says = f"{kind} has schema {current or 'none'}, this version needs {newest}."
    return [Check("database", Verdict.FAILED, says, "Run: crosslink migrate")]


async def _slack(settings: Settings) -> Sequence[Check]:
    try:
        async with aiohttp.ClientSession(timeout=PATIENCE) as session:
            answer = await session.post(f"{settings.slack_api_url}auth.test", headers=_bearer(settings))
            said = await answer.json(content_type=None)
            date = answer.headers.get("Date", "")
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        says = f"{settings.slack_api_url} doesn't answer ({type(error).__name__})."
        return [Check("slack", Verdict.FAILED, says, "Check the network and the proxy of this machine.")]
    return [_identity(settings, said if isinstance(said, dict) else {}), *_clock(date)]


def _bearer(settings: Settings) -> dict[str, str]:
    token = settings.slack_bot_token.get_secret_value()
    return {"Authorization": f"Bearer {token}"} if token else {}


def _identity(settings: Settings, said: dict[str, object]) -> Check:
    if settings.is_multi_workspace:
        says = f"Slack answers. Workspaces install the app at {settings.base_url}/slack/install."
        return Check("slack", Verdict.OK, says)
    if said.get("ok"):
        return Check("slack", Verdict.OK, f"The bot token is {said.get('user')} in {said.get('team')}.")
    do = "Copy the Bot User OAuth Token again, after installing the app."
    return Check("slack", Verdict.FAILED, f"Slack refuses the bot token: {said.get('error')}.", do)


def _clock(date: str) -> Sequence[Check]:
    try:
        theirs = parsedate_to_datetime(date).astimezone(UTC)
    except ValueError:
        return []
    off = abs((SystemClock().now() - theirs).total_seconds())
    if off <= SKEW:
        return [Check("clock", Verdict.OK, f"Within {max(1, round(off))} s of Slack's.")]
    do = "Let this machine keep its time by NTP: signatures of Slack are refused at five minutes."
    return [Check("clock", Verdict.FAILED, f"Differs from Slack's by {round(off)} s.", do)]


async def _reachable(settings: Settings) -> Sequence[Check]:
    places = {
        "tiktok": settings.tiktok_api_url,
        "instagram": settings.instagram_graph_url,
    }
    async with aiohttp.ClientSession(timeout=PATIENCE) as session:
        return await asyncio.gather(*(_answers(session, name, url) for name, url in places.items()))


async def _answers(session: aiohttp.ClientSession, name: str, url: str) -> Check:
    """Any answer will do: without an account there is nothing to ask for."""
    try:
        async with session.get(url, allow_redirects=False) as answer:
            return Check(name, Verdict.OK, f"{url} answers ({answer.status}).")
    except (aiohttp.ClientError, TimeoutError) as error:
        says = f"{url} doesn't answer ({type(error).__name__})."
        return Check(name, Verdict.FAILED, says, "Check the network and the proxy of this machine.")


async def _media(_settings: Settings) -> Sequence[Check]:
    try:
        installed = version("av")
    except PackageNotFoundError:
        return [Check("media", Verdict.FAILED, "PyAV is missing.", "Install Crosslink again with pip.")]
    if await wiring.reads_media():
        return [Check("media", Verdict.OK, f"PyAV {installed} is installed, and its process reads files.")]
    says = f"PyAV {installed} is installed, but the process that reads media doesn't start."
    return [Check("media", Verdict.FAILED, says, "Install Crosslink again, where its own user may read it.")]


async def _files(settings: Settings) -> Sequence[Check]:
    """Look for the files of posts. A database that can't be read is told of by its own check."""
    folder = settings.data_dir.absolute()
    try:
        current, newest = await wiring.schema(settings)
        if current != newest:
            return []
        needed, missing = await wiring.missing_files(settings)
    except Misconfigured:
        return []
    if missing:
        says = f"{missing} of {needed} files that posts wait with are not in {folder}."
        do = f"Let {variable('data_dir')} of all hosts be one shared folder; else bring those files again."
        return [Check("files", Verdict.FAILED, says, do)]
    if settings.is_embedded:
        return [Check("files", Verdict.OK, f"All {needed} files that posts wait with are in {folder}.")]
    says = f"All {needed} files that posts wait with are in {folder}; several hosts need it to be one shared folder."
    return [Check("files", Verdict.OK, says)]


async def _publishing(settings: Settings) -> Sequence[Check]:
    """Instagram fetches all files from us, TikTok its photos: our address decides whether they can."""
    address = f"{settings.base_url}/media/"
    if not _is_public(settings.base_url):
        says = f"Instagram can't fetch what it is to publish, nor TikTok its photos: {address} isn't public https."
        return [
            Check("publishing", Verdict.NOTE, says, f"Set {variable('base_url')} to a public https address.")
        ]
    says = f"Platforms fetch files at {address}; TikTok only where it knows that the address is yours."
    do = f"developers.tiktok.com → Manage apps → your app → URL properties: add the prefix {address}"
    return [Check("publishing", Verdict.NOTE, says, do)]


def _is_public(address: str) -> bool:
    place = urlsplit(address)
    host = place.hostname or ""
    try:
        return place.scheme == "https" and ip_address(host).is_global
    except ValueError:
        return place.scheme == "https" and "." in host and not host.endswith((".local", ".internal"))
