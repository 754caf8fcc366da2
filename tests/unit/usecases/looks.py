"""What the tests of looking, renewing and unlinking do with an agency, and what platforms tell them."""

from core.domain.connection import Connection
from core.domain.errors import GrantLost
from core.domain.fact import FactKind
from core.domain.observation import Credential, Grant, Observation
from tests.builders import WORKSPACE, a_notice
from tests.unit.usecases.agency import INSTAGRAM, MANAGER, Agency

REMOVED = GrantLost("access_token_invalid", Observation(grant=Grant.WITHDRAWN), log_id="log-1")
DEAD = GrantLost("invalid_grant", Observation(credential=Credential.EXPIRED))


async def look(agency: Agency, connection: Connection) -> Connection:
    await agency.watching.look(WORKSPACE, connection.id)
    return agency.now(connection)


async def due(agency: Agency, connection: Connection, **time: float) -> Connection:
    """Turn time and let the scheduler's look happen, if it is due."""
    await agency.watching.look_at_due(agency.clock.turn(**time))
    return agency.now(connection)


async def unlink(agency: Agency, connection: Connection) -> Connection:
    await agency.unlinking.ask(MANAGER, connection.client_id, [connection.platform])
    return agency.now(connection)


async def removed(agency: Agency, connection: Connection) -> None:
    """The platform says in a message of its own that the grant is gone."""
    assert connection.account is not None
    at = agency.clock.now()
    notice = a_notice(account_ids=connection.account.known_as(), at=at, received_at=at)
    await agency.notices.receive(notice)
    await agency.notices.handle_due(at)


async def pair(agency: Agency, **changes: object) -> tuple[Connection, Connection]:
    """A client's two connections, TikTok's first."""
    client = await agency.client(**changes)
    return await agency.linked(client), await agency.linked(client, platform=INSTAGRAM)


def moves(agency: Agency) -> list[tuple[str, str]]:
    return [(each["after"], each["reason"]) for each in agency.facts(FactKind.CONNECTION_MOVED)]


def proofs(agency: Agency) -> list[str]:
    return [each["how"] for each in agency.facts(FactKind.UNLINK_PROVED)]
