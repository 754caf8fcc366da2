"""Know before anybody waits: probe the files of a post and hold them against the rules of where it goes."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.domain.limits import AccountLimits, LimitSet
from core.domain.media import Media
from core.domain.preflight import Draft, Finding, Verdict, examine, verdict
from core.domain.targets import choose
from core.ports import Clock, Kept, MediaProbe, MediaSource

REMEMBERED = 64
"""Kept files whose facts are at hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One target's findings, what blocks first, and what they amount to."""

    limits: LimitSet
    verdict: Verdict
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a preflight found: the files' facts, and a judgement for each target under the name it was asked by."""

    media: tuple[Media, ...]
    targets: Mapping[str, Judged]

    @property
    def verdict(self) -> Verdict:
        """The worst of all targets."""
        order = list(Verdict)
        return max((each.verdict for each in self.targets.values()), key=order.index, default=Verdict.READY)


class Preflight:
    """Examines files for targets. `sets` are the rules by target's full name."""

    def __init__(self, *, probe: MediaProbe, sets: Mapping[str, LimitSet], clock: Clock) -> None:
        self._probe = probe
        self._sets = sets
        self._clock = clock
        self._facts: OrderedDict[tuple[str, str], Media] = OrderedDict()

    @property
    def sets(self) -> Mapping[str, LimitSet]:
        """The rules by target's full name."""
        return self._sets

    @property
    def targets(self) -> Sequence[str]:
        """Every target's full name."""
        return list(self._sets)

    async def of(
        self,
        sources: Sequence[MediaSource],
        *,
        draft: Draft | None = None,
        targets: Sequence[str] = (),
        accounts: Mapping[str, AccountLimits] | None = None,
    ) -> Report:
        """Reads the files and judges them as one post. Raises Refusal `unknown_target`, or why a file can't be had."""
        media = await asyncio.gather(*map(self.probe, sources))
        return self.judge(media, draft=draft, targets=targets, accounts=accounts)

    async def probe(self, source: MediaSource) -> Media:
        """Reads a file's facts. Raises Refusal: why it can't be had."""
        return await self._probe.probe(source)

    async def facts(self, kept: Kept, source: MediaSource) -> Media:
        """Reads a kept file's facts, once: what is in it never changes. Raises Refusal: why it can't be had."""
        key = kept.sha256, source.name
        media = self._facts.get(key)
        if media is None:
            media = await self._probe.probe(source, sha256=kept.sha256)
            if not media.troubles:
                self._facts[key] = media
        if len(self._facts) > REMEMBERED:
            self._facts.popitem(last=False)
        return media

    def judge(
        self,
        media: Sequence[Media],
        *,
        draft: Draft | None = None,
        targets: Sequence[str] = (),
        accounts: Mapping[str, AccountLimits] | None = None,
    ) -> Report:
        """Reads nothing: judges files whose facts are known. `accounts` by platform, where a client is named."""
        draft = draft or Draft()
        judged = {}
        for name, rules in choose(targets, media, self._sets).items():
            account = next(
                (own for platform, own in (accounts or {}).items() if platform in name.split(".")), None
            )
            if account and draft.to_inbox:
                account = replace(account, max_duration=None)
            joined = rules.joined(account) if account else rules
            findings = examine(media, draft, joined, self._clock.now())
            judged[name] = Judged(limits=joined, verdict=verdict(findings), findings=findings)
        return Report(media=tuple(media), targets=judged)
