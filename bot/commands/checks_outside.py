"""What `crosslink doctor` asks others: Slack, the platforms, and whoever answers at our own address.

Credentials are tried with something that can't work: what is refused then says whether they are known.
"""

import asyncio
import errno
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.clock import SystemClock
from bot.commands.check import Check, Verdict
from bot.settings import ORIGINS, Settings, variable
from bot.slack.scopes import SCOPES

PATIENCE = aiohttp.ClientTimeout(total=8)
SKEW = 60
"""Seconds our clock may differ from Slack's: signatures are refused at 300, tokens' ends are dates."""
NOTHING = "crosslink-doctor"
"""A code and a token that nobody issued."""
NETWORK = "Check the network and the proxy of this machine."
UNKNOWN_APP = frozenset({"invalid_client_id", "bad_client_secret", "invalid_client"})
"""How Slack and TikTok say that the app's own credentials are wrong."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: its JSON, empty for anything else."""

    status: int
    said: Mapping[str, Any]
    headers: Mapping[str, str]


async def slack(given: Settings) -> Sequence[Check]:
    """Whether Slack answers, knows us, gave us what we need, and has the same time."""
    try:
        if given.is_multi_workspace:
            return await _client(given)
        apart = [_app_token(given)] if given.uses_socket else []
        return [check for part in await asyncio.gather(_token(given), *apart) for check in part]
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        says = f"{given.slack_api_url} doesn't answer ({type(error).__name__})."
        return [Check("slack", Verdict.FAILED, says, NETWORK)]


async def tiktok(given: Settings) -> Sequence[Check]:
    """Whether TikTok answers and knows the app."""
    form = {
        "client_key": given.tiktok_client_key,
        "client_secret": given.tiktok_client_secret.get_secret_value(),
        "grant_type": "refresh_token",
        "refresh_token": NOTHING,
    }
    try:
        answer = await _post(f"{given.tiktok_api_url}/v2/oauth/token/", form)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        says = f"{given.tiktok_api_url} doesn't answer ({type(error).__name__})."
        return [Check("tiktok", Verdict.FAILED, says, NETWORK)]
    if given.tiktok_client_key and answer.said.get("error") in UNKNOWN_APP:
        names = f"{variable('tiktok_client_key')} and {variable('tiktok_client_secret')}"
        says = f"TikTok doesn't know {names} together."
        return [Check("tiktok", Verdict.FAILED, says, f"Copy both again: {ORIGINS['tiktok_client_key']}.")]
    return [Check("tiktok", Verdict.OK, f"{given.tiktok_api_url} answers ({answer.status}).")]


async def instagram(given: Settings) -> Sequence[Check]:
    """Whether both of Instagram's addresses answer, and the app's id is Instagram's own."""
    form = {
        "client_id": given.instagram_app_id,
        "client_secret": given.instagram_app_secret.get_secret_value(),
        "grant_type": "authorization_code",
        "redirect_uri": f"{given.base_url}/connect/instagram/callback",
        "code": NOTHING,
    }
    url = given.instagram_graph_url
    try:
        answer = await _get(url)
        url = given.instagram_token_url
        refused = await _post(f"{url}/oauth/access_token", form)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        says = f"{url} doesn't answer ({type(error).__name__})."
        return [Check("instagram", Verdict.FAILED, says, NETWORK)]
    said = str(refused.said.get("error_message", "")).casefold()
    wrong = {"invalid platform app": "instagram_app_id", "client secret": "instagram_app_secret"}
    for sign, name in wrong.items():
        if given.instagram_app_id and sign in said:
            says = f"Instagram refuses {variable(name)}: it wants its own, which isn't the Meta app's."
            return [Check("instagram", Verdict.FAILED, says, f"Copy it again: {ORIGINS[name]}.")]
    says = f"{given.instagram_graph_url} and {url} answer ({answer.status}, {refused.status})."
    return [Check("instagram", Verdict.OK, says)]


async def listening(given: Settings) -> Sequence[Check]:
    """Whether we can listen where we shall, unless we do so already."""
    place, do = f"{given.host}:{given.port}", f"Check {variable('host')} and {variable('port')}."
    try:
        (await asyncio.start_server(lambda _reader, _writer: None, given.host, given.port)).close()
    except OSError as error:
        is_taken = error.errno == errno.EADDRINUSE
        is_ours = is_taken and (await _is_us(f"http://{_nearby(given.host)}:{given.port}"))[0]
        why = "something else listens there" if is_taken else error.strerror or str(error)
        return [] if is_ours else [Check("listening", Verdict.FAILED, f"{place} can't be used: {why}.", do)]
    return []


async def address(given: Settings) -> Sequence[Check]:
    """Who answers at our own address: nobody before the start, and afterwards it should be us."""
    is_ours, answers = await _is_us(given.base_url)
    said = [Check("address", Verdict.OK, f"Crosslink answers at {given.base_url}.")]
    if not is_ours:
        do = "Before `crosslink run` that is as it should be; afterwards, let the proxy lead there."
        said = [Check("address", Verdict.NOTE, f"{given.base_url} {answers}.", do)]
    if given.base_url.startswith("http://"):
        do = f"Set {variable('base_url')} to an https address before platforms or other people need it."
        said.append(Check("address", Verdict.NOTE, f"{given.base_url} works on this machine only.", do))
    return said


async def publishing(given: Settings) -> Sequence[Check]:
    """Instagram fetches all files from us, TikTok its photos: our address decides whether they can."""
    place = f"{given.base_url}/media/"
    if not _is_public(given.base_url):
        says = (
            f"Instagram can't fetch what it is to publish, nor TikTok its photos: {place} isn't public https."
        )
        do = f"Set {variable('base_url')} to a public https address."
        return [Check("publishing", Verdict.NOTE, says, do)]
    says = f"Platforms fetch files at {place}; TikTok only where it knows that the address is yours."
    do = f"developers.tiktok.com → Manage apps → your app → URL properties: add the prefix {place}"
    return [Check("publishing", Verdict.NOTE, says, do)]


async def _token(given: Settings) -> Sequence[Check]:
    """Whose bot token it is, and what it may do."""
    answer = await _slack(given, "auth.test", given.slack_bot_token.get_secret_value())
    time = _clock(answer.headers.get("Date", ""))
    if not answer.said.get("ok"):
        do = f"Copy it again, after installing the app: {ORIGINS['slack_bot_token']}."
        says = f"Slack refuses {variable('slack_bot_token')}: {answer.said.get('error')}."
        return [Check("slack", Verdict.FAILED, says, do), *time]
    granted = answer.headers.get("X-OAuth-Scopes", "").replace(" ", "").split(",")
    lacking = [scope for scope in SCOPES if scope not in granted]
    if lacking and granted != [""]:
        says = f"The bot token lacks {', '.join(lacking)}."
        do = "Add them under OAuth & Permissions (or paste `crosslink manifest` again) and install the app anew."
        return [Check("slack", Verdict.FAILED, says, do), *time]
    says = f"The bot token is {answer.said.get('user')} in {answer.said.get('team')}."
    return [Check("slack", Verdict.OK, says), *time]


async def _app_token(given: Settings) -> Sequence[Check]:
    answer = await _slack(given, "apps.connections.open", given.slack_app_token.get_secret_value())
    if answer.said.get("ok"):
        return [Check("socket", Verdict.OK, "Slack opens a socket for the app-level token.")]
    says = f"Slack refuses {variable('slack_app_token')}: {answer.said.get('error')}."
    return [Check("socket", Verdict.FAILED, says, f"Copy it again: {ORIGINS['slack_app_token']}.")]


async def _client(given: Settings) -> Sequence[Check]:
    """Whether Slack knows the app that workspaces are to install."""
    form = {
        "client_id": given.slack_client_id,
        "client_secret": given.slack_client_secret.get_secret_value(),
        "code": NOTHING,
    }
    answer = await _post(f"{given.slack_api_url}oauth.v2.access", form)
    time = _clock(answer.headers.get("Date", ""))
    if given.slack_client_id and answer.said.get("error") in UNKNOWN_APP:
        names = f"{variable('slack_client_id')} and {variable('slack_client_secret')}"
        says = f"Slack doesn't know {names} together: {answer.said['error']}."
        return [
            Check("slack", Verdict.FAILED, says, f"Copy both again: {ORIGINS['slack_client_id']}."),
            *time,
        ]
    says = f"Slack answers. Workspaces install the app at {given.base_url}/slack/install."
    return [Check("slack", Verdict.OK, says), *time]


async def _is_us(url: str) -> tuple[bool, str]:
    """Whether Crosslink answers at an address, and what comes from there otherwise."""
    try:
        answer = await _get(f"{url}/healthz")
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        return False, f"doesn't answer ({type(error).__name__})"
    return "problems" in answer.said, f"answers ({answer.status}), but not as Crosslink"


def _nearby(host: str) -> str:
    """Where we reach what listens there ourselves."""
    near = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - recognised, not used
    return f"[{near}]" if ":" in near and not near.startswith("[") else near


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


async def _slack(given: Settings, method: str, token: str) -> Answer:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return await _asked("POST", f"{given.slack_api_url}{method}", headers=headers)


async def _post(url: str, form: Mapping[str, str]) -> Answer:
    return await _asked("POST", url, data=form)


async def _get(url: str) -> Answer:
    return await _asked("GET", url)


async def _asked(method: str, url: str, **what: Any) -> Answer:
    async with (
        aiohttp.ClientSession(timeout=PATIENCE) as session,
        session.request(method, url, allow_redirects=False, **what) as answer,
    ):
        is_json = answer.content_type.endswith("json")
        said = await answer.json(content_type=None) if is_json else {}
        return Answer(answer.status, said if isinstance(said, dict) else {}, answer.headers)


def _is_public(base_url: str) -> bool:
    place = urlsplit(base_url)
    host = place.hostname or ""
    try:
        return place.scheme == "https" and ip_address(host).is_global
    except ValueError:
        return place.scheme == "https" and "." in host and not host.endswith((".local", ".internal"))
