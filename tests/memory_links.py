"""Clients, their connections and what was seen of them, in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from core.domain.account import Platform
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.credentials import Credentials
from core.domain.evidence import Evidence
from core.domain.invitation import Invitation, OAuthState
from core.domain.refusals import Refusal, Stale
from core.domain.silence import TO_ONE, UNCONFIRMED, Silence
from core.domain.verdict import Reason
from tests.memory_rows import UNSETTLED, Repository, is_on, parent, save


class Clients(Repository):
    async def get(self, workspace: str, client_id: str) -> Client | None:
        return next((each for each in await self.every(workspace) if each.id == client_id), None)

    async def of_channel(self, workspace: str, channel: str) -> Client | None:
        return next((each for each in await self.every(workspace) if each.channel == channel), None)

    async def named(self, workspace: str, name: str) -> Client | None:
        wanted = name.strip().casefold()
        return next((each for each in await self.every(workspace) if each.name.casefold() == wanted), None)

    async def every(self, workspace: str) -> Sequence[Client]:
        found = [each for each in self.rows.clients.values() if each.workspace == workspace]
        return sorted(found, key=lambda each: each.name.casefold())

    async def workspaces(self) -> Sequence[str]:
        return sorted({each.workspace for each in self.rows.clients.values()})

    async def of_connections(self, connections: Sequence[Connection]) -> Mapping[str, Client]:
        owners = {each.id: self.rows.clients.get(each.client_id) for each in connections}
        return {id_: client for id_, client in owners.items() if client}

    async def save(self, client: Client) -> Client:
        others = [each for each in await self.every(client.workspace) if each.id != client.id]
        for each in others:
            if each.channel == client.channel:
                raise Refusal("channel_taken", name=each.name, channel=each.channel)
            if each.name.strip().casefold() == client.name.strip().casefold():
                raise Refusal("name_taken", name=each.name, channel=each.channel)
        return save(self.unit.written.clients, client)


class Connections(Repository):
    async def get(self, workspace: str, connection_id: str) -> Connection | None:
        found = self.rows.connections.get(connection_id)
        return found if found and found.workspace == workspace else None

    async def of_client(self, workspace: str, client_id: str) -> Sequence[Connection]:
        return [each for each in await self.of_workspace(workspace) if each.client_id == client_id]

    async def of_workspace(self, workspace: str) -> Sequence[Connection]:
        found = [each for each in self.rows.connections.values() if each.workspace == workspace]
        order = list(Platform)
        return sorted(found, key=lambda each: (each.client_id, order.index(each.platform), each.provider))

    async def holding(self, platform: Platform, account_ids: frozenset[str]) -> Sequence[Connection]:
        return [
            each
            for each in self.rows.connections.values()
            if each.account and each.platform == platform and each.account.known_as() & account_ids
        ]

    async def save(self, connection: Connection) -> Connection:
        rows = self.unit.written
        parent(rows.clients, connection.client_id)
        key = (connection.client_id, connection.provider)
        if any(
            (each.client_id, each.provider) == key and each.id != connection.id
            for each in rows.connections.values()
        ):
            raise Stale
        return save(rows.connections, connection)

    async def save_unchanged(
        self, connections: Sequence[Connection], *, released_by: str = ""
    ) -> Sequence[Connection]:
        rows, saved = self.unit.written, []
        for each in connections:
            stored, lease = rows.connections.get(each.id), rows.leases.get(each.id, ("",))
            if stored and stored.version == each.version and released_by in {"", lease[0]}:
                saved.append(save(rows.connections, each))
                if released_by:
                    del rows.leases[each.id]
        return saved

    async def claim_due(
        self, at: datetime, *, owner: str, until: datetime, limit: int
    ) -> Sequence[Connection]:
        due = [
            (each.due_at, each.id)
            for each in self.unit.written.connections.values()
            if each.due_at and each.due_at <= at and self.unit.free(each.id, at)
        ]
        taken = [id_ for _, id_ in sorted(due)[:limit]]
        self.unit.lease(taken, owner, until)
        return [self.rows.connections[id_] for id_ in taken]

    async def claim(
        self, connection_id: str, at: datetime, *, owner: str, until: datetime
    ) -> Connection | None:
        found = self.unit.written.connections.get(connection_id)
        if found is None or not self.unit.free(connection_id, at):
            return None
        self.unit.lease([connection_id], owner, until)
        return found

    async def release(self, connection_id: str, *, owner: str) -> None:
        if self.unit.written.leases.get(connection_id, ("",))[0] == owner:
            del self.unit.written.leases[connection_id]

    async def silence(self, platform: Platform, *, most: int) -> Silence:
        own = [each.reason for each in self.rows.connections.values() if each.platform is platform]
        silent = sum(each in UNCONFIRMED for each in own)
        if silent >= most:
            return Silence(silent=most)
        return Silence(proved=min(own.count(Reason.WORKING), most * TO_ONE), silent=silent)


class CredentialsAtRest(Repository):
    async def of(self, connection_id: str) -> Credentials | None:
        return self.rows.credentials.get(connection_id)

    async def of_every(self, connection_ids: Collection[str]) -> Mapping[str, Credentials]:
        return {id_: held for id_, held in self.rows.credentials.items() if id_ in connection_ids}

    async def put_every(self, issued: Mapping[str, Credentials]) -> None:
        for connection_id, each in issued.items():
            await self.put(connection_id, each)

    async def put(self, connection_id: str, credentials: Credentials) -> None:
        parent(self.rows.connections, connection_id)
        self.unit.written.credentials[connection_id] = credentials

    async def erase(self, connection_id: str) -> None:
        self.unit.written.credentials.pop(connection_id, None)

    async def hold(self, invitation_id: str, credentials: Credentials) -> None:
        parent(self.rows.invitations, invitation_id)
        self.unit.written.held[invitation_id] = credentials

    async def held(self, invitation_id: str) -> Credentials | None:
        return self.rows.held.get(invitation_id)

    async def drop(self, invitation_id: str) -> None:
        self.unit.written.held.pop(invitation_id, None)


class Invitations(Repository):
    async def get(self, workspace: str, invitation_id: str) -> Invitation | None:
        found = self.rows.invitations.get(invitation_id)
        return found if found and found.workspace == workspace else None

    async def by_id(self, invitation_id: str) -> Invitation | None:
        return self.rows.invitations.get(invitation_id)

    async def by_token(self, token_hash: str) -> Invitation | None:
        return next((each for each in self.rows.invitations.values() if each.token_hash == token_hash), None)

    async def latest(self, workspace: str, connection_id: str) -> Invitation | None:
        own = (workspace, connection_id)
        found = [
            each for each in self.rows.invitations.values() if (each.workspace, each.connection_id) == own
        ]
        return max(reversed(found), key=lambda each: each.created_at, default=None)

    async def unsettled(self, workspace: str, connection_id: str) -> Sequence[Invitation]:
        own = (workspace, connection_id)
        return [each for each in self._unsettled() if (each.workspace, each.connection_id) == own]

    async def overdue(self, at: datetime, *, limit: int) -> Sequence[str]:
        found = [each for each in self._unsettled() if each.expires_at <= at]
        return [each.id for each in sorted(found, key=lambda each: each.expires_at)[:limit]]

    async def save(self, invitation: Invitation) -> Invitation:
        rows = self.unit.written
        parent(rows.connections, invitation.connection_id)
        others = await self.unsettled(invitation.workspace, invitation.connection_id)
        if invitation.step in UNSETTLED and any(each.id != invitation.id for each in others):
            raise Stale
        return save(rows.invitations, invitation)

    async def add_state(self, state: OAuthState) -> None:
        parent(self.rows.invitations, state.invitation_id)
        self.unit.written.states[state.state_hash] = state

    async def state(self, state_hash: str) -> OAuthState | None:
        return self.rows.states.get(state_hash)

    async def spend_state(self, state_hash: str, at: datetime) -> bool:
        found = self.unit.written.states.get(state_hash)
        if found is None or found.used_at:
            return False
        self.rows.states[state_hash] = replace(found, used_at=at)
        return True

    def _unsettled(self) -> Sequence[Invitation]:
        return [each for each in self.rows.invitations.values() if each.step in UNSETTLED]


class History(Repository):
    async def add(self, evidence: Evidence) -> None:
        parent(self.rows.connections, evidence.connection_id)
        self.unit.written.evidence.setdefault(evidence.id, evidence)

    async def of_connection(self, workspace: str, connection_id: str, *, limit: int) -> Sequence[Evidence]:
        found = await self.of_workspace(workspace, client_id=None, limit=len(self.rows.evidence))
        return [each for each in found if each.connection_id == connection_id][:limit]

    async def of_workspace(
        self, workspace: str, *, client_id: str | None, limit: int, platform: Platform | None = None
    ) -> Sequence[Evidence]:
        found = [
            each
            for each in reversed(self.rows.evidence.values())
            if each.workspace == workspace
            and client_id in {None, each.client_id}
            and (platform is None or is_on(self.rows, each.connection_id, platform))
        ]
        return sorted(found, key=lambda each: each.at, reverse=True)[:limit]


class Viewers(Repository):
    async def add(self, workspace: str, user: str, at: datetime) -> None:
        self.unit.written.viewers[workspace, user] = at

    async def every(self, workspace: str) -> Sequence[str]:
        return sorted(user for home, user in self.rows.viewers if home == workspace)


class Installations(Repository):
    async def every(self) -> Sequence[str]:
        return sorted(self.rows.installations)

    async def remove(self, workspace: str) -> None:
        self.unit.written.installations.pop(workspace, None)
