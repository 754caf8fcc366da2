"""Preflight for people: a file, what each platform says to it for this client, and what one press would change."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.domain.client import Client, Person
from core.domain.limits import AccountLimits
from core.domain.own_limits import own_limits
from core.domain.preflight import ACCOUNT_FRESH, Draft, Music
from core.domain.refusals import Refusal
from core.domain.remedy import remedies
from core.domain.rendition import Cut, Progress, Recipe
from core.ports import Clock, Kept, MediaOrigin, MediaStore, Renditions, Work
from core.usecases.mending import Mended, Mending, Wish
from core.usecases.posters import Posters
from core.usecases.preflight import Preflight, Report
from core.usecases.watching import Watching

LOOKS = 2
"""A look that renews the credentials may be content with that; the next one asks the account."""
SHORTEST = 0.1
"""Seconds of the part that is tried where only what else would change is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a person wants to know. Without targets: what fits on both platforms. `client` brings its accounts."""

    targets: tuple[str, ...] = ()
    client: str | None = None
    draft: Draft = field(default_factory=Draft)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What Fix would do. `longest` in seconds is set where a person must first choose the part to keep.

    `refused` is why there is nothing to press: Refusal `fix_not_needed` or `fix_impossible`.
    """

    recipes: tuple[Recipe, ...] = ()
    longest: float | None = None
    shortest: float = 0.0
    refused: Refusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A report with what goes around it. `kept` and `poster` are in the media store, where they are at all."""

    report: Report
    plan: Plan
    client: Client | None
    kept: Kept | None
    poster: Kept | None
    fetched: int


class Preflighting:
    """Examines and mends files for people. `posters` makes pictures beside renditions that take long."""

    def __init__(  # noqa: PLR0913 - what one surface needs
        self,
        *,
        preflight: Preflight,
        mending: Mending,
        posters: Renditions,
        store: MediaStore,
        watching: Watching,
        work: Work,
        clock: Clock,
    ) -> None:
        self._preflight = preflight
        self._mending = mending
        self._posters = Posters(renditions=posters, store=store, clock=clock)
        self._store = store
        self._watching = watching
        self._work = work
        self._clock = clock

    @property
    def targets(self) -> Sequence[str]:
        """The targets on the platforms' own roads."""
        return [each for each in self._preflight.targets if each.count(".") == 1]

    async def examine(self, person: Person, origin: MediaOrigin, order: Order) -> Examined:
        """Reads a file and judges it. Raises Refusal `outsider`, `unknown_client`, `unknown_target`, or why not."""
        client, accounts = await self._about(person, order)
        async with origin.look() as source:
            report = await self._preflight.of(
                [source], draft=_asking(order, accounts), targets=order.targets, accounts=accounts
            )
            kept = await self._kept(report, source.fileno() is not None)
        return Examined(
            report=report,
            plan=plan(report),
            client=client,
            kept=kept,
            poster=await self._posters.of(report.media[0], kept),
            fetched=origin.fetched,
        )

    async def fix(
        self, person: Person, origin: MediaOrigin, order: Order, cut: Cut | None
    ) -> AsyncGenerator[Progress | Examined, None]:
        """Repeats safely: make what fits, telling how far it is; then an Examined for each new file.

        Closing the generator cancels. Raises Refusal as `examine` and Mending do.
        """
        client, accounts = await self._about(person, order)
        wish = Wish(targets=order.targets, accounts=accounts, cut=cut)
        async with aclosing(self._mending.fix(origin, wish)) as steps:
            async for step in steps:
                if isinstance(step, Mended):
                    yield await self._examined(step, order, client, accounts)
                else:
                    yield step

    async def _examined(
        self, mended: Mended, order: Order, client: Client | None, accounts: Mapping[str, AccountLimits]
    ) -> Examined:
        media = replace(mended.report.media[0], name=mended.name)
        report = self._preflight.judge(
            [media], draft=_asking(order, accounts), targets=mended.remedy.targets, accounts=accounts
        )
        return Examined(
            report=report,
            plan=plan(report),
            client=client,
            kept=mended.kept,
            poster=await self._posters.of(media, mended.kept),
            fetched=0,
        )

    async def _about(self, person: Person, order: Order) -> tuple[Client | None, Mapping[str, AccountLimits]]:
        """Return the client and what its accounts allow, asked for anew where that was a while ago."""
        if person.is_outsider:
            raise Refusal("outsider")
        if order.client is None:
            return None, {}
        async with self._work.reading() as unit:
            client = await unit.clients.get(person.workspace, order.client)
            connections = await unit.connections.of_client(person.workspace, order.client)
        if client is None:
            raise Refusal("unknown_client", typed="", known="")
        now, found = self._clock.now(), {}
        for each in connections:
            known = own_limits(each, now)
            for _ in range(LOOKS):
                if known is not None and each.is_in_use and _is_old(known, now):
                    known = own_limits(await self._watching.look(person.workspace, each.id), now)
            if known is not None:
                found[str(each.platform)] = known
        return client, found

    async def _kept(self, report: Report, is_here: bool) -> Kept | None:  # noqa: FBT001 - a fact
        sha256 = report.media[0].sha256
        return await self._store.find(sha256, at=self._clock.now()) if is_here and sha256 else None


def plan(report: Report) -> Plan:
    """Return what mending this would do, as far as that is known before anybody chose anything."""
    sets = [each.limits for each in report.targets.values()]
    findings = {each.limits.target: each.findings for each in report.targets.values()}
    media = report.media[0]
    try:
        found = remedies(media, findings, sets)
    except Refusal as refusal:
        if refusal.code != "fix_cut_needed":
            return Plan(refused=refusal)
        longest, shortest = float(refusal.facts["longest"]), float(refusal.facts["shortest"])
        tried = Cut(0.0, max(min(longest, media.duration or longest), shortest, SHORTEST))
        try:
            found = remedies(media, findings, sets, cut=tried)
        except Refusal as other:
            return Plan(refused=other)
        anew = tuple(replace(each.recipe, cut=None) for each in found)
        return Plan(recipes=anew, longest=longest, shortest=shortest)
    return Plan(recipes=tuple(each.recipe for each in found))


def _asking(order: Order, accounts: Mapping[str, AccountLimits]) -> Draft:
    """Where accounts are known to post it, whose music it is matters, so it is asked once."""
    if not accounts or order.draft.music is not None:
        return order.draft
    return replace(order.draft, music=Music.UNASKED)


def _is_old(known: AccountLimits, now: datetime) -> bool:
    return now - known.seen_at > ACCOUNT_FRESH
