"""What people see: each client's pair, what works, what to do; read in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.account import Platform
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.diagnosis import Diagnosis, NextStep, diagnose, next_step
from core.domain.link import LinkVerdict, link_state
from core.domain.refusals import Refusal
from core.domain.verdict import State, Verdict
from core.ports import Clock, Traits, UnitOfWork, Work
from core.usecases.clients import known_client

EVIDENCE_READ = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionStatus:
    """One connection, judged now, with the one useful step."""

    connection: Connection
    verdict: Verdict
    step: NextStep
    expected: str | None
    handle: str | None
    traits: Traits


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientStatus:
    """A client's pair. A platform nobody was asked to link maps to None."""

    client: Client
    link: LinkVerdict
    connections: Mapping[Platform, ConnectionStatus | None]
    at: datetime


_URGENCY: Mapping[State, int] = {
    State.PARTIALLY_REVOKED: 0,
    State.EXPIRED: 0,
    State.REFRESH_REQUIRED: 1,
    State.PENDING: 2,
    State.AUTHORIZED: 3,
    State.REVOKED: 4,
    State.CLOSED: 4,
}
"""What needs people first. What is over needs nobody."""


class Status:
    """Reads for people; changes nothing and calls no platform: of the providers only their traits are known."""

    def __init__(self, *, work: Work, clock: Clock, traits: Mapping[Platform, Traits]) -> None:
        self._work = work
        self._clock = clock
        self._traits = traits

    async def of_client(self, workspace: str, client_id: str) -> ClientStatus:
        """Return one client's status. Raises Refusal `unknown_client`."""
        async with self._work.reading() as unit:
            client = await known_client(unit, workspace, client_id)
            connections = await unit.connections.of_client(workspace, client_id)
        return self._status(client, connections)

    async def of_channel(self, workspace: str, channel: str) -> ClientStatus | None:
        """Return the status of the client that owns a channel."""
        async with self._work.reading() as unit:
            client = await unit.clients.of_channel(workspace, channel)
            if client is None:
                return None
            connections = await unit.connections.of_client(workspace, client.id)
        return self._status(client, connections)

    async def of_workspace(self, workspace: str) -> Sequence[ClientStatus]:
        """Return all clients' statuses: what needs people first, the nearest date before the farther, then by name."""
        async with self._work.reading() as unit:
            clients = await unit.clients.every(workspace)
            connections = await unit.connections.of_workspace(workspace)
        by_client: dict[str, list[Connection]] = {}
        for connection in connections:
            by_client.setdefault(connection.client_id, []).append(connection)
        statuses = [self._status(client, by_client.get(client.id, [])) for client in clients]
        return sorted(statuses, key=_order)

    async def diagnose(self, workspace: str, connection_id: str) -> Diagnosis:
        """Answer the three questions about one connection. Raises Refusal `unknown_connection`."""
        async with self._work.reading() as unit:
            connection, client = await _load(unit, workspace, connection_id)
            evidence = await unit.evidence.of_connection(workspace, connection_id, limit=EVIDENCE_READ)
            last = await unit.invitations.latest(workspace, connection_id)
        needs = self._traits[connection.platform].wanted(client.needs())
        expected = client.expected.get(connection.platform)
        return diagnose(connection, needs, evidence, last, self._clock.now(), expected=expected)

    async def connection(self, workspace: str, connection_id: str) -> ConnectionStatus:
        """Return one connection's status. Raises Refusal `unknown_connection`."""
        async with self._work.reading() as unit:
            connection, client = await _load(unit, workspace, connection_id)
        return self._one(client, connection, self._clock.now())

    def _status(self, client: Client, connections: Sequence[Connection]) -> ClientStatus:
        at = self._clock.now()
        found = {each.platform: self._one(client, each, at) for each in connections}
        halves = {platform: found.get(platform) for platform in Platform}
        verdicts = {platform: half.verdict if half else None for platform, half in halves.items()}
        return ClientStatus(
            client=client,
            link=link_state(verdicts[Platform.TIKTOK], verdicts[Platform.INSTAGRAM]),
            connections=halves,
            at=at,
        )

    def _one(self, client: Client, connection: Connection, at: datetime) -> ConnectionStatus:
        verdict = connection.verdict(at)
        return ConnectionStatus(
            connection=connection,
            verdict=verdict,
            step=next_step(verdict),
            expected=client.expected.get(connection.platform),
            handle=connection.account.handle if connection.account else None,
            traits=self._traits[connection.platform],
        )


async def _load(unit: UnitOfWork, workspace: str, connection_id: str) -> tuple[Connection, Client]:
    connection = await unit.connections.get(workspace, connection_id)
    if connection is None:
        raise Refusal("unknown_connection")
    client = await unit.clients.get(workspace, connection.client_id)
    if client is None:
        raise Refusal("unknown_connection")
    return connection, client


def _order(status: ClientStatus) -> tuple[int, float, str]:
    """A half that runs out is urgent, even where the other half was never linked and names the pair's state."""
    halves = [half.verdict.state for half in status.connections.values() if half]
    urgency = min(_URGENCY[state] for state in [status.link.state, *halves])
    when = status.link.act_by.timestamp() if status.link.act_by else float("inf")
    return urgency, when, status.client.name.casefold()
