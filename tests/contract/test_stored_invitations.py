"""What `core.ports` promises of invitations and OAuth states, held by every way of storing."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.connection import Connection
from core.domain.invitation import Invitation, InvitationStep, LinkOutcome
from core.domain.observation import Capability
from core.domain.refusals import Stale
from core.ports import Duty, Work
from tests.builders import (
    NOW,
    OUTSIDE,
    WORKSPACE,
    a_client,
    a_connection,
    an_account,
    an_invitation,
    an_oauth_state,
)
from tests.contract.stored import LATER, SOON, given, ids


class TestInvitations:
    async def test_come_back_as_they_were_saved(self, work: Work, invitation: Invitation) -> None:
        async with work.reading() as unit:
            assert await unit.invitations.get(WORKSPACE, invitation.id) == invitation
            assert await unit.invitations.by_id(invitation.id) == invitation
            assert await unit.invitations.by_token(invitation.token_hash) == invitation
            assert await unit.invitations.unsettled(WORKSPACE, invitation.connection_id) == [invitation]

    async def test_keep_what_came_of_them(self, work: Work, invitation: Invitation) -> None:
        found = an_account(handle="velo.fanpage", ids=frozenset({"x"}), details={"kind": "PERSONAL"})
        held = invitation.to(InvitationStep.HELD, at=SOON, outcome=LinkOutcome.WRONG_ACCOUNT, found=found)
        told = replace(
            held,
            response_url=None,
            relink=True,
            replaceable=True,
            missing=frozenset({Capability.PUBLISH, Capability.IDENTIFY}),
            decided_by="U0MANAGER",
            news=(("C0BAKERY", "1.2"), ("D0MANAGER", "3.4")),
        )
        await given(work, told)
        async with work.reading() as unit:
            assert await unit.invitations.by_id(held.id) == replace(told, version=2)

    async def test_are_seen_in_their_own_workspace_only(self, work: Work, invitation: Invitation) -> None:
        async with work.reading() as unit:
            assert await unit.invitations.get(OUTSIDE, invitation.id) is None
            assert await unit.invitations.latest(OUTSIDE, invitation.connection_id) is None
            assert await unit.invitations.unsettled(OUTSIDE, invitation.connection_id) == []
            assert await unit.invitations.by_token("unknown") is None

    async def test_are_unsettled_once_per_connection(
        self, work: Work, invitation: Invitation, connection: Connection
    ) -> None:
        with pytest.raises(Stale):
            await given(work, an_invitation(connection))
        await given(work, invitation.to(InvitationStep.HELD, at=NOW))
        with pytest.raises(Stale):
            await given(work, an_invitation(connection))

    async def test_give_way_to_a_newer_one_in_one_unit(
        self, work: Work, invitation: Invitation, connection: Connection
    ) -> None:
        newer = an_invitation(connection)
        await given(work, invitation.to(InvitationStep.SUPERSEDED, at=NOW), newer)
        async with work.reading() as unit:
            assert ids(await unit.invitations.unsettled(WORKSPACE, connection.id)) == [newer.id]
            # Made at the same moment, but written later.
            assert await unit.invitations.latest(WORKSPACE, connection.id) == replace(newer, version=1)
            assert await unit.invitations.latest(WORKSPACE, "cn_nobody") is None

    async def test_refuse_the_later_of_two_settlements(self, work: Work, invitation: Invitation) -> None:
        await given(work, invitation.to(InvitationStep.CANCELLED, at=NOW))
        with pytest.raises(Stale):
            await given(work, invitation.to(InvitationStep.LINKED, at=NOW))

    async def test_are_overdue_once_their_time_is_over(self, work: Work, invitation: Invitation) -> None:
        end = invitation.expires_at
        async with work.reading() as unit:
            assert (await unit.next_wakes())[Duty.INVITATIONS] == end
            assert await unit.invitations.overdue(end - timedelta(microseconds=1), limit=5) == []
            assert await unit.invitations.overdue(end, limit=5) == [invitation.id]

    async def test_are_overdue_while_held_too_but_not_once_settled(
        self, work: Work, invitation: Invitation
    ) -> None:
        held = invitation.to(InvitationStep.HELD, at=NOW)
        await given(work, replace(held, expires_at=SOON))
        async with work.reading() as unit:
            assert await unit.invitations.overdue(SOON, limit=5) == [invitation.id]
            overdue = await unit.invitations.by_id(invitation.id)
        assert overdue is not None
        await given(work, overdue.to(InvitationStep.TIMED_OUT, at=SOON))
        async with work.reading() as unit:
            assert await unit.invitations.overdue(LATER, limit=5) == []
            assert (await unit.next_wakes())[Duty.INVITATIONS] is None

    async def test_overdue_come_in_the_order_of_their_ends_and_not_too_many(self, work: Work) -> None:
        made = []
        for minutes in (3, 1, 2):
            client = a_client()
            connection = a_connection(client)
            made.append(an_invitation(connection, expires_at=NOW + timedelta(minutes=minutes)))
            await given(work, client, connection, made[-1])
        async with work.reading() as unit:
            assert await unit.invitations.overdue(LATER, limit=2) == [made[1].id, made[2].id]


class TestOAuthStates:
    async def test_are_spent_once(self, work: Work, invitation: Invitation) -> None:
        state = an_oauth_state(invitation)
        async with work.writing() as unit:
            await unit.invitations.add_state(state)
            assert await unit.invitations.state(state.state_hash) == state
            assert await unit.invitations.spend_state(state.state_hash, SOON)
            assert not await unit.invitations.spend_state(state.state_hash, LATER)
            await unit.commit()
        async with work.reading() as unit:
            assert await unit.invitations.state(state.state_hash) == replace(state, used_at=SOON)

    async def test_are_spent_by_one_of_many_at_once(self, work: Work, invitation: Invitation) -> None:
        state = an_oauth_state(invitation)
        async with work.writing() as unit:
            await unit.invitations.add_state(state)
            await unit.commit()

        async def spend() -> bool:
            async with work.writing() as unit:
                spent = await unit.invitations.spend_state(state.state_hash, SOON)
                await asyncio.sleep(0)
                await unit.commit()
                return spent

        assert sorted(await asyncio.gather(*(spend() for _ in range(8)))) == [False] * 7 + [True]

    async def test_that_nobody_made_cannot_be_spent(self, work: Work) -> None:
        async with work.writing() as unit:
            assert await unit.invitations.state("unknown") is None
            assert not await unit.invitations.spend_state("unknown", NOW)
