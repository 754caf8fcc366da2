"""The rest of what people do: shortcuts, App Home, writing, and uploading files."""

import re
from collections.abc import AsyncIterable
from typing import Any

from sandbox.slack.people.payload import NOT_ASKED, channel_part, common, outcome
from sandbox.slack.people.sight import app_behind, channel_of, message_of
from sandbox.slack.people.surfaces import shown
from sandbox.slack.state import State
from sandbox.slack.workspace import Person, UnknownError


class Places:
    def __init__(self, state: State) -> None:
        self._state = state

    async def shortcut(self, person: Person, callback_id: str, named: str, ts: str) -> dict[str, Any]:
        """Use a message shortcut, or without a message a global one."""
        wanted = "message" if ts else "global"
        known = [one for one in self._state.app.shortcuts if one.type == wanted]
        if callback_id not in {one.callback_id for one in known}:
            names = ", ".join(one.callback_id for one in known) or "none"
            raise UnknownError(f"There is no {wanted} shortcut {callback_id!r}; there are {names}.")
        by = app_behind(self._state, person.team)
        stamp = {"action_ts": self._state.messages.stamp(), "callback_id": callback_id}
        if not ts:
            trigger = self._state.tickets.trigger(person.id, by.team)
            payload = {**common(self._state, "shortcut", person, by.team), **stamp, "trigger_id": trigger}
            return outcome(await self._state.bot.interaction(payload))
        channel = channel_of(self._state, person, named)
        message = message_of(self._state, person, channel, ts)
        if message.is_ephemeral:
            raise UnknownError("Ephemeral messages have no shortcuts.")
        hook = self._state.tickets.hook("app", by.team, channel.id, person.id)
        payload = {
            **common(self._state, "message_action", person, by.team),
            **stamp,
            "trigger_id": self._state.tickets.trigger(person.id, by.team, channel=channel.id),
            "response_url": self._state.world.base_url + hook.path,
            "channel": channel_part(channel),
            "message_ts": ts,
            "message": message.body,
        }
        return outcome(await self._state.bot.interaction(payload))

    async def open_home(self, person: Person, tab: str = "home") -> dict[str, Any]:
        """Open the app at its Home tab: the bot gets the event, the view that is there afterwards is answered.

        An app that publishes after its acknowledgement changes the view later; the feed tells. The event comes
        for the `messages` tab, too.
        """
        by = app_behind(self._state, person.team)
        before = self._state.windows.homes.get((by.team, person.id))
        dm = self._state.workspace.open_direct_message(by.bot_user, person)
        event = {"type": "app_home_opened", "user": person.id, "channel": dm.id, "tab": tab}
        known = {"view": shown(before)} if before and tab == "home" else {}
        ack = await self._state.events.send(event | known, by)
        after = self._state.windows.homes.get((by.team, person.id))
        told = outcome(ack) if ack else dict(NOT_ASKED)
        return told | {"view": shown(after) if after else None}

    def write(self, person: Person, named: str, text: str, thread: str = "") -> dict[str, Any]:
        """Write an ordinary message, into a thread or not."""
        channel = channel_of(self._state, person, named)
        if channel.archived:
            raise UnknownError(f"#{channel.name} is archived.")
        if not text.strip():
            raise UnknownError("An empty message can't be sent.")
        if thread:
            thread = message_of(self._state, person, channel, thread).body.get("thread_ts", thread)
        body = {"user": person.id, "team": person.team, "text": self._linked(text)}
        message = self._state.messages.add(channel.id, body | ({"thread_ts": thread} if thread else {}))
        self._tell_written(message.body, channel.id, is_im=channel.is_im)
        return {"channel": channel.id, "ts": message.ts}

    async def upload(
        self, person: Person, named: str, name: str, chunks: AsyncIterable[bytes], *, text: str = ""
    ) -> dict[str, Any]:
        """Upload a file; with a channel it is shared there in a message. Answers the file and the message's ts."""
        channel = channel_of(self._state, person, named) if named else None
        file = self._state.files.begin(name, person.id, person.team)
        await self._state.files.fill(file, chunks)
        self._state.files.share(file, channel.id if channel else "")
        shape = self._state.files.shape(file)
        if channel is None:
            return {"file": shape}
        body = {"user": person.id, "team": person.team, "text": text, "files": [shape], "upload": False}
        message = self._state.messages.add(channel.id, body)
        by = self._state.serving(channel)
        if by is not None and by.bot_user in channel.members and "files:read" in by.scopes:
            event = {
                "type": "file_shared",
                "channel_id": channel.id,
                "file_id": file.id,
                "user_id": person.id,
            }
            self._state.events.publish({**event, "file": {"id": file.id}}, by)
        return {"file": shape, "channel": channel.id, "ts": message.ts}

    def _tell_written(self, body: dict[str, Any], channel_id: str, *, is_im: bool) -> None:
        """Events about writing reach the app only with the scopes that it doesn't ask for; `app_mention` may."""
        channel = self._state.workspace.channels[channel_id]
        by = self._state.serving(channel)
        if by is None or by.bot_user not in channel.members:
            return
        if is_im and "im:history" in by.scopes:
            event = {**body, "channel": channel_id, "channel_type": "im"}
            self._state.events.publish(event, by, subscription="message.im")
        elif f"<@{by.bot_user}>" in body["text"] and "app_mentions:read" in by.scopes:
            self._state.events.publish(
                {**body, "type": "app_mention", "channel": channel_id}, by, shared=bool(channel.shared_with)
            )

    def _linked(self, text: str) -> str:
        """What Slack's composer does to a text: the signs of its own markup are escaped, people become ids."""
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        names = {f"@{one.name}": f"<@{one.id}>" for one in self._state.workspace.people.values()}
        named = re.sub(r"(?<!\S)@[\w-]+", lambda found: names.get(found[0], found[0]), escaped)
        return re.sub(r"https?://[^\s<>]+", lambda found: f"<{found[0]}>", named)
