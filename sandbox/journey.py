"""People and their browsers, played over HTTP alone: what a script does where a person would click.

Nothing here knows the bot's inside: it types commands, reads what Slack shows, opens the addresses behind buttons
and posts the forms of the pages. The demo's seed, its fast tour and the scenario tests all walk this way.
"""

import asyncio
import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urljoin

import aiohttp

PATIENCE = 25.0
"""Seconds that a person waits for something to appear before calling it lost."""
_LOOK_EVERY = 0.02
_HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")

Json = Any
Message = Mapping[str, Any]


class LostError(Exception):
    """Something that a person would have seen did not appear, or a page refused."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a browser shows: the address it ended at, the status, the heading, the text."""

    url: str
    status: int
    html: str

    @property
    def heading(self) -> str:
        """The page's main heading, as text."""
        found = _HEADING.search(self.html)
        return " ".join(unescape(_TAG.sub("", found[1])).split()) if found else ""

    @property
    def text(self) -> str:
        """The page as a person reads it, without its markup."""
        return " ".join(unescape(_TAG.sub(" ", self.html)).split())


class Browser:
    """One person's browser: it keeps cookies and follows redirects."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def get(self, url: str, *, follow: bool = True) -> Page:
        """Open an address."""
        async with self._session.get(url, allow_redirects=follow) as answer:
            return Page(_landed(answer, follow=follow), answer.status, await answer.text())

    async def post(self, url: str, form: Sequence[tuple[str, str]] = (), *, follow: bool = True) -> Page:
        """Send a form to an address. Without `follow`, `url` of the page is where the answer points."""
        async with self._session.post(url, data=list(form), allow_redirects=follow) as answer:
            return Page(_landed(answer, follow=follow), answer.status, await answer.text())


class Journey:
    """Plays people in the sandbox at `base_url`. People and channels by id or name.

    `bot_url` is where the bot runs, unless it runs on the same site.
    """

    def __init__(self, session: aiohttp.ClientSession, base_url: str, bot_url: str = "") -> None:
        self.base_url = base_url
        self.bot_url = bot_url or base_url
        self._session = session

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[Browser]:
        """A fresh browser without cookies, closed at the end."""
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as session:
            yield Browser(session)

    async def call(self, method: str, path: str, body: Json = None, **query: str) -> Json:
        """Make a control call under /_sandbox/. Raises LostError with the sandbox's sentence."""
        url = f"{self.base_url}/_sandbox/{path}"
        async with self._session.request(method, url, json=body, params=query) as answer:
            told = await answer.json()
            if answer.status >= 400:  # noqa: PLR2004 - where HTTP's refusals begin
                raise LostError(f"{method} {path}: {told}")
            return told

    async def slash(self, user: str, channel: str, text: str) -> Json:
        """Type `/crosslink text`; answers `{status, ack_ms, ack}`."""
        return await self.call(
            "POST", "people/slash", {"user": user, "channel": channel, "text": f"{text}".strip()}
        )

    async def click(
        self, user: str, channel: str, message: Message, action_id: str, *, choose: str = ""
    ) -> Json:
        """Press a button of a message, or choose from one of its menus."""
        body = {"user": user, "channel": channel, "ts": message["ts"], "action_id": action_id}
        return await self.call("POST", "people/click", body | ({"selected": choose} if choose else {}))

    async def submit(self, user: str, view: Mapping[str, Any], values: Mapping[str, Any]) -> Json:
        """Submit a modal; `values` by block id."""
        return await self.call(
            "POST", "people/submit", {"user": user, "view_id": view["id"], "values": values}
        )

    async def shortcut(self, user: str, channel: str, message: Message, callback_id: str) -> Json:
        """Choose an entry of a message's menu."""
        body = {"user": user, "channel": channel, "ts": message["ts"], "callback_id": callback_id}
        return await self.call("POST", "people/shortcut", body)

    async def upload(self, user: str, channel: str, name: str, content: bytes) -> Json:
        """Upload a file, into a channel or (for a modal) into none; answers `{file, ts?}`."""
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("user", user)
        if channel:
            form.add_field("channel", channel)
        form.add_field("file", io.BytesIO(content), filename=name)
        async with self._session.post(f"{self.base_url}/_sandbox/people/upload", data=form) as answer:
            told = await answer.json()
            if answer.status >= 400:  # noqa: PLR2004 - where HTTP's refusals begin
                raise LostError(f"upload: {told}")
            return told

    async def messages(self, user: str, channel: str) -> list[Message]:
        """Everything this person sees in a channel, oldest first."""
        found: list[Message] = await self.call("GET", "messages", channel=channel, user=user)
        return found

    async def sees(self, user: str, channel: str, wanted: Callable[[Message], bool]) -> Message:
        """Wait until a person sees such a message, and return the newest one. Raises LostError."""

        async def look() -> Message | None:
            return next((each for each in reversed(await self.messages(user, channel)) if wanted(each)), None)

        found: Message = await _until(look, f"{user} never saw the message in {channel}")
        return found

    async def view(
        self, user: str, callback_id: str, title: str = "", *, holding: str = ""
    ) -> Mapping[str, Any]:
        """Wait until such a window is open for a person and says `holding`, and return it. Raises LostError."""

        async def look() -> Mapping[str, Any] | None:
            views = await self.call("GET", "views", user=user)
            shown = (each for each in reversed(views) if _is(each, callback_id, title))
            return next((each for each in shown if holding in words(each)), None)

        found: Mapping[str, Any] = await _until(look, f"{user} never saw the window {title or callback_id}")
        return found

    async def install(self, team: str = "T0AGENCY") -> Page:
        """Install the app into a workspace over Slack's own page."""
        async with self.browser() as browser:
            page = await browser.get(f"{self.bot_url}/slack/install")
            return await browser.post(page.url, [("team", team), ("decision", "allow")])

    async def set_up(self, user: str, channel: str, values: Mapping[str, Any]) -> str:
        """Type `/crosslink setup`, fill the window in, submit it, and close what it says then; return that."""
        await self.slash(user, channel, "setup")
        await self.submit(user, await self.view(user, "setup.submit"), values)
        said = await self.view(user, "notice", "Saved")
        await self.call("POST", "people/close", {"user": user, "view_id": said["id"], "everything": True})
        return words(said)

    async def set_alerts(self, user: str, channel: str, values: Mapping[str, Any]) -> str:
        """Open a client's settings, press Edit Alerts, change these fields, submit; return what it says then."""
        settings = await self.answer(
            user, channel, "settings", lambda each: bool(button(each, "alerts.open"))
        )
        await self.click(user, channel, settings, "alerts.open")
        await self.submit(user, await self.view(user, "alerts.submit"), values)
        said = await self.view(user, "notice", "Saved")
        await self.call("POST", "people/close", {"user": user, "view_id": said["id"], "everything": True})
        return words(said)

    async def answer(
        self, user: str, channel: str, text: str, wanted: Callable[[Message], bool] = bool
    ) -> Message:
        """Type a command and wait for the private answer (of which `wanted` is true) that it brings."""
        seen = {each["ts"] for each in await self.messages(user, channel)}
        await self.slash(user, channel, text)
        return await self.sees(
            user, channel, lambda each: each["is_ephemeral"] and each["ts"] not in seen and wanted(each)
        )

    async def connect_address(self, user: str, channel: str, text: str) -> str:
        """Type a link command and return the address behind the private button it brings."""
        message = await self.answer(user, channel, text, lambda each: bool(button(each, "link.open_page")))
        return str(button(message, "link.open_page")["url"])

    async def consent(
        self, address: str, account: str, *, scopes: Sequence[str] = (), decision: str = "allow"
    ) -> Page:
        """Go through the connect page and the platform's consent page; return where the person ends up."""
        async with self.browser() as browser:
            page = await browser.get(address)
            if page.status != 200:  # noqa: PLR2004 - HTTP's word for fine
                return page
            sent_to = await browser.post(address, follow=False)
            if sent_to.status != 303:  # noqa: PLR2004 - HTTP's word for "see there"
                return sent_to
            form = [("account", account), ("decision", decision), *(("scopes", each) for each in scopes)]
            return await browser.post(sent_to.url, form)

    async def link(self, user: str, channel: str, platform: str, account: str) -> Page:
        """Link one platform as this account, from the command to the last page."""
        return await self.consent(await self.connect_address(user, channel, f"link {platform}"), account)

    async def turn_clock(self, seconds: float) -> None:
        """Turn time forward."""
        await self.call("POST", "clock/advance", {"seconds": seconds})


@asynccontextmanager
async def journey(base_url: str, bot_url: str = "") -> AsyncIterator[Journey]:
    """A journey with its own HTTP session, closed at the end."""
    async with aiohttp.ClientSession() as session:
        yield Journey(session, base_url, bot_url)


def button(message: Message, action_id: str) -> Mapping[str, Any]:
    """The button of a message with this action, or nothing."""
    for block in message.get("blocks", ()):
        for element in (*block.get("elements", ()), block.get("accessory") or {}):
            if isinstance(element, dict) and element.get("action_id", "").startswith(action_id):
                return element
    return {}


def words(message: Message) -> str:
    """Everything a message says, its blocks included."""
    return f"{message.get('text', '')} {_texts(message.get('blocks', []))}"


def _texts(node: Any) -> str:
    if isinstance(node, str):
        return node
    if isinstance(node, list):
        return " ".join(filter(None, map(_texts, node)))
    if isinstance(node, dict):
        return " ".join(filter(None, (_texts(node[key]) for key in _SPOKEN if key in node)))
    return ""


_SPOKEN = ("text", "fields", "elements", "accessory", "blocks", "title", "alt_text")


def _is(view: Mapping[str, Any], callback_id: str, title: str) -> bool:
    named = not title or (view.get("title") or {}).get("text") == title
    return named and view.get("callback_id") == callback_id


def _landed(answer: aiohttp.ClientResponse, *, follow: bool) -> str:
    return str(answer.url) if follow else urljoin(str(answer.url), answer.headers.get("Location", ""))


async def _until(look: Callable[[], Awaitable[Any]], lost: str) -> Any:
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE
    found = await look()
    while found is None and loop.time() < end:
        await asyncio.sleep(_LOOK_EVERY)
        found = await look()
    if found is None:
        raise LostError(f"{lost} within {PATIENCE:.0f} seconds.")
    return found
