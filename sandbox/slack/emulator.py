"""The Slack emulator, put together: wire endpoints with their coverage, control calls, the workspace page."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.emulator import OUTCOME, Covered, Fidelity, Handler, Route, World
from sandbox.faults import Fault
from sandbox.slack.api import apps, chat, conversations, files, people, views
from sandbox.slack.api.dispatch import Method, handler
from sandbox.slack.app import CLIENT_SECRET, SIGNING_SECRET
from sandbox.slack.control import Control
from sandbox.slack.hooks import Hooks
from sandbox.slack.install import InstallPage
from sandbox.slack.seed import AGENCY
from sandbox.slack.state import State
from sandbox.slack.wire import RefusedError, refused

METHODS: tuple[Method, ...] = (
    *apps.METHODS,
    *chat.METHODS,
    *conversations.METHODS,
    *files.METHODS,
    *people.METHODS,
    *views.METHODS,
)
PAGE = Path(__file__).with_name("page")
THROTTLE_SECONDS = 30
INSTALL = "/slack.com/oauth/v2/authorize"
HOOK = "/hooks.slack.com/{kind}/{team}/{number}/{secret}"
SOCKET = "/wss-primary.slack.com/link/"
LOGIN_PAGE_NOTE = "A login page with status 200 when the token may not read the file."
NO_CACHE = {"Cache-Control": "no-cache"}


class SlackEmulator:
    """One Slack with the agency's workspace and an outside one; `installed` puts the app into the agency's.

    `bot_token` and `app_token` are for whoever wires the bot to it; they go over no wire.
    """

    name = "slack"

    def __init__(self, world: World, *, installed: bool = True) -> None:
        self.state = State(world)
        self._hooks = Hooks(self.state)
        self._files = files.FileServer(self.state)
        self._install = InstallPage(self.state)
        self._control = Control(self.state, self._hooks)
        for secret in (CLIENT_SECRET, SIGNING_SECRET):
            world.mint.remember(secret)
        world.clock.subscribe(lambda: self.state.feed.tell("clock"))
        if installed:
            self.state.install(AGENCY, self.state.app.bot_scopes, "U0MANAGER")

    @property
    def bot_token(self) -> str:
        """The bot token of the agency's workspace. Raises LookupError when the app isn't installed there."""
        return self.state.installations[AGENCY].token

    @property
    def app_token(self) -> str:
        """The app-level token, for Socket Mode."""
        return self.state.app_token

    def routes(self) -> Sequence[Route]:
        return [route for route, _ in self._table()]

    def coverage(self) -> Sequence[Covered]:
        return [row for _, row in self._table()]

    def control_routes(self) -> Sequence[web.AbstractRouteDef]:
        return [*self._control.routes(), *self.page_routes()]

    def page_routes(self) -> Sequence[web.AbstractRouteDef]:
        """The workspace page at `/` and what it loads; the files are beside this one, in `page/`."""
        return [web.get("/", _index), web.get("/_sandbox/page/{name}", _static)]

    def refusal(self, operation: str, fault: Fault) -> web.Response:
        """A scripted refusal in Slack's shape; a code `http_NNN` is that status instead of an API error."""
        del operation
        if fault.what == "throttle":
            seconds = int(fault.seconds) or THROTTLE_SECONDS
            return refused(RefusedError("ratelimited", retry_after=seconds))
        if fault.code.startswith("http_") and fault.code[5:].isdecimal():
            response = web.Response(status=int(fault.code[5:]), text="upstream connect error")
            response[OUTCOME] = fault.code
            return response
        return refused(RefusedError(fault.code))

    def deliveries(self) -> list[dict[str, Any]]:
        """Every request to the bot with its attempts, oldest first."""
        return [
            {
                "emulator": self.name,
                "kind": one.kind,
                "what": one.what,
                "at": one.at,
                "attempts": one.attempts,
            }
            for one in self.state.bot.deliveries
        ]

    def _table(self) -> list[tuple[Route, Covered]]:
        rows = [
            _row(
                "*", f"/slack.com/api/{one.name}", one.name, handler(self.state, one), one.notes, one.fidelity
            )
            for one in METHODS
        ]
        download = "/files.slack.com/files-pri/{file}"
        return [
            *rows,
            _row("*", "/slack.com/api/{method}", "unknown_method", _unknown, "Every other method."),
            _row("GET", INSTALL, "oauth.authorize", self._install.ask, "Bot scopes only.", "partial"),
            _row("POST", INSTALL, "oauth.decide", self._install.decide),
            _row("POST", HOOK, "response_url", self._hooks.receive, "Refusals are 400: unproven.", "partial"),
            _row("POST", "/files.slack.com/upload/v1/{secret}", "files.upload", self._files.upload),
            _row("GET", f"{download}/{{name}}", "files.download", self._files.download, LOGIN_PAGE_NOTE),
            _row("GET", f"{download}/download/{{name}}", "files.download", self._files.download),
            _row("GET", SOCKET, "socket", self.state.sockets.connect, "No refresh after an hour.", "partial"),
        ]


def _row(  # noqa: PLR0917 - one line of the table above
    method: str, path: str, name: str, answer: Handler, notes: str = "", fidelity: Fidelity = "supported"
) -> tuple[Route, Covered]:
    return Route(method, path, f"slack.{name}", answer), Covered(f"{method} {path}", fidelity, notes)


async def _unknown(_request: web.Request) -> web.Response:
    return refused(RefusedError("unknown_method"))


async def _index(_request: web.Request) -> web.StreamResponse:
    return web.FileResponse(PAGE / "index.html", headers=NO_CACHE)


async def _static(request: web.Request) -> web.StreamResponse:
    path = PAGE / request.match_info["name"]
    if path.parent != PAGE or not path.is_file():
        return web.Response(status=404)
    return web.FileResponse(path, headers=NO_CACHE)
