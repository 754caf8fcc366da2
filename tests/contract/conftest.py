"""Rows that the tests of storage begin with."""

from dataclasses import replace

import pytest

from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.invitation import Invitation
from core.ports import Work
from tests.builders import (
    a_client,
    a_connection,
    an_invitation,
)
from tests.contract.stored import given


@pytest.fixture
def client() -> Client:
    """A client that is not stored yet."""
    return a_client()


@pytest.fixture
async def connection(work: Work, client: Client) -> Connection:
    """A connection that is stored."""
    connection = a_connection(client)
    await given(work, client, connection)
    return replace(connection, version=1)


@pytest.fixture
async def invitation(work: Work, connection: Connection) -> Invitation:
    """An open invitation that is stored."""
    invitation = an_invitation(connection)
    await given(work, invitation)
    return replace(invitation, version=1)
