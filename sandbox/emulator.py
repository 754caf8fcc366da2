"""The plugin port: what an emulator is, and the world it lives in. `sandbox.mount` puts it on a site."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import aiohttp
from aiohttp import web

from sandbox.clock import TurnableClock
from sandbox.faults import Fault, Faults
from sandbox.journal import Journal
from sandbox.mint import Mint
from sandbox.reel import Reel

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Fidelity = Literal["supported", "partial", "missing"]

OUTCOME = web.ResponseKey("outcome", str)
"""A handler may say `response[OUTCOME] = "invalid_grant"`; else the journal has "ok" or the HTTP status."""


@dataclass(frozen=True, slots=True)
class Route:
    """One wire endpoint. `path` begins with the emulated host: "/open.tiktokapis.com/v2/oauth/token/".

    `operation` is its name in faults and in the journal, the emulator's name first: "tiktok.oauth.token".
    """

    method: str
    path: str
    operation: str
    handler: Handler


@dataclass(frozen=True, slots=True)
class Covered:
    """How true one route is. `route` is "METHOD path" as registered; a test holds the two lists equal."""

    route: str
    fidelity: Fidelity
    notes: str


@dataclass(frozen=True, slots=True)
class Memory:
    """What emulators keep of the past: seconds that a dead token is told from none, secrets of the mint (None: all)."""

    dead_tokens: float = 90 * 86_400.0
    secrets: int | None = None


@dataclass(slots=True)
class World:
    """What all emulators share. `base_url` and `bot_url` have no slash at the end."""

    base_url: str
    bot_url: str
    clock: TurnableClock = field(default_factory=TurnableClock)
    memory: Memory = field(default_factory=Memory)
    faults: Faults = field(default_factory=Faults)
    reel: Reel = field(default_factory=Reel)
    mint: Mint = field(init=False)
    journal: Journal = field(init=False)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the site begins to stop: streams that wait for news end then."""
    _session: aiohttp.ClientSession | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.mint = Mint(self.memory.secrets)
        self.journal = Journal(self.mint)

    @property
    def session(self) -> aiohttp.ClientSession:
        """The client session for requests to the bot; exists while the site runs."""
        if self._session is None:
            raise RuntimeError("The sandbox isn't running yet.")
        return self._session

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` beside the requests (a webhook, say); it is cancelled when the site stops."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None


class Emulator(Protocol):
    """One platform, emulated over its public wire protocol. Constructed with the World alone."""

    @property
    def name(self) -> str:
        """The first word of its operations: "slack", "tiktok", "instagram"."""
        ...

    def routes(self) -> Sequence[Route]:
        """The wire endpoints, which get faults and the journal; the first that matches a request answers."""
        ...

    def coverage(self) -> Sequence[Covered]:
        """One row per route, none missing and none invented."""
        ...

    def control_routes(self) -> Sequence[web.AbstractRouteDef]:
        """Control calls, pages, static files: no faults, no journal (see `sandbox.control.speaking`)."""
        ...

    def refusal(self, operation: str, fault: Fault) -> web.Response:
        """The platform's own answer for `fault.what` "refuse" (with `fault.code`) or "throttle"."""
        ...
