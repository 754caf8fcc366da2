"""A whole agency on stand-ins: every use case wired, two scripted platforms, and what tests do with them."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from core.domain.account import Platform
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.evidence import Evidence
from core.domain.fact import FactKind
from core.domain.invitation import Invitation
from core.scheduler import Duties, Scheduler
from core.usecases.alert_settings import AlertSettings
from core.usecases.alerting import Alerting
from core.usecases.arrival import LinkResult
from core.usecases.clients import Clients
from core.usecases.incidents import Incidents
from core.usecases.inviting import Asked
from core.usecases.linking import Linking
from core.usecases.notices import Notices
from core.usecases.status import Status
from core.usecases.unlinking import Unlinking
from core.usecases.watching import Watching
from core.usecases.workspaces import Workspaces
from tests.builders import WORKSPACE, a_client, a_connection, a_linked_connection, a_person, credentials
from tests.fakes import (
    FakeDirectory,
    FrozenClock,
    MemoryWork,
    RecordingMessenger,
    ScriptedProvider,
)

TIKTOK, INSTAGRAM = Platform.TIKTOK, Platform.INSTAGRAM
REQUESTER = a_person(user="U0REQUESTER")
MANAGER = a_person()
OUTSIDER = a_person(user="U0OUTSIDER", home="T0OUTSIDE")


class BusyPlatform(ScriptedProvider):
    """A scripted platform during whose calls other things happen, once each: `meanwhile["prove"] = …`."""

    def __init__(self, platform: Platform, **changes: Any) -> None:
        super().__init__(platform, **changes)
        self.meanwhile: dict[str, Callable[[], Awaitable[object]]] = {}

    async def exchange(self, **given: Any) -> Any:
        await self._happens("exchange")
        return await super().exchange(**given)

    async def refresh(self, *given: Any, **named: Any) -> Any:
        await self._happens("refresh")
        return await super().refresh(*given, **named)

    async def prove(self, *given: Any, **named: Any) -> Any:
        await self._happens("prove")
        return await super().prove(*given, **named)

    async def revoke(self, *given: Any) -> None:
        await self._happens("revoke")
        await super().revoke(*given)

    async def _happens(self, call: str) -> None:
        if action := self.meanwhile.pop(call, None):
            await action()


class Agency:
    """One process of the bot without Slack; `another()` is a second one on the same database and clock."""

    def __init__(self, *, beside: "Agency | None" = None, owner: str = "one") -> None:
        self.clock = beside.clock if beside else FrozenClock()
        self.work = beside.work if beside else MemoryWork(installed=[WORKSPACE])
        self.tiktok = beside.tiktok if beside else BusyPlatform(TIKTOK)
        self.instagram = beside.instagram if beside else BusyPlatform(INSTAGRAM)
        self.directory = FakeDirectory()
        self.messenger = RecordingMessenger()
        self.platforms = {TIKTOK: self.tiktok, INSTAGRAM: self.instagram}
        shared: dict[str, Any] = {"work": self.work, "clock": self.clock}
        road = {**shared, "providers": self.platforms}
        self.clients = Clients(**shared, directory=self.directory)
        self.linking = Linking(**road, directory=self.directory, redirect_uri="https://bot.test/{}".format)
        self.watching = Watching(**road, owner=owner)
        self.unlinking = Unlinking(**road, directory=self.directory, watching=self.watching)
        self.status = Status(**shared, traits={each: tool.traits for each, tool in self.platforms.items()})
        self.alerting = Alerting(**shared)
        self.alert_settings = AlertSettings(**shared, directory=self.directory)
        self.incidents = Incidents(**shared)
        self.notices = Notices(**shared, owner=owner)
        self.workspaces = Workspaces(**road)
        self.scheduler = Scheduler(
            work=self.work,
            clock=self.clock,
            duties=Duties(
                linking=self.linking, watching=self.watching, notices=self.notices, alerting=self.alerting
            ),
            messenger=self.messenger,
            owner=owner,
        )

    def another(self) -> "Agency":
        return Agency(beside=self, owner="two")

    # ---- what is there ----

    async def client(self, **changes: Any) -> Client:
        async with self.work.writing() as unit:
            saved = await unit.clients.save(a_client(**changes))
            await unit.commit()
        return saved

    async def save(self, connection: Connection) -> Connection:
        async with self.work.writing() as unit:
            saved = await unit.connections.save(connection)
            await unit.commit()
        return saved

    async def linked(self, client: Client | None = None, **changes: Any) -> Connection:
        client = client or await self.client()
        held = changes.pop("credentials", None) or credentials(issued_at=self.clock.now())
        made = a_linked_connection(client, linked_at=self.clock.now(), credentials=held, **changes)
        async with self.work.writing() as unit:
            saved = await unit.connections.save(made)
            await unit.credentials.put(saved.id, held)
            await unit.commit()
        return saved

    async def ending(self, **changes: Any) -> Connection:
        """A connection whose unlink was asked for, and which nobody has looked at since."""
        connection = await self.linked(**changes)
        self.platforms[connection.platform].meanwhile["prove"] = self._lost
        await self.unlinking.ask(MANAGER, connection.client_id, [connection.platform])
        return self.now(connection)

    async def _lost(self) -> None:
        raise ConnectionError

    async def never_linked(self, client: Client | None = None) -> Connection:
        return await self.save(a_connection(client or await self.client()))

    def now(self, connection: Connection) -> Connection:
        return self.work.rows.connections[connection.id]

    def held(self, connection: Connection) -> Any:
        return self.work.rows.credentials.get(connection.id)

    def invitation(self, asked: Asked) -> Invitation:
        return self.work.rows.invitations[asked.invitation.id]

    def history(self, connection: Connection) -> list[Evidence]:
        return [each for each in self.work.rows.evidence.values() if each.connection_id == connection.id]

    def facts(self, kind: FactKind) -> list[dict[str, str]]:
        return [dict(each.details) for each in self.work.rows.facts.values() if each.kind is kind]

    # ---- what people do ----

    async def ask(self, client: Client, *platforms: Platform, person: Any = REQUESTER) -> Asked:
        asked = await self.linking.invite(
            person, client.id, platforms or (TIKTOK,), channel="C0BAKERY", response_url="https://hooks.test/1"
        )
        return asked[0]

    async def leave(self, asked: Asked, browser: str = "browser") -> str:
        """Go to the platform; returns the state that travels along."""
        url = await self.linking.begin(asked.token, browser)
        return parse_qs(urlsplit(url).query)["state"][0]

    async def come_back(self, state: str, platform: Platform = TIKTOK, **query: str) -> LinkResult:
        given = query or {"code": "c0de"}
        return await self.linking.complete(platform, {"state": state, **given}, "browser")

    async def link(self, client: Client, platform: Platform = TIKTOK) -> LinkResult:
        asked = await self.ask(client, platform)
        return await self.come_back(await self.leave(asked), platform)

    async def wrong_account(self) -> LinkResult:
        """The fan page came back instead of the expected account, and is held aside."""
        client = await self.client()
        self.tiktok.sign_in("velo.fanpage")
        return await self.link(client)
