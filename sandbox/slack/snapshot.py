"""What a person sees, as values for scripts and for the browser page."""

from copy import deepcopy
from typing import Any

from sandbox.slack.app import APP_ID, Installation
from sandbox.slack.messages import Message
from sandbox.slack.people.surfaces import shown
from sandbox.slack.seed import AGENCY
from sandbox.slack.state import State
from sandbox.slack.workspace import Channel, Person


class Snapshot:
    """Reads only, except that reading a channel's messages marks them as read."""

    def __init__(self, state: State) -> None:
        self._state = state

    def workspace(self, person: Person) -> dict[str, Any]:
        """Everything around the messages, as that person sees it now."""
        by = self._state.installations.get(person.team)
        people = [one for one in self._state.workspace.people.values() if not one.is_bot and not one.deleted]
        home = self._state.windows.homes.get((by.team, person.id)) if by else None
        app = self._state.app
        return {
            "now": self._state.world.clock.timestamp(),
            "me": self._person(person),
            "team": self._team(person.team),
            "home_team": self._team(AGENCY),
            "teams": [self._team(team) for team in self._state.workspace.teams],
            "people": [self._person(one) for one in people],
            "users": [self._person(one) for one in self._state.workspace.people.values()],
            "groups": [
                {"id": one.id, "handle": one.handle, "name": one.name, "members": one.members}
                for one in self._state.workspace.groups.values()
            ],
            "channels": [self._channel(one, person) for one in self._state.workspace.seen_by(person.id)],
            "app": self._app(by, person) if by else None,
            "commands": [
                {"command": one.command, "description": one.description, "usage_hint": one.usage_hint}
                for one in (app.commands if by else ())
            ],
            "shortcuts": [
                {"name": one.name, "type": one.type, "callback_id": one.callback_id}
                for one in (app.shortcuts if by else ())
            ],
            "views": [shown(view) for view in self._state.windows.stacks.get(person.id, [])],
            "home": shown(home) if home else None,
        }

    def views(self, person: Person) -> list[dict[str, Any]]:
        """App Home when it was published, then the open modals, the topmost last."""
        homes = [view for (_, user), view in self._state.windows.homes.items() if user == person.id]
        stack = self._state.windows.stacks.get(person.id, [])
        return [shown(view) for view in [*homes, *stack]]

    def messages(self, channel: Channel, person: Person | None) -> list[dict[str, Any]]:
        """The channel's messages, oldest first; those for that person only are marked `is_ephemeral`."""
        seen = self._state.messages.visible(channel.id, person.id if person else "")
        replies: dict[str, int] = {}
        for message in seen:
            thread = message.body.get("thread_ts")
            if thread and thread != message.ts:
                replies[thread] = replies.get(thread, 0) + 1
        if person is not None and seen:
            self._state.workspace.read_until[person.id, channel.id] = seen[-1].ts
        return [self._message(message, replies.get(message.ts, 0)) for message in seen]

    def files(self) -> list[dict[str, Any]]:
        return [
            {**self._state.files.shape(file), "page_url": f"/_sandbox/files/{file.id}"}
            for file in self._state.files.kept.values()
            if file.complete
        ]

    def _message(self, message: Message, replies: int) -> dict[str, Any]:
        shown = {**deepcopy(message.body), "channel": message.channel, "is_ephemeral": message.is_ephemeral}
        for file in shown.get("files", []):
            file["page_url"] = f"/_sandbox/files/{file['id']}"
        return shown | ({"reply_count": replies} if replies else {})

    def _team(self, ident: str) -> dict[str, Any]:
        team = self._state.workspace.teams[ident]
        installed = ident in self._state.installations
        return {"id": team.id, "name": team.name, "domain": team.domain, "installed": installed}

    def _person(self, person: Person) -> dict[str, Any]:
        return {
            "id": person.id,
            "name": person.name,
            "real_name": person.real_name,
            "title": person.title,
            "team_id": person.team,
            "team_name": self._state.workspace.teams[person.team].name,
            "is_admin": person.is_admin,
            "is_bot": person.is_bot,
        }

    def _channel(self, channel: Channel, person: Person) -> dict[str, Any]:
        bots = [one.bot_user for one in self._state.installations.values()]
        other = next((member for member in channel.members if member != person.id), "")
        return {
            "id": channel.id,
            "name": channel.name,
            "kind": "im" if channel.is_im else "channel",
            "user": other if channel.is_im else None,
            "is_app": channel.is_im,
            "is_shared": bool(channel.shared_with),
            "is_archived": channel.archived,
            "is_private": channel.private,
            "is_member": person.id in channel.members,
            "topic": channel.topic,
            "members": list(channel.members),
            "bot_in": any(bot in channel.members for bot in bots),
            "unread": self._unread(channel, person),
        }

    def _unread(self, channel: Channel, person: Person) -> int:
        until = self._state.workspace.read_until.get((person.id, channel.id), "0")
        return sum(
            1
            for message in self._state.messages.visible(channel.id, person.id)
            if float(message.ts) > float(until) and message.body.get("user") != person.id
        )

    def _app(self, by: Installation, person: Person) -> dict[str, Any]:
        dm = self._state.workspace.direct_message(by.bot_user, person.id)
        return {
            "id": APP_ID,
            "name": self._state.app.name,
            "bot_user": by.bot_user,
            "bot_id": by.bot_id,
            "dm": dm.id if dm else None,
            "home_tab": self._state.app.home_tab,
        }
