"""A slip: the private message that holds a person's buttons, and what it has to show of each of them by now."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.invitation import Invitation
from core.ports import UnitOfWork
from core.usecases.arrival import expected_handle


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One invitation on a slip, beside the connection that it is for."""

    client: Client
    invitation: Invitation
    connection: Connection

    @property
    def expected(self) -> str | None:
        """The handle that should come."""
        return expected_handle(self.connection, self.client)


async def on_slip(unit: UnitOfWork, client: Client, invitation: Invitation) -> Sequence[Entry]:
    """Return what stands on the slip of an invitation of this client, itself included, in the platforms' order.

    What a newer invitation on another slip took the place of is left out: its button works no more.
    """
    entries = []
    for connection in await unit.connections.of_client(client.workspace, client.id):
        newest = await unit.invitations.latest(client.workspace, connection.id)
        found = invitation if connection.id == invitation.connection_id else newest
        if found and (found.id == invitation.id or found.slip == invitation.slip != ""):
            entries.append(Entry(client=client, invitation=found, connection=connection))
    return entries
