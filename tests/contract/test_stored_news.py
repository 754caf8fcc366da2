"""What `core.ports` promises of history, outbox and inbox, held by every way of storing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from core.domain.account import Platform
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.evidence import Source
from core.domain.fact import URGENT, YES, FactKind
from core.domain.observation import Capability, Credential, Grant, Observation, Standing, Visible, Wanted
from core.ports import Duty, Work
from tests.builders import (
    NOW,
    OUTSIDE,
    WORKSPACE,
    a_client,
    a_connection,
    a_fact,
    a_notice,
    an_evidence,
)
from tests.contract.stored import LATER, SOON, ids, keep


class TestEvidence:
    async def test_comes_back_as_it_was_added(self, work: Work, connection: Connection) -> None:
        told = an_evidence(
            connection,
            source=Source.WEBHOOK,
            observation=Observation(
                credential=Credential.NONE, grant=Grant.WITHDRAWN, visible=Visible.UNKNOWN,
                account=Standing.CHANGED, wanted=Wanted.LINKED, granted=frozenset(Capability), handle="a.b",
            ),
            note="removed", code="190", log_id="log-1", by="U0MANAGER", before="authorized", after="revoked",
        )  # fmt: skip
        nothing = an_evidence(connection, observation=Observation(granted=frozenset()), at=SOON)
        async with work.writing() as unit:
            await unit.evidence.add(told)
            await unit.evidence.add(nothing)
            assert await unit.evidence.of_connection(WORKSPACE, connection.id, limit=5) == [nothing, told]

    async def test_comes_newest_at_its_source_first_and_not_too_much(
        self, work: Work, connection: Connection
    ) -> None:
        made = [an_evidence(connection, at=at) for at in (NOW, LATER, SOON, SOON)]
        async with work.writing() as unit:
            for each in made:
                await unit.evidence.add(each)
            found = await unit.evidence.of_workspace(WORKSPACE, client_id=None, limit=3)
        assert ids(found) == [made[1].id, made[3].id, made[2].id]

    async def test_is_kept_once(self, work: Work, connection: Connection) -> None:
        seen = an_evidence(connection)
        async with work.writing() as unit:
            await unit.evidence.add(seen)
            await unit.evidence.add(replace(seen, note="again"))
            assert await unit.evidence.of_connection(WORKSPACE, connection.id, limit=5) == [seen]

    async def test_is_of_one_client_where_named_and_of_one_workspace_always(
        self, work: Work, connection: Connection
    ) -> None:
        other = a_client()
        elsewhere = a_connection(other)
        async with work.writing() as unit:
            await keep(unit, other, elsewhere)
            await unit.evidence.add(an_evidence(connection))
            await unit.evidence.add(an_evidence(elsewhere))
            found = await unit.evidence.of_workspace(WORKSPACE, client_id=other.id, limit=5)
            assert [each.connection_id for each in found] == [elsewhere.id]
            assert len(await unit.evidence.of_workspace(WORKSPACE, client_id=None, limit=5)) == 2
            assert await unit.evidence.of_workspace(OUTSIDE, client_id=other.id, limit=5) == []
            assert await unit.evidence.of_connection(OUTSIDE, connection.id, limit=5) == []

    async def test_is_of_one_platform_where_named(self, work: Work, client: Client) -> None:
        pair = [a_connection(client, id=f"cn_{each}", platform=each) for each in Platform]
        async with work.writing() as unit:
            await keep(unit, client, *pair)
            for each in pair:
                await unit.evidence.add(an_evidence(each))
            for platform in Platform:
                found = await unit.evidence.of_workspace(
                    WORKSPACE, client_id=None, limit=1, platform=platform
                )
                assert [each.connection_id for each in found] == [f"cn_{platform}"]


class TestFacts:
    async def add(self, work: Work, *facts: Any) -> None:
        async with work.writing() as unit:
            for each in facts:
                await unit.facts.add(each)
            await unit.commit()

    async def untold(self, work: Work, owner: str = "a", at: Any = NOW, limit: int = 10) -> list[Any]:
        async with work.writing() as unit:
            taken = await unit.facts.untold(at, owner=owner, until=at + timedelta(minutes=3), limit=limit)
            await unit.commit()
        return list(taken)

    async def told(self, work: Work, *facts: Any, owner: str = "a") -> None:
        async with work.writing() as unit:
            await unit.facts.told(*ids(facts), at=NOW, owner=owner)
            await unit.commit()

    async def postpone(self, work: Work, fact: Any, until: Any, owner: str = "a") -> None:
        async with work.writing() as unit:
            await unit.facts.postpone(fact.id, until, owner=owner)
            await unit.commit()

    async def next_untold(self, work: Work) -> Any:
        async with work.reading() as unit:
            return (await unit.next_wakes())[Duty.FACTS]

    async def test_come_back_as_they_were_added_oldest_first(self, work: Work) -> None:
        made = [a_fact(at=NOW - timedelta(hours=each), kind=FactKind.UNLINK_ASKED) for each in (1, 2, 1)]
        await self.add(work, *made)
        assert await self.untold(work) == [made[1], made[0], made[2]]

    async def test_of_clients_with_something_urgent_come_before_others(self, work: Work) -> None:
        old = [a_fact(at=NOW - timedelta(hours=1), client_id=f"cl_{each}") for each in range(3)]
        former = a_fact(client_id="cl_broken")
        urgent = a_fact(client_id="cl_broken", details={URGENT: YES})
        await self.add(work, *old, former, urgent)
        assert await self.untold(work, limit=3) == [former, urgent, old[0]]

    async def test_are_leased_to_one_teller_until_the_lease_runs_out(self, work: Work) -> None:
        made = [a_fact(), a_fact()]
        await self.add(work, *made)
        assert await self.untold(work, limit=1) == made[:1]
        assert await self.untold(work, "b") == made[1:]
        assert await self.untold(work, "c") == []
        assert await self.next_untold(work) == SOON
        assert await self.untold(work, "c", at=SOON) == made

    async def test_are_told_once(self, work: Work) -> None:
        await self.add(work, made := a_fact())
        await self.untold(work)
        await self.told(work, made)
        assert await self.untold(work, at=LATER) == []
        assert await self.next_untold(work) is None
        await self.add(work, made)
        assert await self.next_untold(work) is None, "the same fact again is no news"

    async def test_that_failed_wait_for_their_time(self, work: Work) -> None:
        await self.add(work, made := a_fact())
        await self.untold(work)
        await self.postpone(work, made, LATER)
        assert await self.untold(work, "b", at=SOON) == []
        assert await self.next_untold(work) == LATER
        assert await self.untold(work, "b", at=LATER) == [made]

    async def test_once_told_cannot_be_postponed(self, work: Work) -> None:
        await self.add(work, made := a_fact())
        await self.untold(work)
        await self.told(work, made)
        await self.postpone(work, made, SOON)
        assert await self.next_untold(work) is None

    async def test_are_left_alone_by_whoever_had_them_before(self, work: Work) -> None:
        made = [a_fact(), a_fact()]
        await self.add(work, *made)
        await self.untold(work)
        await self.untold(work, "b", at=SOON)
        await self.told(work, made[0])
        await self.postpone(work, made[1], SOON)
        assert await self.untold(work, "c", at=SOON) == [], "they are still the other's"
        await self.told(work, made[0], owner="b")
        await self.postpone(work, made[1], SOON, owner="b")
        assert await self.untold(work, "c", at=SOON) == made[1:]


class TestNotices:
    async def unhandled(self, work: Work, owner: str = "a", at: Any = NOW, limit: int = 10) -> list[Any]:
        async with work.writing() as unit:
            taken = await unit.notices.unhandled(
                at, owner=owner, until=at + timedelta(minutes=3), limit=limit
            )
            await unit.commit()
        return list(taken)

    async def add(self, work: Work, *notices: Any) -> list[bool]:
        async with work.writing() as unit:
            added = [await unit.notices.add(each) for each in notices]
            await unit.commit()
        return added

    async def test_are_kept_once(self, work: Work) -> None:
        made = a_notice(account_ids=frozenset({"a", "b"}), code="1", details={"reason": "0"})
        assert await self.add(work, made, a_notice(id=made.id)) == [True, False]
        assert await self.add(work, made) == [False]
        assert await self.unhandled(work) == [made]

    async def test_come_oldest_received_first(self, work: Work) -> None:
        made = [a_notice(received_at=at) for at in (SOON, NOW, NOW)]
        await self.add(work, *made)
        assert await self.unhandled(work, at=LATER, limit=2) == made[1:]

    async def test_are_leased_until_handled(self, work: Work) -> None:
        await self.add(work, made := a_notice())
        assert await self.unhandled(work) == [made]
        assert await self.unhandled(work, "b") == []
        assert await self.unhandled(work, "b", at=SOON) == [made]
        async with work.writing() as unit:
            await unit.notices.handled(made.id, SOON)
            await unit.commit()
        assert await self.unhandled(work, "c", at=LATER) == []

    async def test_that_are_postponed_come_later_and_behind_what_came_meanwhile(self, work: Work) -> None:
        failed, fresh = a_notice(), a_notice(received_at=SOON)
        await self.add(work, failed, fresh)
        assert await self.unhandled(work) == [failed]
        async with work.writing() as unit:
            await unit.notices.postpone(failed.id, NOW, owner="somebody else")
            await unit.notices.postpone(failed.id, LATER, owner="a")
            await unit.commit()
        async with work.reading() as unit:
            assert (await unit.next_wakes())[Duty.NOTICES] == SOON
        assert await self.unhandled(work, at=LATER, limit=1) == [fresh]
        assert await self.unhandled(work, at=LATER) == [failed]

    async def test_are_found_by_their_reference(self, work: Work) -> None:
        made = a_notice(reference="code-1")
        await self.add(work, a_notice(), made)
        async with work.writing() as unit:
            await unit.notices.handled(made.id, SOON)
            assert await unit.notices.by_reference("code-1") == replace(
                made, handled_at=SOON, account_ids=frozenset()
            )
            assert await unit.notices.by_reference("code-2") is None
            assert await unit.notices.by_reference("") is None
