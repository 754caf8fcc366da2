"""Keeping connections true: renewing credentials, looking at the platforms, finishing unlinks."""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.domain.client import Client
from core.domain.connection import PROBE_EVERY, Connection
from core.domain.credentials import Credentials, Proof
from core.domain.errors import GrantLost, NeedsPerson, Throttled, Trouble
from core.domain.evidence import Source
from core.domain.fact import Fact, FactKind
from core.domain.ids import new_id
from core.domain.observation import Capability, Credential, Grant, Observation, Standing, Visible
from core.domain.refusals import Refusal, Stale
from core.ports import Clock, Provider, Providers, UnitOfWork, Work
from core.usecases.record import Seen, record

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=3)
"""Longer than all calls of one look together with their timeouts."""
BATCH = 50
IN_FLIGHT = 10
FIRST_RETRY = timedelta(minutes=2)
ENDING_LOOK = timedelta(minutes=15)
"""How often an unlink that only a person can finish is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A connection under our lease, with what is needed to look at it."""

    connection: Connection
    client: Client
    credentials: Credentials | None
    provider: Provider


class Watching:
    """Looks at connections, one at a time each, whoever asks: the clock, a webhook, a person."""

    def __init__(self, *, work: Work, clock: Clock, providers: Providers, owner: str) -> None:
        self._work = work
        self._clock = clock
        self._providers = providers
        self._owner = owner

    async def look(self, workspace: str, connection_id: str) -> Connection:
        """Look at one connection now and return it as it is afterwards.

        Where somebody else is looking at it already, returns what is known. Raises Refusal `unknown_connection`.
        """
        now = self._clock.now()
        async with self._work.writing() as unit:
            claimed = await unit.connections.claim(connection_id, now, owner=self._owner, until=now + LEASE)
            await unit.commit()
        if claimed is not None and claimed.workspace == workspace:
            await self._attend(claimed)
        async with self._work.reading() as unit:
            connection = await unit.connections.get(workspace, connection_id)
        if connection is None:
            raise Refusal("unknown_connection")
        return connection

    async def look_at_due(self, at: datetime) -> int:
        """Look at a bounded batch of what is due; return how many. One account's trouble stays its own."""
        async with self._work.writing() as unit:
            claimed = await unit.connections.claim_due(at, owner=self._owner, until=at + LEASE, limit=BATCH)
            await unit.commit()
        gate = asyncio.Semaphore(IN_FLIGHT)
        async with asyncio.TaskGroup() as group:
            for connection in claimed:
                group.create_task(self._attend_in_turn(connection, gate))
        return len(claimed)

    async def _attend_in_turn(self, connection: Connection, gate: asyncio.Semaphore) -> None:
        async with gate:
            try:
                await self._attend(connection)
            except Exception:
                log.exception("a look failed", extra={"connection": connection.id})

    async def _attend(self, connection: Connection) -> None:
        try:
            await self._look(connection)
        except Stale:
            log.info("somebody wrote first", extra={"connection": connection.id})
        except NeedsPerson as trouble:
            log.info("needs a person", extra={"connection": connection.id, "code": trouble.code})
        except Trouble as trouble:
            log.info("will look again", extra={"connection": connection.id, "code": trouble.code})
            until = trouble.until if isinstance(trouble, Throttled) else None
            await self._postpone(connection, until)
        finally:
            async with self._work.writing() as unit:
                await unit.connections.release(connection.id, owner=self._owner)
                await unit.commit()

    async def _look(self, connection: Connection) -> None:
        case = await self._case(connection)
        if case.credentials is None:
            await self._nothing_to_look_with(case)
            return
        if case.connection.is_ending:
            await self._end(case)
            return
        now = self._clock.now()
        if _renewal_due(case.connection, now):
            case = await self._renew(case)
        await self._prove(case)

    async def _case(self, connection: Connection) -> _Case:
        async with self._work.reading() as unit:
            fresh = await unit.connections.get(connection.workspace, connection.id)
            client = await unit.clients.get(connection.workspace, connection.client_id)
            credentials = await unit.credentials.of(connection.id)
        if fresh is None or client is None:
            raise Refusal("unknown_connection")
        provider = self._providers[fresh.platform]
        return _Case(connection=fresh, client=client, credentials=credentials, provider=provider)

    async def _nothing_to_look_with(self, case: _Case) -> None:
        async with self._work.writing() as unit:
            await unit.connections.save(replace(case.connection, due_at=None).judged(self._clock.now()))
            await unit.commit()

    async def _renew(self, case: _Case) -> _Case:
        """Renew, and store both tokens in one commit before anybody uses them."""
        connection, credentials = case.connection, case.credentials
        assert credentials is not None
        try:
            issued = await case.provider.refresh(credentials, now=self._clock.now())
        except NeedsPerson as trouble:
            await self._against(case, trouble, Source.REFRESH)
            raise
        now = self._clock.now()
        needs = case.provider.traits.wanted(case.client.needs())
        granted = issued.granted or connection.sides.granted
        grant = Grant.PRESENT if needs <= granted else Grant.NARROWED
        seen = Observation(credential=Credential.HELD, grant=grant, granted=granted)
        async with self._work.writing() as unit:
            await unit.credentials.put(connection.id, issued.credentials)
            after = connection.renewed(issued.credentials, seen, now)
            saved = await record(
                unit, connection, after, Seen(source=Source.REFRESH, observation=seen, at=now, now=now)
            )
            await unit.commit()
        return replace(case, connection=saved, credentials=issued.credentials)

    async def _prove(self, case: _Case) -> None:
        assert case.credentials is not None
        needs = case.provider.traits.wanted(case.client.needs())
        try:
            proof = await case.provider.prove(case.credentials, needs=needs)
            visible = await self._visible(case)
        except NeedsPerson as trouble:
            await self._against(case, trouble, Source.PROBE)
            raise
        now = self._clock.now()
        seen = replace(_shown_by(proof, case.connection, needs_met=needs <= proof.granted), visible=visible)
        before = case.connection
        after = before.observed(seen, at=now, now=now)
        after = replace(after, sides=after.sides.proved(now), failures=0).scheduled(now).judged(now)
        async with self._work.writing() as unit:
            if _changed(before, after):
                await record(
                    unit, before, after, Seen(source=Source.PROBE, observation=seen, at=now, now=now)
                )
            else:
                await unit.connections.save(after)
            await unit.commit()

    async def _visible(self, case: _Case) -> Visible | None:
        """Return whether the profile shows the other half of the pair; None where that is not wanted or readable."""
        if not case.client.shows_profile_link or case.credentials is None:
            return None
        async with self._work.reading() as unit:
            pair = await unit.connections.of_client(case.client.workspace, case.client.id)
        other = next((each.account for each in pair if each.id != case.connection.id and each.is_held), None)
        if other is None:
            return None
        try:
            return (await case.provider.visible_link(case.credentials, other)).visible
        except Trouble:
            return None

    async def _end(self, case: _Case) -> None:
        """Take an unlink one step further: revoke where that exists, and ask the platform whether it is gone."""
        assert case.credentials is not None
        if await self._is_shared(case):
            await self._finish(case, Observation(grant=Grant.UNKNOWN), note="account_shared")
            return
        try:
            if case.provider.traits.can_revoke:
                case = await self._fresh_enough(case)
                await case.provider.revoke(_held(case))
            await case.provider.prove(_held(case), needs=frozenset({Capability.IDENTIFY}))
        except GrantLost as lost:
            if lost.observation.grant is not Grant.WITHDRAWN:
                raise
            await self._finish(case, lost.observation, note="refused", code=lost.code, log_id=lost.log_id)
            return
        now = self._clock.now()
        seen = Observation(grant=Grant.PRESENT)
        after = replace(case.connection.observed(seen, at=now, now=now), due_at=now + ENDING_LOOK)
        async with self._work.writing() as unit:
            await unit.connections.save(after)
            await unit.commit()

    async def _fresh_enough(self, case: _Case) -> _Case:
        """A platform revokes by the access token, so one that has run out is renewed first."""
        credentials = _held(case)
        expired = self._clock.now() >= credentials.access_expires_at
        return await self._renew(case) if expired and credentials.refresh else case

    async def _is_shared(self, case: _Case) -> bool:
        """A platform ends a grant per account and app: elsewhere the same account may still be wanted."""
        account = case.connection.account
        if account is None:
            return False
        async with self._work.reading() as unit:
            holders = await unit.connections.holding(account.platform, account.known_as())
        return any(each.id != case.connection.id and each.is_held and not each.is_ending for each in holders)

    async def _finish(
        self, case: _Case, seen: Observation, *, note: str, code: str = "", log_id: str = ""
    ) -> None:
        """Write the proof of an unlink, then erase the credentials; both or neither."""
        now = self._clock.now()
        before = case.connection
        proof = Seen(
            source=Source.REVOKE, observation=seen, at=now, now=now, note=note, code=code, log_id=log_id
        )
        async with self._work.writing() as unit:
            proved = await record(unit, before, before.observed(seen, at=now, now=now), proof)
            await unit.credentials.erase(before.id)
            erased = replace(proved.erased(now), due_at=None)
            gone = Observation(credential=Credential.NONE)
            await record(unit, proved, erased, replace(proof, observation=gone, note="erased"))
            await _tell_proved(unit, erased, now, note)
            await unit.commit()

    async def _against(self, case: _Case, trouble: NeedsPerson, source: Source) -> None:
        """Write down a definitive answer against the connection."""
        now = self._clock.now()
        before = case.connection
        after = replace(
            before.observed(trouble.observation, at=now, now=now), due_at=now + PROBE_EVERY, failures=0
        )
        seen = Seen(
            source=source,
            observation=trouble.observation,
            at=now,
            now=now,
            code=trouble.code,
            log_id=trouble.log_id,
        )
        async with self._work.writing() as unit:
            if _changed(before, after):
                await record(unit, before, after, seen)
            else:
                await unit.connections.save(after)
            await unit.commit()

    async def _postpone(self, connection: Connection, until: datetime | None = None) -> None:
        """Plan the next try after something that will pass: later each time, never later than a usual look."""
        now = self._clock.now()
        async with self._work.writing() as unit:
            fresh = await unit.connections.get(connection.workspace, connection.id)
            if fresh is None:
                return
            wait = min(FIRST_RETRY * 2 ** min(fresh.failures, 10), PROBE_EVERY)
            due = max(now + wait, until or now)
            try:
                await unit.connections.save(replace(fresh, failures=fresh.failures + 1, due_at=due))
            except Stale:
                return
            await unit.commit()


async def _tell_proved(unit: UnitOfWork, connection: Connection, now: datetime, how: str) -> None:
    await unit.facts.add(
        Fact(
            id=new_id("fa"),
            kind=FactKind.UNLINK_PROVED,
            workspace=connection.workspace,
            at=now,
            client_id=connection.client_id,
            subject=connection.id,
            details={"how": how},
        )
    )


def _held(case: _Case) -> Credentials:
    assert case.credentials is not None
    return case.credentials


def _renewal_due(connection: Connection, now: datetime) -> bool:
    held = connection.sides.credential in {Credential.HELD, Credential.EXPIRING}
    return held and connection.refresh_at is not None and now >= connection.refresh_at


def _shown_by(proof: Proof, connection: Connection, *, needs_met: bool) -> Observation:
    """Return what a proof shows. Another identity answering says nothing good about the grant of ours."""
    known = connection.account
    if known is not None and known.id not in proof.account.known_as():
        return Observation(account=Standing.CHANGED)
    return Observation(
        credential=Credential.HELD,
        grant=Grant.PRESENT if needs_met else Grant.NARROWED,
        account=Standing.NORMAL,
        granted=proof.granted,
        handle=proof.account.handle,
    )


def _changed(before: Connection, after: Connection) -> bool:
    """True where an observation is news: history keeps changes, not every repetition of the same."""
    return (before.state, before.reason, before.account, before.sides.granted, before.failures > 0) != (
        after.state,
        after.reason,
        after.account,
        after.sides.granted,
        after.failures > 0,
    )
