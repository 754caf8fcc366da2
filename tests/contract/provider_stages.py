"""Where the Provider port is played: the scripted stand-in, and each adapter over real HTTP against its emulator."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from core.domain.account import Platform
from core.domain.credentials import Credentials, Issued
from core.domain.errors import Final, GrantLost, Unconfirmed, Unreachable
from core.domain.observation import Capability, Grant, Observation
from core.domain.secret import Secret
from core.ports import Clock, Provider
from core.providers.instagram.app import InstagramApp
from core.providers.instagram.provider import Instagram
from core.providers.pools import Pools
from core.providers.tiktok.app import TikTokApp
from core.providers.tiktok.provider import TikTok
from core.providers.wire import Wire
from sandbox.faults import Fault
from sandbox.server import Sandbox, serving
from sandbox.switches import Switch
from tests.builders import EVERYTHING
from tests.fakes import FrozenClock, ScriptedProvider

HANDLE = "nordlicht.bakery"


class Stage(Protocol):
    """A provider, and what people and weather do around it."""

    provider: Provider
    clock: Clock
    redirect_uri: str

    async def consent(self, *, without: frozenset[Capability] = frozenset(), handle: str = HANDLE) -> str:
        """Let the account's owner agree, but for some capabilities; return the code."""

    async def used_code(self) -> str:
        """Return a code that was exchanged before."""

    def remove_app(self) -> None:
        """The owner removes the app in the platform's settings."""

    def lose_answer(self, call: str) -> None:
        """The next call of this method of the port happens, and its answer is lost."""

    def advance(self, **parts: float) -> None:
        """Time passes, for both sides."""


async def linked(stage: Stage, **consent: Any) -> Issued:
    """Return what the owner's consent is exchanged for."""
    return await stage.provider.exchange(
        code=await stage.consent(**consent), redirect_uri=stage.redirect_uri, now=stage.clock.now()
    )


@dataclass
class ScriptedStage:
    """The stand-in of the other tests: what the real ones do, it must be able to be told."""

    provider: ScriptedProvider = field(default_factory=ScriptedProvider)
    clock: FrozenClock = field(default_factory=FrozenClock)
    redirect_uri: str = "https://bot.test/connect/tiktok/callback"

    async def consent(self, *, without: frozenset[Capability] = frozenset(), handle: str = HANDLE) -> str:
        self.provider.granted = EVERYTHING - without
        if handle != HANDLE:
            self.provider.sign_in(handle)
        return "code"

    async def used_code(self) -> str:
        self.provider.will("exchange", Final("invalid_grant"))
        return "code"

    def remove_app(self) -> None:
        self.provider.always("prove", GrantLost("gone", Observation(grant=Grant.WITHDRAWN)))

    def lose_answer(self, call: str) -> None:
        once = call in {"exchange", "refresh"}
        self.provider.will(call, Unconfirmed("ReadError") if once else Unreachable("ReadError"))

    def advance(self, **parts: float) -> None:
        self.clock.turn(**parts)


SCOPE_OF = {
    Platform.TIKTOK: {Capability.PUBLISH: "video.publish", Capability.PUBLISH_DRAFT: "video.upload"},
    Platform.INSTAGRAM: {Capability.PUBLISH: "instagram_business_content_publish"},
}
OPERATION_OF = {
    Platform.TIKTOK: {
        "exchange": "tiktok.oauth.token",
        "refresh": "tiktok.oauth.token",
        "revoke": "tiktok.oauth.revoke",
        "prove": "tiktok.user_info",
    },
    Platform.INSTAGRAM: {
        "exchange": "instagram.oauth.short",
        "refresh": "instagram.oauth.refresh",
        "prove": "instagram.me",
    },
}


@dataclass
class EmulatedStage:
    """An adapter over real HTTP against its emulator, both on the sandbox's clock."""

    platform: Platform
    provider: Provider
    sandbox: Sandbox
    redirect_uri: str

    @property
    def clock(self) -> Clock:
        return self.sandbox.world.clock

    @property
    def emulator(self) -> Any:
        return next(each for each in self.sandbox.emulators if each.name == self.platform)

    async def consent(self, *, without: frozenset[Capability] = frozenset(), handle: str = HANDLE) -> str:
        url = self.provider.authorize_url(state="s1", redirect_uri=self.redirect_uri, needs=EVERYTHING)
        asked = parse_qs(urlsplit(url).query)["scope"][0].split(",")
        left_out = {SCOPE_OF[self.platform].get(each) for each in without}
        ticked = [("scopes", each) for each in asked if each not in left_out]
        form = [("account", handle), ("decision", "allow"), *ticked]
        browser = self.sandbox.world.session
        async with browser.post(url, data=form, allow_redirects=False) as answer:
            assert answer.status == HTTPStatus.FOUND, await answer.text()
            query = parse_qs(urlsplit(answer.headers["Location"]).query)
        assert query["state"] == ["s1"]
        return query["code"][0]

    async def used_code(self) -> str:
        code = await self.consent()
        await self.provider.exchange(code=code, redirect_uri=self.redirect_uri, now=self.clock.now())
        return code

    def remove_app(self) -> None:
        self.change(remove_app=True)

    def lose_answer(self, call: str) -> None:
        self.fault(call, what="drop_after")

    def advance(self, **parts: float) -> None:
        units = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400}
        self.sandbox.world.clock.advance(sum(units[name] * value for name, value in parts.items()))

    def fault(self, call: str, **fault: Any) -> None:
        """Put a fault where this method of the port arrives; a dotted name is an operation itself."""
        where = call if "." in call else OPERATION_OF[self.platform][call]
        self.sandbox.world.faults.add(Fault(where, **fault))

    def change(self, handle: str = HANDLE, **change: Any) -> None:
        """Change the account as its owner or the platform would."""
        self.emulator.change_account(handle, change)

    def switch(self, **switches: Any) -> None:
        """Turn the platform's uncertain points."""
        self.emulator.set_switches(switches)


def tiktok_app(base: str, **changes: Any) -> TikTokApp:
    given = {"client_key": "sandbox-tiktok-key", "client_secret": Secret("sandbox-tiktok-secret")}
    urls = {"auth_url": f"{base}/www.tiktok.com", "api_url": f"{base}/open.tiktokapis.com"}
    return TikTokApp(**given | urls | changes)


def instagram_app(base: str, **changes: Any) -> InstagramApp:
    given = {"app_id": "1000200030004000", "app_secret": Secret("sandbox-instagram-secret")}
    urls = {
        "auth_url": f"{base}/www.instagram.com",
        "token_url": f"{base}/api.instagram.com",
        "graph_url": f"{base}/graph.instagram.com",
    }
    return InstagramApp(**given | urls | changes)


@asynccontextmanager
async def emulated(platform: Platform, **changes: Any) -> AsyncIterator[EmulatedStage]:
    """Serve the sandbox and put the adapter of a platform in front of it; `changes` are the app's."""
    async with serving() as sandbox, Pools() as transport:
        base, wire, clock = sandbox.world.base_url, Wire(transport, total=5), sandbox.world.clock
        provider: Provider = (
            TikTok(app=tiktok_app(base, **changes), wire=wire, clock=clock)
            if platform is Platform.TIKTOK
            else Instagram(app=instagram_app(base, **changes), wire=wire, clock=clock)
        )
        redirect_uri = f"{sandbox.world.bot_url}/connect/{platform}/callback"
        yield EmulatedStage(platform, provider, sandbox, redirect_uri)


def positions(
    table: Sequence[Switch], *, besides: frozenset[tuple[str, str]] = frozenset()
) -> list[tuple[str, Any]]:
    """Return every position of every switch that has a list of them."""
    every = (
        (switch.name, position)
        for switch in table
        for position in switch.options or ((True, False) if isinstance(switch.default, bool) else ())
    )
    return [each for each in every if each not in besides]


def former(credentials: Credentials) -> set[str]:
    """Return the clear text of everything secret in credentials."""
    return {each.reveal() for each in (credentials.access, credentials.refresh) if each}


class Letters:
    """What arrived at an address of ours: headers and raw body, in order."""

    def __init__(self) -> None:
        self._arrived: asyncio.Queue[tuple[dict[str, str], bytes]] = asyncio.Queue()

    def put(self, headers: Mapping[str, str], raw: bytes) -> None:
        self._arrived.put_nowait((dict(headers), raw))

    async def read(self, count: int) -> list[tuple[dict[str, str], bytes]]:
        """Return the next letters, or fail after five seconds."""
        async with asyncio.timeout(5):
            return [await self._arrived.get() for _ in range(count)]


@asynccontextmanager
async def receiving(
    stage: EmulatedStage, url: str, *, answer: Callable[[Mapping[str, str]], str] = lambda _query: ""
) -> AsyncIterator[Letters]:
    """Listen where the platform's portal says that `url` is; `answer` answers by the query."""
    letters = Letters()

    async def receive(request: web.Request) -> web.Response:
        letters.put(request.headers, await request.read())
        return web.Response(text=answer(request.query))

    app = web.Application()
    app.router.add_route("*", "/here", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        stage.emulator.set_registration({url: f"http://{host}:{port}/here"})
        yield letters
    finally:
        await runner.cleanup()
