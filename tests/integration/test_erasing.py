"""A workspace that is erased leaves nothing, and its neighbour everything."""

import pytest

from core.domain.fact import FactKind
from core.ports import Vault
from storage import erasing, tables
from storage.engine import Database
from storage.slack_store import SlackInstallations
from storage.unit_of_work import SqlWork
from tests.builders import (
    NOW,
    WORKSPACE,
    a_client,
    a_decision,
    a_delivery,
    a_fact,
    a_linked_connection,
    a_post,
    a_post_message,
    an_evidence,
    an_incident,
    an_incident_message,
    an_installation,
    an_invitation,
    an_oauth_state,
    credentials,
)
from tests.contract.stored import given

OTHER = "T0OTHER"


async def fill(database: Database, vault: Vault, workspace: str) -> str:
    """Keep a row of every kind; returns the connection."""
    work, client = SqlWork(database, vault), a_client(workspace=workspace)
    connection = a_linked_connection(client)
    invitation, post = an_invitation(connection), a_post(client)
    await given(work, client, connection, invitation, post, a_delivery(post, connection))
    incident = an_incident(client, subject=connection.id)
    async with work.writing() as unit:
        await unit.credentials.put(connection.id, credentials())
        await unit.invitations.add_state(an_oauth_state(invitation))
        await unit.evidence.add(an_evidence(connection))
        await unit.incidents.save(incident)
        await unit.incident_messages.add(an_incident_message(incident))
        await unit.posts.decide(a_decision(post))
        await unit.post_messages.save(a_post_message(post))
        await unit.viewers.add(workspace, "U0MANAGER", NOW)
        await unit.facts.add(a_fact(workspace=workspace, kind=FactKind.CLIENT_SAVED))
        await unit.commit()
    await SlackInstallations(database, vault).async_save(an_installation(team_id=workspace))
    return connection.id


async def test_nothing_is_left_of_one_workspace_and_all_of_the_other(
    database: Database, vault: Vault
) -> None:
    connection_id = await fill(database, vault, WORKSPACE)
    await fill(database, vault, OTHER)
    before = await erasing.belongings(database, OTHER)
    assert len(before) >= 15

    assert await erasing.erase(database, WORKSPACE) == await erasing.belongings(database, WORKSPACE)
    async with SqlWork(database, vault).writing() as unit:
        assert await unit.clients.every(WORKSPACE), "while there are tokens nothing goes"
        await unit.credentials.erase(connection_id)
        await unit.installations.remove(WORKSPACE)
        await unit.commit()

    gone = await erasing.erase(database, WORKSPACE)
    assert gone["clients"] == gone["posts"] == gone["evidence"] == 1
    assert await erasing.belongings(database, WORKSPACE) == {}
    assert await erasing.erase(database, WORKSPACE) == {}
    assert await erasing.belongings(database, OTHER) == before


@pytest.mark.parametrize(
    "table", [each for each in tables.metadata.sorted_tables if each not in erasing.NOBODYS]
)
def test_every_table_says_whose_its_rows_are(table) -> None:
    assert "workspace" in str(erasing._of(table, WORKSPACE))
