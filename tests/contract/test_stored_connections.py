"""What `core.ports` promises of connections, leases and credentials, held by every way of storing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.domain.account import Platform
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.invitation import Invitation
from core.domain.observation import Capability, Credential, Grant, Observation, Standing, Visible, Wanted
from core.domain.refusals import Stale
from core.domain.silence import Silence
from core.ports import Duty, Work
from tests.builders import (
    NOW,
    OUTSIDE,
    WORKSPACE,
    a_client,
    a_connection,
    a_linked_connection,
    an_account,
    credentials,
)
from tests.contract.stored import LATER, SOON, given, ids


class TestConnections:
    async def test_come_back_as_they_were_saved(self, work: Work, client: Client) -> None:
        account = an_account(ids=frozenset({"other"}), name="Nordlicht", details={"kind": "BUSINESS"})
        linked = a_linked_connection(client, account=account, failures=2)
        never = a_connection(client, platform=Platform.INSTAGRAM, due_at=None)
        await given(work, client, linked, never)
        async with work.reading() as unit:
            assert await unit.connections.get(WORKSPACE, linked.id) == replace(linked, version=1)
            assert await unit.connections.get(WORKSPACE, never.id) == replace(never, version=1)

    async def test_keep_every_word_of_their_sides(self, work: Work, client: Client) -> None:
        seen = Observation(
            credential=Credential.EXPIRING, grant=Grant.NARROWED, visible=Visible.HIDDEN,
            account=Standing.RESTRICTED, wanted=Wanted.UNLINKED, granted=frozenset({Capability.IDENTIFY}),
        )  # fmt: skip
        connection = a_linked_connection(client).observed(seen, at=SOON, now=SOON)
        await given(work, client, connection)
        async with work.reading() as unit:
            assert await unit.connections.get(WORKSPACE, connection.id) == replace(connection, version=1)

    async def test_of_a_client_come_tiktok_first(self, work: Work, client: Client) -> None:
        pair = [a_connection(client, platform=each) for each in (Platform.INSTAGRAM, Platform.TIKTOK)]
        await given(work, client, *pair)
        async with work.reading() as unit:
            assert ids(await unit.connections.of_client(WORKSPACE, client.id)) == ids(reversed(pair))
            assert ids(await unit.connections.of_workspace(WORKSPACE)) == ids(reversed(pair))

    async def test_are_counted_by_whether_they_are_proved(self, work: Work, client: Client) -> None:
        proved, late, lost = a_linked_connection(client), timedelta(hours=30), timedelta(days=4)
        others = [a_client(id=f"cl_{each}", name=each, channel=f"C0{each}") for each in "abc"]
        since = [
            a_linked_connection(each).judged(NOW + by)
            for each, by in zip(others, (late, late, lost), strict=True)
        ]
        await given(work, client, proved, *others, *since)
        async with work.reading() as unit:
            found = await unit.connections.silence(Platform.TIKTOK, most=10)
            assert found == Silence(proved=1, silent=3)
            assert await unit.connections.silence(Platform.TIKTOK, most=2) == Silence(silent=2)
            assert await unit.connections.silence(Platform.INSTAGRAM, most=10) == Silence()

    async def test_are_seen_in_their_own_workspace_only(self, work: Work, connection: Connection) -> None:
        async with work.reading() as unit:
            assert await unit.connections.get(OUTSIDE, connection.id) is None
            assert await unit.connections.of_client(OUTSIDE, connection.client_id) == []
            assert await unit.connections.of_workspace(OUTSIDE) == []

    async def test_are_one_per_client_and_provider(self, work: Work, connection: Connection) -> None:
        with pytest.raises(Stale):
            await given(work, replace(a_connection(), client_id=connection.client_id))

    async def test_refuse_the_later_of_two_writers(self, work: Work, connection: Connection) -> None:
        await given(work, connection)
        with pytest.raises(Stale):
            await given(work, connection)

    async def test_refuse_a_new_row_with_an_old_id(self, work: Work, connection: Connection) -> None:
        with pytest.raises(Stale):
            await given(work, replace(connection, version=0))

    async def test_are_found_by_any_id_of_their_account_in_any_workspace(self, work: Work) -> None:
        here, there = a_client(), a_client(workspace=OUTSIDE)
        account = an_account(ids=frozenset({"app-scoped", "global"}))
        found = [a_linked_connection(each, account=account) for each in (here, there)]
        other = a_linked_connection(a_client(), account=an_account(handle="velowerk"))
        await given(work, here, there, *found, a_client(id=other.client_id), other)
        async with work.reading() as unit:
            for known in (account.id, "app-scoped", "global"):
                holding = await unit.connections.holding(Platform.TIKTOK, frozenset({known, "nobody"}))
                assert set(ids(holding)) == set(ids(found))
            assert await unit.connections.holding(Platform.INSTAGRAM, account.known_as()) == []
            assert await unit.connections.holding(Platform.TIKTOK, frozenset()) == []

    async def test_are_found_by_the_account_they_have_now(self, work: Work, client: Client) -> None:
        before = a_linked_connection(client)
        await given(work, client, before)
        now = an_account(handle="velowerk")
        await given(work, replace(before, account=now, version=1))
        async with work.reading() as unit:
            assert await unit.connections.holding(Platform.TIKTOK, an_account().known_as()) == []
            assert ids(await unit.connections.holding(Platform.TIKTOK, now.known_as())) == [before.id]


class TestLeases:
    async def connections(self, work: Work, *due: Any) -> list[Connection]:
        clients = [a_client() for _ in due]
        made = [a_connection(each, due_at=at) for each, at in zip(clients, due, strict=True)]
        await given(work, *clients, *made)
        return made

    async def claim_due(self, work: Work, owner: str, at: Any = NOW, limit: int = 10) -> list[str]:
        async with work.writing() as unit:
            taken = await unit.connections.claim_due(
                at, owner=owner, until=at + timedelta(minutes=3), limit=limit
            )
            await unit.commit()
        return ids(taken)

    async def claim(self, work: Work, id_: str, owner: str, at: Any = NOW) -> Connection | None:
        async with work.writing() as unit:
            taken = await unit.connections.claim(id_, at, owner=owner, until=at + timedelta(minutes=3))
            await unit.commit()
        return taken

    async def release(self, work: Work, id_: str, owner: str) -> None:
        async with work.writing() as unit:
            await unit.connections.release(id_, owner=owner)
            await unit.commit()

    async def test_are_given_to_what_is_due_earliest_first(self, work: Work) -> None:
        hours = [timedelta(hours=each) for each in (1, 3, 2, -1)]
        one, three, two, _ = await self.connections(work, *(NOW - each for each in hours))
        await self.connections(work, None)
        assert await self.claim_due(work, "a", limit=2) == [three.id, two.id]
        assert await self.claim_due(work, "b") == [one.id]

    async def test_are_held_by_one_owner_until_they_run_out(self, work: Work) -> None:
        (due,) = await self.connections(work, NOW)
        assert await self.claim_due(work, "a") == [due.id]
        assert await self.claim_due(work, "b", at=SOON - timedelta(seconds=1)) == []
        assert await self.claim_due(work, "b", at=SOON) == [due.id]

    async def test_are_refused_to_everybody_while_one_has_it(self, work: Work) -> None:
        (due,) = await self.connections(work, LATER)
        assert await self.claim(work, due.id, "a") == replace(due, version=1)
        assert await self.claim(work, due.id, "b") is None
        assert await self.claim(work, due.id, "a") is None, "another task of the same process"
        assert await self.claim(work, due.id, "b", at=SOON) is not None

    async def test_end_when_their_owner_lets_go(self, work: Work) -> None:
        (due,) = await self.connections(work, NOW)
        await self.claim(work, due.id, "a")
        await self.release(work, due.id, "b")
        assert await self.claim(work, due.id, "b") is None
        await self.release(work, due.id, "a")
        assert await self.claim(work, due.id, "b") is not None

    async def test_are_not_given_to_nobody(self, work: Work) -> None:
        assert await self.claim(work, "cn_nobody", "a") is None
        await self.release(work, "cn_nobody", "a")

    async def test_do_not_make_a_holders_save_stale(self, work: Work) -> None:
        (due,) = await self.connections(work, NOW)
        taken = await self.claim(work, due.id, "a")
        assert taken
        await given(work, taken)
        assert await self.claim(work, due.id, "b") is None, "saving does not end the lease"

    async def test_say_when_the_next_is_due(self, work: Work) -> None:
        async with work.reading() as unit:
            assert (await unit.next_wakes())[Duty.CONNECTIONS] is None
        await self.connections(work, LATER, NOW, None)
        async with work.reading() as unit:
            assert (await unit.next_wakes())[Duty.CONNECTIONS] == NOW

    async def test_put_off_when_the_next_is_due(self, work: Work) -> None:
        await self.connections(work, NOW, LATER)
        await self.claim_due(work, "a")
        async with work.reading() as unit:
            assert (await unit.next_wakes())[Duty.CONNECTIONS] == SOON


class TestCredentials:
    async def test_come_back_as_they_were_put(self, work: Work, connection: Connection) -> None:
        for each in (credentials(), credentials(refresh=None, refresh_expires_at=None, scopes=frozenset())):
            async with work.writing() as unit:
                await unit.credentials.put(connection.id, each)
                await unit.commit()
            async with work.reading() as unit:
                assert await unit.credentials.of(connection.id) == each

    async def test_leave_nothing_when_erased(self, work: Work, connection: Connection) -> None:
        async with work.writing() as unit:
            await unit.credentials.put(connection.id, credentials())
            await unit.credentials.erase(connection.id)
            await unit.credentials.erase(connection.id)
            await unit.commit()
        async with work.reading() as unit:
            assert await unit.credentials.of(connection.id) is None

    async def test_are_held_aside_apart_from_the_current_ones(
        self, work: Work, invitation: Invitation
    ) -> None:
        ours, theirs = credentials(), credentials()
        async with work.writing() as unit:
            await unit.credentials.put(invitation.connection_id, ours)
            await unit.credentials.hold(invitation.id, theirs)
            await unit.commit()
        async with work.reading() as unit:
            assert await unit.credentials.of(invitation.connection_id) == ours
            assert await unit.credentials.held(invitation.id) == theirs

    async def test_held_aside_leave_nothing_when_dropped(self, work: Work, invitation: Invitation) -> None:
        async with work.writing() as unit:
            await unit.credentials.hold(invitation.id, credentials())
            await unit.credentials.drop(invitation.id)
            await unit.credentials.drop(invitation.id)
            assert await unit.credentials.held(invitation.id) is None

    async def test_of_nobody_are_none(self, work: Work) -> None:
        async with work.reading() as unit:
            assert await unit.credentials.of("cn_nobody") is None
            assert await unit.credentials.held("iv_nobody") is None
