"""One connection under our lease: loaded with what a look needs, written on top of what others wrote meanwhile."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.account import FLEETING
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.credentials import Credentials
from core.domain.errors import NeedsPerson
from core.domain.evidence import Source
from core.domain.observation import Capability, Observation
from core.ports import Clock, Provider, Providers, UnitOfWork, Work
from core.usecases.ledger import Lease, Ledger, Line
from core.usecases.record import ERASED, Seen, close, in_turn, record

log = logging.getLogger(__name__)

Change = Callable[[Connection], Connection]


class Overtaken(Exception):
    """The credentials of a look were replaced or erased meanwhile: what the former ones showed is history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A connection with its credentials, its client, and the road to its platform.

    `planned` is the look that was due when this one began: another moment in its place is somebody's wish. `named`
    is the id by which the token endpoint named the account, once these credentials were issued in this very look.
    """

    connection: Connection
    planned: datetime | None
    client: Client
    credentials: Credentials
    provider: Provider
    lease: Lease
    named: str = ""

    @property
    def needs(self) -> frozenset[Capability]:
        """What the client needs of this connection, as far as its provider offers it."""
        return self.provider.traits.wanted(self.client.needs())


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A look that got no answer: why, by the platform's code or ours, and when it asked us to come back."""

    code: str
    log_id: str = ""
    until: datetime | None = None

    def seen(self, now: datetime) -> Seen:
        """What history keeps of it."""
        return Seen(
            source=Source.PROBE,
            observation=Observation(),
            at=now,
            now=now,
            note="no_answer",
            code=self.code,
            log_id=self.log_id,
        )


class Cases:
    """Loads cases and writes what came of them. Whoever looks holds the lease; others may write all the same."""

    def __init__(self, *, work: Work, clock: Clock, providers: Providers) -> None:
        self._work = work
        self._clock = clock
        self._providers = providers
        self._ledger = Ledger(work)

    def now(self) -> datetime:
        """Reads the present moment."""
        return self._clock.now()

    async def load_every(self, claimed: Sequence[Connection], owner: str) -> Sequence[Case]:
        """Return the cases of connections just claimed; where there is nothing to look with, that is written down."""
        async with self._work.reading() as unit:
            clients = await unit.clients.of_connections(claimed)
            credentials = await unit.credentials.of_every([each.id for each in claimed])
        for connection in claimed:
            if connection.id not in credentials:
                await self._nothing_held(connection)
        return [
            Case(
                connection=each,
                planned=each.due_at,
                client=clients[each.id],
                credentials=credentials[each.id],
                provider=self._providers[each.platform],
                lease=Lease(owner),
            )
            for each in claimed
            if each.id in credentials
        ]

    async def _nothing_held(self, connection: Connection) -> None:
        """Stop looking. A connection that thought it held something learns that it does not."""

        async def change(unit: UnitOfWork) -> None:
            now = self._clock.now()
            before = await unit.connections.get(connection.workspace, connection.id)
            if before is None or await unit.credentials.of(connection.id) is not None:
                return
            lost = Seen(source=Source.PROBE, observation=ERASED, at=now, now=now, note="credentials_missing")
            if before.is_held:
                await record(unit, before, before.erased(now), lost)
            else:
                await unit.connections.save(replace(before, due_at=None).judged(now))

        await in_turn(self._work, change)

    async def write(
        self, case: Case, seen: Seen, change: Change, *, issued: Credentials | None = None, last: bool = False
    ) -> Case:
        """Apply a change to the connection as it is by now, with new credentials where some were issued.

        `last` says that the look ends with it, and the lease too. History keeps what is news, not every repetition.
        Raises Overtaken where the credentials are others by now.
        """
        after = change(case.connection)
        if not _is_news(case.connection, after):
            line = Line(after=after, issued=issued, ends=case.lease if last else None)
            kept = await self._ledger.keep(line)
            if kept is not None:
                case.lease.written = kept
                return replace(
                    case, connection=kept, planned=kept.due_at, credentials=issued or case.credentials
                )

        async def step(unit: UnitOfWork) -> Case:
            before = await self._undisturbed(unit, case)
            after = change(before)
            is_wished = before.due_at != case.planned
            if is_wished:
                after = replace(after, due_at=before.due_at)
            if issued is not None:
                await unit.credentials.put(before.id, issued)
            is_kept = _is_history(before, after)
            saved = await (record(unit, before, after, seen) if is_kept else unit.connections.save(after))
            if last:
                await unit.connections.release(before.id, owner=case.lease.owner)
            return replace(
                case,
                connection=saved,
                planned=case.planned if is_wished else saved.due_at,
                credentials=issued or case.credentials,
            )

        written = await in_turn(self._work, step)
        case.lease.written = written.connection
        case.lease.is_held &= not last
        return written

    async def note(self, case: Case, change: Change) -> Case:
        """Write a change of plans that nobody observed, and that is no news."""
        kept = await self._ledger.keep(Line(after=change(case.connection)))
        if kept is None:

            async def step(unit: UnitOfWork) -> Connection:
                return await unit.connections.save(change(await self._undisturbed(unit, case)))

            kept = await in_turn(self._work, step)
        case.lease.written = kept
        return replace(case, connection=kept)

    async def no_answer(self, connection: Connection, silence: Silence, lease: Lease) -> None:
        """Plan the next try of a look that got no answer. What time alone has changed meanwhile becomes news.

        The look ends with it; its lease too, where nobody wrote meanwhile.
        """
        now, known = self._clock.now(), lease.written or connection
        after = known.postponed(now, silence.until)
        is_plain = known.due_at is not None and not _is_news(known, after)
        if is_plain and await self._ledger.keep(Line(after=after, ends=lease)) is not None:
            return

        async def step(unit: UnitOfWork) -> None:
            await self._postpone(unit, connection, silence)

        await in_turn(self._work, step)

    async def _postpone(self, unit: UnitOfWork, connection: Connection, silence: Silence) -> None:
        now = self._clock.now()
        before = await unit.connections.get(connection.workspace, connection.id)
        if before is None or before.due_at is None:
            return
        after = before.postponed(now, silence.until)
        if connection.due_at != before.due_at and after.due_at is not None:
            after = replace(after, due_at=min(before.due_at, after.due_at))
        if _is_news(before, after):
            await record(unit, before, after, silence.seen(now))
        else:
            await unit.connections.save(after)

    async def hasten(self, connection: Connection) -> None:
        """Have another connection looked at as soon as somebody can."""

        async def step(unit: UnitOfWork) -> None:
            fresh = await unit.connections.get(connection.workspace, connection.id)
            if fresh is not None and fresh.is_held:
                await unit.connections.save(fresh.hastened(self._clock.now()))

        await in_turn(self._work, step)

    async def refused(
        self, case: Case, trouble: NeedsPerson, seen: Seen, *, observation: Observation | None = None
    ) -> None:
        """Write down a definitive answer against the connection; `observation` where it means something else here.

        The look ends with it, and the lease too.
        """
        shown = trouble.observation if observation is None else observation
        log.info("needs a person", extra={"connection": case.connection.id, "code": trouble.code})
        against = replace(seen, observation=shown, code=trouble.code, log_id=trouble.log_id)
        await self.write(
            case, against, lambda fresh: fresh.refused(shown, at=seen.at, now=seen.now), last=True
        )

    async def close(self, case: Case, seen: Seen) -> None:
        """End an unlink with its proof. Raises Overtaken where the connection was linked anew meanwhile."""

        async def step(unit: UnitOfWork) -> None:
            await close(unit, await self._undisturbed(unit, case), seen)

        await in_turn(self._work, step)

    @staticmethod
    async def _undisturbed(unit: UnitOfWork, case: Case) -> Connection:
        fresh = await unit.connections.get(case.connection.workspace, case.connection.id)
        held = await unit.credentials.of(case.connection.id)
        if fresh is None or held is None or not held.same_tokens(case.credentials):
            raise Overtaken
        return fresh


def _is_news(before: Connection, after: Connection) -> bool:
    """True where more changed than when it is looked at next."""
    return _known(before) != _known(after)


def _is_history(before: Connection, after: Connection) -> bool:
    """True where that is worth remembering: what every post changes is not."""
    return _known(before, but=FLEETING) != _known(after, but=FLEETING)


def _known(each: Connection, *, but: frozenset[str] = frozenset()) -> tuple[object, ...]:
    details = each.account.details if each.account else {}
    told = {name: value for name, value in details.items() if name not in but}
    identity = each.account and (each.account.id, each.account.handle, told)
    return each.state, each.reason, identity, each.sides.granted, each.failures > 0
