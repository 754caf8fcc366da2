"""What workspace admins and the app's developers change: channels, people, installations, the manifest."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox import asked
from sandbox.slack.app import Installation, from_manifest
from sandbox.slack.leaving import revoke, uninstall
from sandbox.slack.seed import AGENCY
from sandbox.slack.state import SWITCHES, State
from sandbox.slack.workspace import Channel, UnknownError

Call = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Admin:
    def __init__(self, state: State) -> None:
        self._state = state

    def calls(self) -> list[tuple[str, str, Call]]:
        """Method, path and handler of each."""
        return [
            ("POST", "/_sandbox/slack/channels", self._new_channels),
            ("POST", "/_sandbox/slack/channels/{channel}", self._channel),
            ("POST", "/_sandbox/slack/people/{person}", self._person),
            ("POST", "/_sandbox/slack/install", self._install),
            ("POST", "/_sandbox/slack/uninstall", self._uninstall),
            ("POST", "/_sandbox/slack/manifest", self._manifest),
            ("POST", "/_sandbox/slack/verify_url", self._verify_url),
            # Beside the platforms' own `/_sandbox/switches/{platform}`, in the same shape.
            ("GET", "/_sandbox/switches/slack", self._switches),
            ("POST", "/_sandbox/switches/slack", self._turn),
        ]

    async def _new_channels(self, request: web.Request) -> web.Response:
        """`{names}`: open these channels in the agency, its staff and the app in them."""
        body = await asked.read_json(request)
        asked.only(body, ("names",))
        workspace, made = self._state.workspace, []
        for name in asked.texts(body, "names"):
            ident = f"C0{name.upper().replace('-', '')}"
            if ident in workspace.channels:
                raise asked.AskedError(f"There is a channel {name!r} already.")
            members = [each.id for each in workspace.people.values() if each.team == AGENCY]
            workspace.channels[ident] = Channel(ident, name, AGENCY, members)
            made.append({"id": ident, "name": name})
        self._state.feed.tell("workspace")
        return web.json_response(made)

    async def _channel(self, request: web.Request) -> web.Response:
        """`{archived?, bot_in?, private?}`: archive it, take the app out or invite it, make it private."""
        body = await asked.read_json(request)
        asked.only(body, ("archived", "bot_in", "private"))
        wanted = {name: asked.flag(body, name) for name in body}
        channel = self._state.workspace.channel(request.match_info["channel"])
        by = self._state.serving(channel)
        if "private" in wanted:
            channel.private = wanted["private"]
        if "bot_in" in wanted and by is not None:
            self._move(channel, by, inside=wanted["bot_in"])
        if "archived" in wanted and wanted["archived"] != channel.archived:
            channel.archived = wanted["archived"]
            if by is not None and by.bot_user in channel.members:
                kind = "channel_archive" if channel.archived else "channel_unarchive"
                self._state.events.publish({"type": kind, "channel": channel.id, "user": by.installer}, by)
        self._state.feed.tell("channel", channel=channel.id)
        inside = by is not None and by.bot_user in channel.members
        state = {"archived": channel.archived, "private": channel.private, "bot_in": inside}
        return web.json_response({"id": channel.id, "name": channel.name, **state})

    def _move(self, channel: Channel, by: Installation, *, inside: bool) -> None:
        if inside == (by.bot_user in channel.members):
            return
        if inside:
            channel.members.append(by.bot_user)
        else:
            channel.members.remove(by.bot_user)
        kind = "member_joined_channel" if inside else "member_left_channel"
        event: dict[str, Any] = {
            "type": kind,
            "user": by.bot_user,
            "channel": channel.id,
            "channel_type": "C",
        }
        self._state.events.publish({**event, "team": by.team, "inviter": by.installer}, by)

    async def _person(self, request: web.Request) -> web.Response:
        """`{deleted?, is_admin?}`: somebody leaves, or becomes an admin."""
        body = await asked.read_json(request)
        asked.only(body, ("deleted", "is_admin"))
        person = self._state.workspace.person(request.match_info["person"])
        if "deleted" in body:
            person.deleted = asked.flag(body, "deleted")
        if "is_admin" in body:
            person.is_admin = asked.flag(body, "is_admin")
        self._state.feed.tell("workspace")
        rights = {"deleted": person.deleted, "is_admin": person.is_admin}
        return web.json_response({"id": person.id, "name": person.name, **rights})

    async def _install(self, request: web.Request) -> web.Response:
        """`{team, scopes?}`: install without the page; with scopes the token has exactly those."""
        body = await asked.read_json(request)
        asked.only(body, ("team", "scopes"))
        team = self._team(asked.text(body, "team"))
        scopes = asked.texts(body, "scopes") if "scopes" in body else self._state.app.bot_scopes
        made = self._state.install(team, scopes, "")
        made.scopes = scopes
        return web.json_response({"team": team, "bot_user": made.bot_user, "scopes": list(made.scopes)})

    async def _uninstall(self, request: web.Request) -> web.Response:
        """`{team}`: the app leaves the team. With `revoke_tokens: true` only its token stops working."""
        body = await asked.read_json(request)
        asked.only(body, ("team", "revoke_tokens"))
        team = self._team(asked.text(body, "team"))
        only_tokens = asked.flag(body, "revoke_tokens") if "revoke_tokens" in body else False
        gone = revoke(self._state, team) if only_tokens else uninstall(self._state, team)
        if gone is None:
            raise UnknownError(f"The app isn't installed in {team}.")
        return web.json_response({"team": team, "gone": gone.gone})

    async def _manifest(self, request: web.Request) -> web.Response:
        """The app's manifest as JSON; what it leaves out stays as it was."""
        try:
            self._state.app = from_manifest(await asked.read_json(request), self._state.app)
        except (KeyError, TypeError, AttributeError) as broken:
            raise asked.AskedError(f"This is no manifest: {broken!r}.") from broken
        self._state.feed.tell("workspace")
        app = self._state.app
        return web.json_response({"name": app.name, "commands": [one.command for one in app.commands]})

    async def _verify_url(self, _request: web.Request) -> web.Response:
        """Enter the request URL anew: Slack asks it for a challenge."""
        ack, verified = await self._state.bot.verify_url()
        return web.json_response({"status": ack.status, "ack_ms": ack.ms, "verified": verified})

    async def _switches(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {
                name: {"value": self._state.switches[name], "options": list(options), "meaning": meaning}
                for name, (options, meaning) in SWITCHES.items()
            }
        )

    async def _turn(self, request: web.Request) -> web.Response:
        """Turn switches, all or none."""
        self._state.turn(await asked.read_json(request))
        return await self._switches(request)

    def _team(self, named: str) -> str:
        for team in self._state.workspace.teams.values():
            if named in {team.id, team.name, team.domain}:
                return team.id
        raise UnknownError(f"There is no team {named!r}.")
