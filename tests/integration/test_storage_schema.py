"""What the database itself refuses, whatever the code above it believes."""

from datetime import datetime
from enum import StrEnum

import pytest
from sqlalchemy import CheckConstraint, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from core.domain.account import Platform
from core.domain.alerts import Rhythm
from core.domain.client import Intent
from core.domain.delivery import Audience, Blame, DeliveryStep
from core.domain.evidence import Source
from core.domain.fact import FactKind
from core.domain.incident import IncidentOutcome, IncidentStep
from core.domain.incident_message import Place
from core.domain.invitation import InvitationStep, LinkOutcome
from core.domain.observation import Credential, Grant, Standing, Visible, Wanted
from core.domain.post import DecisionKind, Form, PostStep
from core.domain.symptom import Condition
from core.domain.verdict import Reason, State
from core.domain.webhook import NoticeKind
from storage import tables
from storage.engine import Database
from storage.unit_of_work import SqlWork
from storage.vault import AesGcmVault
from tests.builders import (
    OUTSIDE,
    a_client,
    a_connection,
    a_linked_connection,
    an_evidence,
    an_invitation,
    credentials,
)
from tests.contract.stored import given

WORDS: dict[str, type[StrEnum]] = {
    "clients.intent": Intent,
    "clients.digest": Rhythm,
    "connections.platform": Platform,
    "connections.credential_side": Credential,
    "connections.grant_side": Grant,
    "connections.visible_side": Visible,
    "connections.account_side": Standing,
    "connections.wanted_side": Wanted,
    "connections.state": State,
    "connections.reason": Reason,
    "connection_accounts.platform": Platform,
    "invitations.platform": Platform,
    "invitations.step": InvitationStep,
    "invitations.outcome": LinkOutcome,
    "evidence.source": Source,
    "facts.kind": FactKind,
    "incidents.condition": Condition,
    "incidents.step": IncidentStep,
    "incidents.outcome": IncidentOutcome,
    "incident_messages.kind": Place,
    "posts.step": PostStep,
    "decisions.kind": DecisionKind,
    "deliveries.platform": Platform,
    "deliveries.form": Form,
    "deliveries.step": DeliveryStep,
    "deliveries.blame": Blame,
    "deliveries.audience": Audience,
    "notices.platform": Platform,
    "notices.kind": NoticeKind,
}


@pytest.fixture
def work(database: Database, vault: AesGcmVault) -> SqlWork:
    return SqlWork(database, vault)


def test_every_checked_column_lists_the_words_of_its_enum() -> None:
    checked = {
        f"{table.name}.{column.name}": str(check.sqltext)
        for table in tables.metadata.sorted_tables
        for column in table.columns
        for check in column.constraints
        if isinstance(check, CheckConstraint)
    }
    assert checked == {
        name: f"{name.partition('.')[2]} IN ({', '.join(repr(str(word)) for word in enum)})"
        for name, enum in WORDS.items()
    }


@pytest.mark.parametrize("column", [each for each in WORDS if each.startswith(("clients", "connections"))])
async def test_a_word_that_is_not_in_the_enum_is_refused(
    database: Database, work: SqlWork, column: str
) -> None:
    client = a_client()
    await given(work, client, a_linked_connection(client))
    table, _, name = column.partition(".")
    async with database.writing() as connection:
        with pytest.raises(IntegrityError):
            await connection.execute(update(tables.metadata.tables[table]).values({name: "linked-ish"}))


async def test_a_connection_cannot_belong_to_another_workspaces_client(work: SqlWork) -> None:
    client = a_client()
    await given(work, client)
    with pytest.raises(IntegrityError):
        await given(work, a_connection(client, workspace=OUTSIDE))


async def test_nothing_points_into_another_workspace(work: SqlWork) -> None:
    client = a_client()
    connection = a_connection(client)
    await given(work, client, connection)
    with pytest.raises(IntegrityError):
        await given(work, an_invitation(connection, workspace=OUTSIDE))
    async with work.writing() as unit:
        with pytest.raises(IntegrityError):
            await unit.evidence.add(an_evidence(connection, workspace=OUTSIDE))


async def test_credentials_of_no_connection_are_refused(work: SqlWork) -> None:
    async with work.writing() as unit:
        with pytest.raises(IntegrityError):
            await unit.credentials.put("cn_nobody", credentials())


async def test_a_moment_without_a_zone_is_refused(work: SqlWork) -> None:
    with pytest.raises(StatementError, match="without a time zone"):
        await given(work, a_client(created_at=datetime(2026, 11, 2)))


async def test_a_reading_transaction_cannot_write(database: Database) -> None:
    async with database.reading() as connection:
        with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
            await connection.execute(text("DELETE FROM clients"))
