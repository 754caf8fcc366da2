"""Nothing secret lies open in the database, and keys can be replaced while everybody works on."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.domain.delivery import DeliveryStep, Ticket
from core.domain.secret import Secret
from core.ports import Vault
from storage import tables
from storage.engine import Database, open_database
from storage.resealing import keys_in_use, reseal
from storage.sealing import EVERY
from storage.slack_store import SlackInstallations
from storage.unit_of_work import SqlWork
from storage.vault import AesGcmVault, VaultError, new_key, parse_keys
from tests.builders import (
    NOW,
    WORKSPACE,
    a_client,
    a_delivery,
    a_linked_connection,
    a_post,
    an_installation,
    an_invitation,
    credentials,
)
from tests.contract.stored import given

OLD, NEW = new_key("old"), new_key("new")
ROWS = 7
SECRETS = {
    "act.secret-access", "rft.secret-refresh", "act.held-access", "rft.held-refresh",
    "https://hooks.slack.com/commands/secret", "xoxb-secret", "xoxe-secret",
    "https://open-upload.tiktokapis.com/video/?secret",
}  # fmt: skip


def a_vault(*keys: str) -> AesGcmVault:
    return AesGcmVault(parse_keys(",".join(keys)))


async def fill(database: Database, vault: Vault, rows: int = 1) -> list[str]:
    """Store every kind of secret `rows` times over; returns the ids of the connections."""
    work = SqlWork(database, vault)
    slack = SlackInstallations(database, vault)
    ours = credentials(access=Secret("act.secret-access"), refresh=Secret("rft.secret-refresh"))
    theirs = credentials(access=Secret("act.held-access"), refresh=Secret("rft.held-refresh"))
    made = []
    for number in range(rows):
        client = a_client()
        connection = a_linked_connection(client)
        url = Secret("https://hooks.slack.com/commands/secret")
        invitation = an_invitation(connection, response_url=url, token=Secret("connect-secret"))
        post = a_post(client)
        ticket = Ticket(reference="v_1", upload=Secret("https://open-upload.tiktokapis.com/video/?secret"))
        delivery = a_delivery(post, connection, ticket=ticket)
        await given(work, client, connection, invitation, post, delivery)
        async with work.writing() as unit:
            await unit.credentials.put(connection.id, ours)
            await unit.credentials.hold(invitation.id, theirs)
            await unit.commit()
        bot = {"bot_token": "xoxb-secret", "bot_refresh_token": "xoxe-secret"}
        await slack.async_save(an_installation(team_id=f"T{number}", **bot))
        made.append(connection.id)
    return made


def test_every_sealed_column_is_known_to_be_one() -> None:
    sealed = {
        f"{table.name}.{column.name}"
        for table in tables.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert sealed == {f"{each.table.name}.{name}" for each in EVERY for name in each.columns}


async def test_no_secret_is_in_the_file_or_in_its_log(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    await fill(database, a_vault(OLD))
    on_disk = bytes_of(Path(sqlite_url.removeprefix("sqlite:///")))
    assert b"nordlicht.bakery" in on_disk, "what is no secret can be read"
    assert not [secret for secret in SECRETS if secret.encode() in on_disk]
    await database.close()


def bytes_of(file: Path) -> bytes:
    return file.read_bytes() + file.with_name(f"{file.name}-wal").read_bytes()


async def test_no_secret_is_in_a_repr(database: Database) -> None:
    vault = a_vault(OLD)
    (connection_id,) = await fill(database, vault)
    async with SqlWork(database, vault).reading() as unit:
        shown = repr(
            (
                await unit.credentials.of(connection_id),
                await unit.invitations.latest(WORKSPACE, connection_id),
            )
        )
    assert not [secret for secret in SECRETS if secret in shown]


async def test_a_row_moved_to_another_connection_does_not_open(database: Database) -> None:
    work = SqlWork(database, a_vault(OLD))
    (mine,) = await fill(database, a_vault(OLD))
    client = a_client()
    foreign = a_linked_connection(client)
    await given(work, client, foreign)
    async with database.writing() as connection:
        await connection.execute(update(tables.credentials).values(connection_id=foreign.id))
        await connection.commit()
    async with work.reading() as unit:
        assert await unit.credentials.of(mine) is None
        with pytest.raises(VaultError):
            await unit.credentials.of(foreign.id)


async def test_a_delivery_whose_address_can_not_be_opened_is_in_no_others_way(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await fill(database, a_vault(OLD))
    await fill(database, a_vault(NEW))
    before = await keys_in_use(database)
    async with SqlWork(database, a_vault(NEW)).writing() as unit:
        taken = await unit.deliveries.claim_due(NOW, owner="a", until=NOW + timedelta(minutes=3), limit=10)
        await unit.commit()
    assert sorted(str(each.ticket.upload and each.ticket.upload.reveal()) for each in taken) == [
        "None",
        "https://open-upload.tiktokapis.com/video/?secret",
    ]
    (lost,) = [each for each in taken if each.ticket.upload is None]
    assert lost.ticket.reference == "v_1", "it can be asked after all the same"
    assert [(each.getMessage(), vars(each)["delivery"]) for each in caplog.records] == [
        ("an upload's address can't be opened", lost.id)
    ]
    assert not [secret for secret in SECRETS if secret in caplog.text]
    async with SqlWork(database, a_vault(NEW)).writing() as unit:
        await unit.deliveries.save(lost, release=True)
        await unit.commit()
    after = await keys_in_use(database)
    assert (before["old"] - after["old"], after["new"]) == (1, before["new"])


async def test_resealing_moves_every_row_to_the_newest_key(database: Database) -> None:
    made = await fill(database, a_vault(OLD), ROWS)
    every = ROWS * len(EVERY)
    assert await keys_in_use(database) == {"old": every}
    done = await reseal(database, a_vault(NEW, OLD), batch=3)
    assert (done.moved, done.unopened) == ({"old": every}, {})
    assert await keys_in_use(database) == {"new": every}
    await opens(database, a_vault(NEW), made)
    assert (await reseal(database, a_vault(NEW, OLD))).moved == {}


async def opens(database: Database, vault: Vault, connections: list[str]) -> None:
    async with SqlWork(database, vault).reading() as unit:
        for each in connections:
            current = await unit.credentials.of(each)
            invitation = await unit.invitations.latest(WORKSPACE, each)
            assert current
            assert invitation
            held = await unit.credentials.held(invitation.id)
            assert held
            assert current.access.reveal() == "act.secret-access"
            assert held.refresh == Secret("rft.held-refresh")
            assert invitation.response_url == Secret("https://hooks.slack.com/commands/secret")
            assert invitation.token == Secret("connect-secret")
            (delivery,) = await unit.deliveries.of_connection(WORKSPACE, each, steps={DeliveryStep.QUEUED})
            assert delivery.ticket.upload == Secret("https://open-upload.tiktokapis.com/video/?secret")
    bot = await SlackInstallations(database, vault).async_find_bot(enterprise_id=None, team_id="T0")
    assert bot
    assert (bot.bot_token, bot.bot_refresh_token) == ("xoxb-secret", "xoxe-secret")


async def test_resealing_goes_round_rows_whose_key_is_lost(database: Database) -> None:
    await fill(database, a_vault(new_key("lost")), 2)
    await fill(database, a_vault(OLD))
    done = await reseal(database, a_vault(NEW, OLD), batch=2)
    # The second filling installed the app anew in one workspace: one bot fewer is lost.
    assert done.unopened == {"lost": 2 * len(EVERY) - 1}
    assert done.moved == {"old": len(EVERY)}


async def test_resealing_leaves_alone_what_was_rewritten_meanwhile(database: Database) -> None:
    (connection_id,) = await fill(database, a_vault(OLD))
    newer = credentials(access=Secret("act.newer"))

    async def overtake() -> None:
        async with SqlWork(database, a_vault(OLD)).writing() as unit:
            await unit.credentials.put(connection_id, newer)
            await unit.commit()

    await reseal(Overtaken(database, overtake), a_vault(NEW, OLD))
    async with SqlWork(database, a_vault(OLD)).reading() as unit:
        assert await unit.credentials.of(connection_id) == newer
    await reseal(database, a_vault(NEW, OLD))
    async with SqlWork(database, a_vault(NEW)).reading() as unit:
        assert await unit.credentials.of(connection_id) == newer


class Overtaken(Database):
    """A database where somebody else is always a step quicker than whoever wants to write."""

    def __init__(self, database: Database, overtake: Callable[[], Awaitable[None]]) -> None:
        self._database = database
        self._overtake = overtake

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        async with self._database.reading() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        await self._overtake()
        async with self._database.writing() as connection:
            yield connection
