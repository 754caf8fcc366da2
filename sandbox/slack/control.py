"""The control calls about Slack, under /_sandbox/: what people do, what they see, and what admins change."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from aiohttp import BodyPartReader, web

from sandbox import asked
from sandbox.control import speaking
from sandbox.slack.admin import Admin
from sandbox.slack.hooks import Hooks
from sandbox.slack.people.clicks import Clicks
from sandbox.slack.people.commands import Commands
from sandbox.slack.people.modals import Modals
from sandbox.slack.people.places import Places
from sandbox.slack.people.sight import view_of
from sandbox.slack.snapshot import Snapshot
from sandbox.slack.state import State
from sandbox.slack.workspace import Person, UnknownError

CHUNK = 1 << 16
Body = Mapping[str, Any]
Act = Callable[[Person, Body], Awaitable[dict[str, Any]]]

WHERE = ("channel", "ts", "view_id", "action_id", "block_id")


class Control:
    def __init__(self, state: State, hooks: Hooks) -> None:
        self._state = state
        self._clicks = Clicks(state)
        self._commands = Commands(state, hooks)
        self._modals = Modals(state, self._clicks)
        self._places = Places(state)
        self._snapshot = Snapshot(state)
        self._admin = Admin(state)

    def routes(self) -> list[web.RouteDef]:
        acts: dict[str, tuple[Act, tuple[str, ...]]] = {
            "slash": (self._slash, ("channel", "text", "command")),
            "click": (self._click, (*WHERE, "value", "selected", "state", "values")),
            "options": (self._options, (*WHERE, "value")),
            "submit": (self._submit, ("view_id", "values")),
            "close": (self._close, ("view_id", "everything")),
            "shortcut": (self._shortcut, ("channel", "ts", "callback_id")),
            "home": (self._home, ("tab",)),
            "message": (self._message, ("channel", "text", "thread_ts")),
            "reload": (self._reload, ()),
        }
        people = [
            web.post(f"/_sandbox/people/{name}", _told(self._act(act, fields)))
            for name, (act, fields) in acts.items()
        ]
        return [
            *people,
            web.post("/_sandbox/people/upload", _told(self._upload)),
            web.get("/_sandbox/messages", _told(self._messages)),
            web.get("/_sandbox/views", _told(self._views)),
            web.get("/_sandbox/files", _told(self._files)),
            web.get("/_sandbox/files/{file}", _told(self._file)),
            web.get("/_sandbox/workspace", _told(self._workspace)),
            web.get("/_sandbox/events", self._events),
            *(web.route(method, path, _told(call)) for method, path, call in self._admin.calls()),
        ]

    def _act(self, act: Act, fields: tuple[str, ...]) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def call(request: web.Request) -> web.Response:
            body = await asked.read_json(request)
            asked.only(body, ("user", *fields))
            return web.json_response(await act(self._person(asked.text(body, "user")), body))

        return call

    async def _slash(self, person: Person, body: Body) -> dict[str, Any]:
        text, command = asked.text(body, "text", ""), asked.text(body, "command", "/crosslink")
        return await self._commands.type(person, asked.text(body, "channel"), text, command)

    async def _click(self, person: Person, body: Body) -> dict[str, Any]:
        if body.get("values") is not None:
            view = view_of(self._state, person, asked.text(body, "view_id"))
            self._clicks.enter(view, _values(body))
        given = next(
            (body[name] for name in ("state", "selected", "value") if body.get(name) is not None), None
        )
        return await self._clicks.press(person, body, given)

    async def _options(self, person: Person, body: Body) -> dict[str, Any]:
        return await self._clicks.options(person, body, asked.text(body, "value", ""))

    async def _submit(self, person: Person, body: Body) -> dict[str, Any]:
        return await self._modals.submit(person, asked.text(body, "view_id"), _values(body))

    async def _close(self, person: Person, body: Body) -> dict[str, Any]:
        everything = asked.flag(body, "everything") if "everything" in body else False
        return await self._modals.close(person, asked.text(body, "view_id"), everything=everything)

    async def _shortcut(self, person: Person, body: Body) -> dict[str, Any]:
        callback = asked.text(body, "callback_id")
        return await self._places.shortcut(
            person, callback, asked.text(body, "channel", ""), asked.text(body, "ts", "")
        )

    async def _home(self, person: Person, body: Body) -> dict[str, Any]:
        """`{tab?}`: home, or messages."""
        return await self._places.open_home(person, asked.choice(body, "tab", ("home", "messages"), "home"))

    async def _message(self, person: Person, body: Body) -> dict[str, Any]:
        channel, text = asked.text(body, "channel"), asked.text(body, "text")
        return self._places.write(person, channel, text, asked.text(body, "thread_ts", ""))

    async def _reload(self, person: Person, _body: Body) -> dict[str, Any]:
        """Reload Slack: the person's ephemeral messages are gone."""
        self._state.messages.forget_ephemeral(person.id)
        return {}

    async def _upload(self, request: web.Request) -> web.Response:
        """Multipart: the fields first, the file last, streamed to disk."""
        if not request.content_type.startswith("multipart/"):
            raise asked.AskedError("Send a multipart form with user, channel and file.")
        fields: dict[str, str] = {}
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            if not part.filename:
                fields[str(part.name)] = await part.text()
                continue
            person = self._person(asked.text(fields, "user"))
            channel, text = fields.get("channel", ""), fields.get("text", "")
            done = await self._places.upload(person, channel, part.filename, _chunks(part), text=text)
            return web.json_response(done)
        raise asked.AskedError("The form has no file.")

    async def _messages(self, request: web.Request) -> web.Response:
        named = request.query.get("user", "")
        person = self._person(named) if named else None
        channel = self._state.workspace.channel(request.query.get("channel", ""), seen_by=person)
        if person is not None and not self._state.workspace.sees(person.id, channel):
            raise UnknownError(f"{person.name} doesn't see #{channel.name}.")
        return web.json_response(self._snapshot.messages(channel, person))

    async def _views(self, request: web.Request) -> web.Response:
        return web.json_response(self._snapshot.views(self._person(request.query.get("user", ""))))

    async def _files(self, _request: web.Request) -> web.Response:
        return web.json_response(self._snapshot.files())

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """The bytes for a person's own browser, which is signed in to Slack."""
        file = self._state.files.kept.get(request.match_info["file"])
        if file is None:
            raise UnknownError("There is no such file.")
        return web.FileResponse(
            file.path, headers={"Content-Type": file.mimetype, "Cache-Control": "no-cache"}
        )

    async def _workspace(self, request: web.Request) -> web.Response:
        named = request.query.get("user") or next(iter(self._state.workspace.people))
        return web.json_response(self._snapshot.workspace(self._person(named)))

    async def _events(self, request: web.Request) -> web.StreamResponse:
        return await self._state.feed.stream(request, self._state.world.closing)

    def _person(self, named: str) -> Person:
        person = self._state.workspace.person(named)
        if person.is_bot or person.deleted:
            raise UnknownError(f"{person.name} is no person who could do that.")
        return person


def _told(call: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> Any:
    """Answer what makes no sense with 400 and a sentence."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await call(request)
        except UnknownError as unknown:
            raise asked.AskedError(str(unknown)) from unknown

    return speaking(answer)


def _values(body: Body) -> Mapping[str, Any]:
    values = body.get("values") or {}
    if not isinstance(values, dict):
        raise asked.AskedError("Field 'values' must be an object of values by block id.")
    return values


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(CHUNK):
        yield chunk
