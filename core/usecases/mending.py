"""Making media fit: the least change that its findings ask for, made once, looked at again before anybody trusts it."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import PurePath

from core.domain.limits import AccountLimits, Severity
from core.domain.media import Media
from core.domain.refusals import Refusal
from core.domain.remedy import ABOUT_POST, Remedy, mendable, remedies
from core.domain.rendition import CannotCopy, Cut, Progress
from core.ports import Clock, Held, Kept, MediaOrigin, MediaStore, Renditions
from core.usecases.preflight import Preflight, Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A file that fits: where it is kept, what was done, and its own preflight for the targets it was made for."""

    kept: Kept
    name: str
    remedy: Remedy
    report: Report
    was_there: bool
    """True where the same fix had been made before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person wants: targets by name, the limits of the accounts it goes to, and the part to keep."""

    targets: tuple[str, ...] = ()
    accounts: Mapping[str, AccountLimits] | None = None
    cut: Cut | None = None


class Mending:
    """Makes renditions."""

    def __init__(
        self, *, preflight: Preflight, store: MediaStore, renditions: Renditions, clock: Clock
    ) -> None:
        self._preflight = preflight
        self._store = store
        self._renditions = renditions
        self._clock = clock

    async def fix(self, origin: MediaOrigin, wish: Wish) -> AsyncGenerator[Progress | Mended, None]:
        """Repeats safely: make what is needed, telling how far it is; then a Mended for each file, mostly one.

        Closing the generator cancels. Raises Refusal: why the file can't be had, `fix_…` why it can't be mended,
        `fix_failed` with the rule's code where the result is not clean after all.
        """
        share = -1.0
        async with aclosing(self._fixed(origin, wish)) as steps:
            async for step in steps:
                if isinstance(step, Mended):
                    yield step
                elif step.fraction > share:  # what is begun anew has been further already
                    share = step.fraction
                    yield step

    async def _fixed(self, origin: MediaOrigin, wish: Wish) -> AsyncGenerator[Progress | Mended, None]:
        """Carry the plan out; where a track can't be copied after all, one in which it is made anew."""
        yield Progress(0.0)
        async with origin.hold() as held:
            report = await self._preflight.of([held.source], targets=wish.targets, accounts=wish.accounts)
            anew, made = frozenset[str](), 0
            plan = _plan(report, wish, anew)
            while made < len(plan):
                carried_out = self._carried_out(held, report.media[0], plan[made], wish)
                try:
                    async with aclosing(carried_out) as steps:
                        async for step in steps:
                            yield step if isinstance(step, Mended) else _part(step, made, len(plan))
                except CannotCopy as unfit:
                    if unfit.track in anew:
                        raise Refusal("fix_unreadable") from None
                    anew |= {unfit.track}
                    plan = _plan(report, wish, anew)
                else:
                    made += 1

    async def _carried_out(
        self, held: Held, media: Media, remedy: Remedy, wish: Wish
    ) -> AsyncGenerator[Progress | Mended, None]:
        digest = remedy.recipe.digest(held.sha256)
        known = await self._store.made(digest, at=self._clock.now())
        kept = known
        if kept is None:
            async with self._store.scratch() as file:
                async with aclosing(self._renditions.make(held.source, remedy.recipe, file)) as steps:
                    async for step in steps:
                        yield step
                kept = await self._store.adopt(file, at=self._clock.now())
        name = _name(media.name, remedy)
        report = await self._looked_at(kept, name, remedy, wish)
        await self._store.note(digest, kept)
        yield Mended(kept=kept, name=name, remedy=remedy, report=report, was_there=known is not None)

    async def _looked_at(self, kept: Kept, name: str, remedy: Remedy, wish: Wish) -> Report:
        """Judge the result like any file. Raises Refusal `fix_failed` where it isn't clean."""
        with self._store.open(kept, name=name) as source:
            report = await self._preflight.of([source], targets=remedy.targets, accounts=wish.accounts)
        for judged in report.targets.values():
            for each in judged.findings:
                is_about_file = not each.code.startswith(ABOUT_POST)
                if is_about_file and (each.severity is Severity.BLOCK or mendable(each)):
                    raise Refusal("fix_failed", rule=each.code, measured=each.measured, allowed=each.allowed)
        return report


def _plan(report: Report, wish: Wish, anew: frozenset[str]) -> Sequence[Remedy]:
    judged = report.targets
    return remedies(
        report.media[0],
        {each.limits.target: each.findings for each in judged.values()},
        [each.limits for each in judged.values()],
        cut=wish.cut,
        anew=anew,
    )


def _part(step: Progress, made: int, of: int) -> Progress:
    """Return how far all files are, by how far the one after those that are made is."""
    return Progress((made + step.fraction) / of)


def _name(name: str, remedy: Remedy) -> str:
    return PurePath(name).stem + (".jpg" if remedy.recipe.still else ".mp4")
