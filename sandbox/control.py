"""The control calls that all emulators share, under /_sandbox/: time, faults, journal, accounts."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Protocol, TypeVar, runtime_checkable

from aiohttp import web

from sandbox import asked
from sandbox.emulator import Emulator, World
from sandbox.faults import read_fault
from sandbox.journal import KEPT


@runtime_checkable
class Platform(Protocol):
    """What an emulator with accounts adds to `Emulator`, so that scripts can read and change its truth."""

    def accounts(self) -> list[dict[str, Any]]:
        """Every account as it really is: state, grants, visible link."""
        ...

    def change_account(self, handle: str, change: Mapping[str, Any]) -> dict[str, Any]:
        """Change one account as its owner or the platform would; answers the new truth. Raises AskedError."""
        ...

    def add_account(self, handle: str, name: str) -> dict[str, Any]:
        """Sign somebody up, public and of the usual kind; answers the truth about them. Raises AskedError."""
        ...

    def posts(self) -> list[dict[str, Any]]:
        """What is public."""
        ...

    def registration(self) -> dict[str, Any]:
        """The app's entry in the developer portal: redirects, callbacks, approved scopes, invited people."""
        ...

    def set_registration(self, change: Mapping[str, Any]) -> None:
        """Change that entry. Raises AskedError."""
        ...


@runtime_checkable
class Uncertain(Protocol):
    """What an emulator with switches adds to `Emulator`."""

    def switches(self) -> dict[str, Any]:
        """Every point on which the platform's behaviour is uncertain: value, options, meaning, source."""
        ...

    def set_switches(self, change: Mapping[str, Any]) -> None:
        """Turn switches, all or none. Raises AskedError for an unknown name or value."""
        ...


@runtime_checkable
class Sender(Protocol):
    """What an emulator that calls the bot adds to `Emulator`."""

    def deliveries(self) -> list[dict[str, Any]]:
        """Every request to the bot with its attempts, oldest first."""
        ...


Known = TypeVar("Known")
Call = Callable[[web.Request], Awaitable[web.StreamResponse]]


def speaking(call: Call) -> Call:
    """Answer AskedError with 400 and `{"error": sentence}`."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await call(request)
        except asked.AskedError as refused:
            return web.json_response({"error": str(refused)}, status=400)

    return answer


class Control:
    """Answers them from the world and from whichever emulators are platforms."""

    def __init__(self, world: World, emulators: Sequence[Emulator]) -> None:
        self._world = world
        self._emulators = emulators

    def routes(self) -> list[web.RouteDef]:
        calls: list[tuple[str, str, Call]] = [
            ("GET", "clock", self._clock),
            ("POST", "clock/advance", self._advance),
            ("GET", "faults", self._faults),
            ("POST", "faults", self._add_fault),
            ("DELETE", "faults", self._clear_faults),
            ("GET", "journal", self._journal),
            ("DELETE", "journal", self._clear_journal),
            ("GET", "coverage", self._coverage),
            ("GET", "minted", self._minted),
            ("GET", "accounts", self._accounts),
            ("POST", "accounts/{platform}", self._add_accounts),
            ("POST", "accounts/{platform}/{handle}", self._change_account),
            ("GET", "posts", self._posts),
            ("GET", "deliveries", self._deliveries),
            ("GET", "switches/{platform}", self._switches),
            ("POST", "switches/{platform}", self._set_switches),
            ("GET", "apps/{platform}", self._registration),
            ("POST", "apps/{platform}", self._set_registration),
        ]
        return [web.route(method, f"/_sandbox/{path}", speaking(call)) for method, path, call in calls]

    async def _clock(self, _request: web.Request) -> web.Response:
        clock = self._world.clock
        return web.json_response({"now": clock.now().isoformat(), "offset_seconds": clock.offset})

    async def _advance(self, request: web.Request) -> web.Response:
        body = await asked.read_json(request)
        asked.only(body, ("seconds",))
        seconds = asked.number(body, "seconds")
        if seconds < 0:
            raise asked.AskedError("Time only turns forward.")
        self._world.clock.advance(seconds)
        return await self._clock(request)

    async def _faults(self, _request: web.Request) -> web.Response:
        return web.json_response([fault.to_json() for fault in self._world.faults.list()])

    async def _add_fault(self, request: web.Request) -> web.Response:
        self._world.faults.add(read_fault(await asked.read_json(request)))
        return await self._faults(request)

    async def _clear_faults(self, request: web.Request) -> web.Response:
        self._world.faults.clear()
        return await self._faults(request)

    async def _journal(self, request: web.Request) -> web.Response:
        """`?operation=` filters by the beginning of its name, `?last=` bounds; X-Count has the total."""
        last = request.query.get("last", str(KEPT))
        if not last.isdecimal():
            raise asked.AskedError("Query 'last' must be a number.")
        entries = self._world.journal.entries(request.query.get("operation", ""), int(last))
        count = {"X-Count": str(self._world.journal.count)}
        return web.json_response([entry.to_json() for entry in entries], headers=count)

    async def _clear_journal(self, request: web.Request) -> web.Response:
        self._world.journal.clear()
        return await self._journal(request)

    async def _coverage(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {one.name: [asdict(row) for row in one.coverage()] for one in self._emulators}
        )

    async def _minted(self, _request: web.Request) -> web.Response:
        """For tests: every secret, to search logs and databases for."""
        return web.json_response(self._world.mint.minted())

    async def _accounts(self, request: web.Request) -> web.Response:
        return web.json_response([row for one in self._asked(request) for row in one.accounts()])

    async def _add_accounts(self, request: web.Request) -> web.Response:
        """`{handles}`: sign these people up; a display name is made of each handle."""
        platform = self._platform(request.match_info["platform"])
        body = await asked.read_json(request)
        asked.only(body, ("handles",))
        made = [
            platform.add_account(handle, handle.replace(".", " ").title())
            for handle in asked.texts(body, "handles")
        ]
        return web.json_response(made)

    async def _change_account(self, request: web.Request) -> web.Response:
        platform = self._platform(request.match_info["platform"])
        change = await asked.read_json(request)
        return web.json_response(platform.change_account(request.match_info["handle"], change))

    async def _posts(self, request: web.Request) -> web.Response:
        return web.json_response([row for one in self._asked(request) for row in one.posts()])

    async def _deliveries(self, request: web.Request) -> web.Response:
        """`?platform=` names one emulator, Slack's included."""
        name = request.query.get("platform", "")
        senders = [one for one in self._emulators if isinstance(one, Sender) and name in {"", one.name}]
        return web.json_response([row for one in senders for row in one.deliveries()])

    async def _switches(self, request: web.Request) -> web.Response:
        return web.json_response(self._uncertain(request).switches())

    async def _set_switches(self, request: web.Request) -> web.Response:
        uncertain = self._uncertain(request)
        uncertain.set_switches(await asked.read_json(request))
        return web.json_response(uncertain.switches())

    async def _registration(self, request: web.Request) -> web.Response:
        return web.json_response(self._platform(request.match_info["platform"]).registration())

    async def _set_registration(self, request: web.Request) -> web.Response:
        platform = self._platform(request.match_info["platform"])
        platform.set_registration(await asked.read_json(request))
        return web.json_response(platform.registration())

    def _uncertain(self, request: web.Request) -> Uncertain:
        known = {one.name: one for one in self._emulators if isinstance(one, Uncertain)}
        return _among(known, request.match_info["platform"])

    def _platforms(self) -> dict[str, Platform]:
        return {one.name: one for one in self._emulators if isinstance(one, Platform)}

    def _platform(self, name: str) -> Platform:
        return _among(self._platforms(), name)

    def _asked(self, request: web.Request) -> list[Platform]:
        name = request.query.get("platform", "")
        return [self._platform(name)] if name else list(self._platforms().values())


def _among(known: Mapping[str, Known], name: str) -> Known:
    if name not in known:
        raise asked.AskedError(f"Unknown platform {name!r}; known are {', '.join(sorted(known))}.")
    return known[name]
