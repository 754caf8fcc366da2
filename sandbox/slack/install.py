"""slack.com/oauth/v2/authorize: the page where a person puts the app into a team."""

from collections.abc import Mapping
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from aiohttp import web

from sandbox.emulator import OUTCOME
from sandbox.slack.app import CLIENT_ID
from sandbox.slack.state import Code, State

CODE_SECONDS = 600.0
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

WORDS = {
    "commands": "Add shortcuts and slash commands that people can use",
    "chat:write": "Send messages as the app",
    "im:write": "Start direct messages with people",
    "users:read": "View people in the workspace",
    "users:read.email": "View email addresses of people in the workspace",
    "usergroups:read": "View user groups in the workspace",
    "channels:read": "View basic information about public channels",
    "channels:join": "Join public channels",
    "groups:read": "View basic information about private channels that the app is in",
    "files:read": "View files in channels that the app is in",
    "files:write": "Upload, edit and delete files as the app",
    "metadata.message:read": "View what apps put into messages beside what people see",
    "team:read": "View the name, domain and icon of the workspace",
}

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem;
  color-scheme: light dark; }}
fieldset {{ border: 1px solid GrayText; border-radius: .5rem; margin: 1rem 0; }}
button {{ font: inherit; padding: .5rem 1.25rem; border-radius: .375rem; border: 1px solid GrayText; }}
button[value=allow] {{ background: #007a5a; color: #fff; border-color: #007a5a; }}
</style></head><body><main>{body}</main></body></html>
"""

CONSENT = """<h1>{app} is requesting permission to access a workspace</h1>
<form method="post">
<fieldset><legend>Workspace</legend>{teams}</fieldset>
<h2>What will {app} be able to do?</h2><ul>{scopes}</ul>
<p><button name="decision" value="cancel">Cancel</button>
<button name="decision" value="allow">Allow</button></p></form>
"""


class InstallPage:
    def __init__(self, state: State) -> None:
        self._state = state

    async def ask(self, request: web.Request) -> web.Response:
        asked = request.query
        if problem := self._problem(asked):
            return _refusal(problem)
        teams = "".join(
            f'<p><label><input type="radio" name="team" value="{team.id}"{" checked" if not place else ""}>'
            f" {escape(team.name)} ({escape(team.domain)}.slack.com)</label></p>"
            for place, team in enumerate(self._state.workspace.teams.values())
        )
        scopes = "".join(
            f"<li>{escape(WORDS.get(scope, scope))} <code>{escape(scope)}</code></li>"
            for scope in _scopes(asked)
        )
        app = escape(self._state.app.name)
        body = CONSENT.format(app=app, teams=teams, scopes=scopes)
        return _page(f"Install {app}", body)

    async def decide(self, request: web.Request) -> web.Response:
        """The form (`team`, `decision`) comes to the address of the page; what was asked for is in its query."""
        form = {**request.query, **await request.post()}
        if problem := self._problem(form):
            return _refusal(problem)
        state = _field(form, "state")
        uri = _field(form, "redirect_uri") or self._default_redirect()
        if _field(form, "decision") != "allow":
            return _redirect(uri, {"error": "access_denied", "state": state})
        team = self._state.workspace.teams.get(_field(form, "team"))
        if team is None:
            return _refusal("invalid_team_for_non_distributed_app")
        secret = self._state.world.mint.secret("1000.", 40, "0123456789abcdef")
        expires = self._state.world.clock.timestamp() + CODE_SECONDS
        given = _field(form, "redirect_uri")
        self._state.codes[secret] = Code(team.id, self._installer(team.id), _scopes(form), given, expires)
        return _redirect(uri, {"code": secret, "state": state})

    def _problem(self, given: Mapping[str, object]) -> str:
        uri = _field(given, "redirect_uri")
        if _field(given, "client_id") != CLIENT_ID:
            return "invalid_client_id"
        if not _scopes(given):
            return "invalid_scope"
        if not uri and not self._state.app.redirect_urls:
            return "bad_redirect_uri"
        return "" if not uri or self._known(uri) else "bad_redirect_uri"

    def _known(self, uri: str) -> bool:
        """A configured address or below one; without any configured, the bot's own site."""
        if self._state.app.redirect_urls:
            return any(
                uri == one or uri.startswith(f"{one.rstrip('/')}/") for one in self._state.app.redirect_urls
            )
        given, bot = urlsplit(uri), urlsplit(self._state.world.bot_url)
        near = given.hostname == bot.hostname or {given.hostname, bot.hostname} <= LOOPBACK
        return near and given.port == bot.port and given.scheme == bot.scheme

    def _default_redirect(self) -> str:
        return self._state.app.redirect_urls[0]

    def _installer(self, team: str) -> str:
        people = [one for one in self._state.workspace.people.values() if one.team == team and not one.is_bot]
        return min(people, key=lambda one: not one.is_admin).id


def _field(given: Mapping[str, object], name: str) -> str:
    value = given.get(name, "")
    return value if isinstance(value, str) else ""


def _scopes(given: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(scope for scope in _field(given, "scope").replace(" ", ",").split(",") if scope)


def _redirect(uri: str, more: dict[str, str]) -> web.Response:
    parts = urlsplit(uri)
    query = urlencode([*parse_qsl(parts.query), *more.items()])
    return web.Response(status=302, headers={"Location": urlunsplit(parts._replace(query=query))})


def _page(title: str, body: str, *, status: int = 200) -> web.Response:
    text = PAGE.format(title=title, body=body)
    return web.Response(text=text, content_type="text/html", status=status)


def _refusal(code: str) -> web.Response:
    body = f"<h1>Oops!</h1><p>The app can't be installed: <code>{code}</code></p>"
    response = _page("Slack", body, status=400)
    response[OUTCOME] = code
    return response
