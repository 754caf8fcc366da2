"""What `core.ports` promises of a unit of work, held by memory, SQLite and PostgreSQL alike."""

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from core.domain.account import Platform
from core.domain.client import ApprovalPolicy, Client, Intent, Substitute
from core.domain.connection import Connection
from core.domain.refusals import Refusal, Stale, Unlawful
from core.ports import Duty, Work
from tests.builders import (
    NOW,
    OUTSIDE,
    WORKSPACE,
    a_client,
    a_fact,
)
from tests.conftest import Stored
from tests.contract.stored import LATER, given


class TestUnit:
    async def test_keeps_nothing_without_a_commit(self, work: Work, client: Client) -> None:
        async with work.writing() as unit:
            await unit.clients.save(client)
        async with work.reading() as unit:
            assert await unit.clients.get(WORKSPACE, client.id) is None

    async def test_keeps_nothing_of_a_unit_that_failed(self, work: Work, client: Client) -> None:
        with suppress(ZeroDivisionError):
            async with work.writing() as unit:
                await unit.clients.save(client)
                raise ZeroDivisionError
        async with work.reading() as unit:
            assert await unit.clients.every(WORKSPACE) == []

    async def test_that_is_cancelled_keeps_nothing_and_holds_up_nobody(
        self, work: Work, client: Client
    ) -> None:
        wrote = asyncio.Event()

        async def write() -> None:
            async with work.writing() as unit:
                await unit.clients.save(client)
                wrote.set()
                while True:
                    await unit.clients.every(WORKSPACE)
                    await asyncio.sleep(0)

        writer = asyncio.create_task(write())
        await wrote.wait()
        writer.cancel()
        with suppress(asyncio.CancelledError):
            await writer
        async with asyncio.timeout(5), work.writing() as unit:
            assert await unit.clients.every(WORKSPACE) == []
            await unit.clients.save(client)
            await unit.commit()

    async def test_keeps_the_change_and_its_fact_together_or_neither(
        self, work: Work, client: Client
    ) -> None:
        for commits in (False, True):
            async with work.writing() as unit:
                await unit.clients.save(client)
                await unit.facts.add(a_fact(subject=client.id))
                if commits:
                    await unit.commit()
            async with work.reading() as unit:
                assert bool(await unit.clients.every(WORKSPACE)) is commits
                assert bool((await unit.next_wakes())[Duty.FACTS]) is commits

    async def test_sees_its_own_writes(self, work: Work, client: Client) -> None:
        async with work.writing() as unit:
            saved = await unit.clients.save(client)
            assert await unit.clients.get(WORKSPACE, client.id) == saved

    async def test_refuses_to_write_while_reading(self, work: Work, client: Client) -> None:
        async with work.reading() as unit:
            with pytest.raises(Unlawful):
                await unit.clients.save(client)
            with pytest.raises(Unlawful):
                await unit.commit()

    async def test_commits_once(self, work: Work, client: Client) -> None:
        async with work.writing() as unit:
            await unit.commit()
            with pytest.raises(Unlawful):
                await unit.clients.save(client)
            with pytest.raises(Unlawful):
                await unit.commit()

    async def test_a_reader_does_not_wait_for_a_writer(self, work: Work, client: Client) -> None:
        async with work.writing() as writer:
            await writer.clients.save(client)
            async with asyncio.timeout(5), work.reading() as reader:
                assert await reader.clients.every(WORKSPACE) == []
            await writer.commit()

    async def test_a_reader_sees_one_moment(self, work: Work, client: Client) -> None:
        async with work.reading() as reader:
            assert await reader.clients.every(WORKSPACE) == []
            await given(work, client)
            assert await reader.clients.every(WORKSPACE) == []

    async def test_a_stale_save_leaves_the_unit_usable(self, work: Work, connection: Connection) -> None:
        async with work.writing() as unit:
            with pytest.raises(Stale):
                await unit.connections.save(replace(connection, version=7))
            saved = await unit.connections.save(replace(connection, failures=1))
            await unit.commit()
        assert saved.version == 2


class TestClients:
    async def test_come_back_as_they_were_saved(self, work: Work) -> None:
        away = Substitute(manager="U0MANAGER", user="U0ONCALL", until=NOW)
        policy = ApprovalPolicy(
            needed=2,
            self_approval=True,
            outsiders=("U0OUTSIDER",),
            remind_hours=0,
            expire_hours=12,
            substitutes=(away,),
        )
        client = a_client(intent=Intent.PROFILE, policy=policy, expected={Platform.INSTAGRAM: "a.b"})
        await given(work, client)
        async with work.reading() as unit:
            saved = replace(client, version=1)
            assert await unit.clients.get(WORKSPACE, client.id) == saved
            assert await unit.clients.of_channel(WORKSPACE, client.channel) == saved
            assert await unit.clients.every(WORKSPACE) == [saved]

    async def test_are_found_by_name_whatever_its_case_and_space(self, work: Work) -> None:
        client = a_client(name="Straße 7")
        await given(work, client)
        async with work.reading() as unit:
            for typed in ("Straße 7", " STRASSE 7 ", "strasse 7"):
                found = await unit.clients.named(WORKSPACE, typed)
                assert found == replace(client, version=1)
            assert await unit.clients.named(WORKSPACE, "Straße") is None

    async def test_come_by_name(self, work: Work) -> None:
        await given(work, *(a_client(name=name) for name in ("beta", "Alpha", "Gamma")))
        async with work.reading() as unit:
            assert [each.name for each in await unit.clients.every(WORKSPACE)] == ["Alpha", "beta", "Gamma"]

    async def test_are_seen_in_their_own_workspace_only(self, work: Work, client: Client) -> None:
        await given(work, client)
        async with work.reading() as unit:
            assert await unit.clients.get(OUTSIDE, client.id) is None
            assert await unit.clients.of_channel(OUTSIDE, client.channel) is None
            assert await unit.clients.named(OUTSIDE, client.name) is None
            assert await unit.clients.every(OUTSIDE) == []

    async def test_of_two_workspaces_may_share_name_and_channel(self, work: Work, client: Client) -> None:
        await given(work, client, a_client(workspace=OUTSIDE, name=client.name, channel=client.channel))
        async with work.reading() as unit:
            assert len(await unit.clients.every(OUTSIDE)) == 1
            assert await unit.clients.workspaces() == sorted({WORKSPACE, OUTSIDE})

    async def test_own_their_channel_alone(self, work: Work, client: Client) -> None:
        await given(work, client)
        await self.refused(work, a_client(channel=client.channel), "channel_taken", client)

    async def test_own_their_name_alone(self, work: Work, client: Client) -> None:
        await given(work, client)
        await self.refused(work, a_client(name=client.name.upper()), "name_taken", client)

    async def test_cannot_be_renamed_to_another_one(self, work: Work, client: Client) -> None:
        other = a_client()
        await given(work, client, other)
        await self.refused(work, replace(other, name=client.name, version=1), "name_taken", client)

    async def test_refuse_the_later_of_two_edits(self, work: Work, client: Client) -> None:
        await given(work, client)
        await given(work, replace(client, version=1, time_zone="UTC"))
        with pytest.raises(Stale):
            await given(work, replace(client, version=1, time_zone="Asia/Tokyo"))

    async def test_cannot_be_saved_into_another_workspace(self, work: Work, client: Client) -> None:
        await given(work, client)
        with pytest.raises(Stale):
            await given(work, replace(client, version=1, workspace=OUTSIDE))

    async def refused(self, work: Work, client: Client, code: str, holder: Client) -> None:
        """The refusal names who has it, and the unit goes on."""
        async with work.writing() as unit:
            with pytest.raises(Refusal) as refusal:
                await unit.clients.save(client)
            assert await unit.clients.every(WORKSPACE)
        assert (refusal.value.code, refusal.value.facts["name"]) == (code, holder.name)


class TestViewersAndInstallations:
    async def test_viewers_are_counted_once_in_their_workspace(self, work: Work) -> None:
        async with work.writing() as unit:
            for user, at in (("U2", NOW), ("U1", NOW), ("U2", LATER)):
                await unit.viewers.add(WORKSPACE, user, at)
            assert await unit.viewers.every(WORKSPACE) == ["U1", "U2"]
            assert await unit.viewers.every(OUTSIDE) == []

    async def test_installations_end_one_workspace_at_a_time(self, stored: Stored) -> None:
        await stored.install(WORKSPACE)
        await stored.install(OUTSIDE)
        async with stored.work.writing() as unit:
            assert await unit.installations.every() == [WORKSPACE, OUTSIDE]
            await unit.installations.remove(OUTSIDE)
            await unit.installations.remove(OUTSIDE)
            await unit.commit()
        async with stored.work.reading() as unit:
            assert await unit.installations.every() == [WORKSPACE]
