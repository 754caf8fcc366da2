"""Typing a slash command."""

import re
from typing import Any

from sandbox.slack.app import APP_ID, VERIFICATION_TOKEN, Command, Installation
from sandbox.slack.bot import Ack
from sandbox.slack.hooks import Hooks
from sandbox.slack.people.payload import outcome
from sandbox.slack.people.sight import channel_of
from sandbox.slack.state import State
from sandbox.slack.tickets import Hook
from sandbox.slack.wire import RefusedError
from sandbox.slack.workspace import Channel, Person, UnknownError

SLACKBOT = "USLACKBOT"


class Commands:
    def __init__(self, state: State, hooks: Hooks) -> None:
        self._state = state
        self._hooks = hooks

    async def type(
        self, person: Person, named: str, text: str, command: str = "/crosslink"
    ) -> dict[str, Any]:
        """Send `/crosslink text` as that person from that channel.

        Slack refuses by itself, without asking the bot, when the person's team doesn't have the app. The answer
        has `status`, `ack_ms`, `ack`; with `error` when Slackbot told the person that it failed.
        """
        channel = channel_of(self._state, person, named)
        if channel.archived:
            raise UnknownError(f"#{channel.name} is archived; nobody can write there.")
        by = self._state.installations.get(person.team)
        known = self._state.app.command(command)
        if by is None or known is None:
            self._slackbot(channel, person, f"{command} is not a valid command. {_ALL_COMMANDS}")
            return {"status": 0, "ack_ms": 0.0, "ack": None, "error": "invalid_command"}
        hook = self._state.tickets.hook("commands", by.team, channel.id, person.id)
        ack = await self._state.bot.command(self._form(person, channel, known, text, hook))
        told = outcome(ack)
        if not ack.fine:
            self._slackbot(channel, person, f"{command} failed with the error “{told['error']}”")
            return told
        if refusal := self._answered(by, hook, ack):
            self._slackbot(channel, person, f"{command} failed with the error “{refusal.code}”")
            return told | {"error": refusal.code, **refusal.more}
        return told

    def _answered(self, by: Installation, hook: Hook, ack: Ack) -> RefusedError | None:
        """Show the body of the acknowledgement; an answer that Slack can't show is an error to the person."""
        content = ack.body
        if content is None or content == "":
            return None
        if isinstance(content, str):
            content = {"text": content}
        if not isinstance(content, dict):
            return RefusedError("invalid_command_response")
        try:
            if content.get("text") or content.get("blocks") or content.get("attachments"):
                self._hooks.say(by, hook, content)
        except RefusedError as error:
            return error
        return None

    def _form(
        self, person: Person, channel: Channel, command: Command, text: str, hook: Hook
    ) -> dict[str, str]:
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": person.team,
            "team_domain": self._state.workspace.teams[person.team].domain,
            "channel_id": channel.id,
            "channel_name": "directmessage" if channel.is_im else channel.name,
            "user_id": person.id,
            "user_name": person.name,
            "command": command.command,
            "text": self._escaped(text.strip()) if command.should_escape else text.strip(),
            "api_app_id": APP_ID,
            "is_enterprise_install": "false",
            "response_url": self._state.world.base_url + hook.path,
            "trigger_id": self._state.tickets.trigger(person.id, person.team, channel=channel.id),
        }

    def _escaped(self, text: str) -> str:
        """People, groups and channels as ids, for commands with `should_escape`."""
        workspace = self._state.workspace
        people = {one.name: f"<@{one.id}|{one.name}>" for one in workspace.people.values()}
        groups = {one.handle: f"<!subteam^{one.id}|@{one.handle}>" for one in workspace.groups.values()}
        channels = {
            one.name: f"<#{one.id}|{one.name}>" for one in workspace.channels.values() if not one.is_im
        }
        named = {f"@{name}": shown for name, shown in (people | groups).items()}
        named |= {f"#{name}": shown for name, shown in channels.items()}
        return re.sub(r"(?<!\S)[@#][\w.-]+", lambda found: named.get(found[0], found[0]), text)

    def _slackbot(self, channel: Channel, person: Person, text: str) -> None:
        body = {"user": SLACKBOT, "username": "Slackbot", "text": text}
        self._state.messages.add(channel.id, body, only_for=person.id)


_ALL_COMMANDS = (
    "In Slack, all messages that start with the “/” character are interpreted as commands. "
    "If you want to send a message and not run a command, try preceding the “/” with an empty space."
)
