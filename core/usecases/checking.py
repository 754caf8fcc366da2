"""All that is known against a post, asked for anew: its content, its files, and the accounts it goes out as."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.domain.account import Platform
from core.domain.client import Client
from core.domain.composing import Around, Count, Flaw, counts, draft_of, flaws, takes
from core.domain.connection import Connection
from core.domain.creator import CREATOR_FRESH, Creator, creator_of
from core.domain.limits import AccountLimits
from core.domain.media import Kind, Media
from core.domain.observation import Capability
from core.domain.own_limits import own_limits
from core.domain.post import Content, Item, Noted, Post, Remark, Sender, Target
from core.domain.preflight import Finding, Verdict, verdict
from core.domain.refusals import Refusal
from core.domain.verdict import Block
from core.ports import Clock, Kept, MediaStore, Work
from core.usecases.posters import Posters
from core.usecases.preflight import Judged, Preflight, Report
from core.usecases.preflighting import LOOKS, Plan, plan
from core.usecases.watching import Watching


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """A client's accounts, looked at lately: the connection in use on each platform."""

    connections: Mapping[Platform, Connection]
    at: datetime

    @property
    def senders(self) -> Mapping[Platform, Sender]:
        """The accounts that posts go out as."""
        return {
            platform: Sender(
                platform=platform,
                connection_id=each.id,
                account_id=each.account.id,
                handle=each.account.handle or "",
                name=each.account.name,
            )
            for platform, each in self.connections.items()
            if each.account is not None
        }

    @property
    def creator(self) -> Creator | None:
        """TikTok's creator, as fresh as TikTok answered."""
        tiktok = self.connections.get(Platform.TIKTOK)
        return creator_of(tiktok, self.at) if tiktok else None

    def blocked(self, targets: Sequence[Target] = ()) -> Mapping[Platform, Block]:
        """Return what stops each account now; where targets are named, from what they need."""
        drafts = {each.platform for each in targets if each.tiktok.to_inbox}
        found = {}
        for platform, each in self.connections.items():
            needs = Capability.PUBLISH_DRAFT if platform in drafts else Capability.PUBLISH
            if (block := each.verdict(self.at).capabilities[needs]) is not None:
                found[platform] = block
        return found

    def limits(self) -> Mapping[str, AccountLimits]:
        """Return what the accounts report of themselves, but for what `blocked` says already."""
        known = {each: own_limits(one, self.at) for each, one in self.connections.items()}
        return {str(each): replace(one, blocked=None) for each, one in known.items() if one is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A post and what stands against it. `report` is None where there are no files to judge for any target.

    `plan` is what Fix would do about the file at `fix_item`. `poster` is a picture of the first file, in the store.
    """

    post: Post
    client: Client
    flaws: tuple[Flaw, ...] = ()
    report: Report | None = None
    plan: Plan | None = None
    fix_item: int = 0
    counts: tuple[Count, ...] = ()
    creator: Creator | None = None
    senders: Mapping[Platform, Sender] = field(default_factory=dict)
    poster: Item | None = None

    @property
    def verdict(self) -> Verdict:
        """What the findings of all targets amount to."""
        return self.report.verdict if self.report else Verdict.READY

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """All findings, with where they hold."""
        judged = self.report.targets if self.report else {}
        return tuple(
            Remark(form=target.form, finding=finding)
            for target in self.post.content.targets
            if target.form in judged
            for finding in judged[target.form].findings
        )

    def refuse(self) -> None:
        """Raise Refusal `post_incomplete` or `post_blocked`, where anything stops a request."""
        if self.flaws:
            first = self.flaws[0]
            about = {**first.facts, "platform": first.platform or "", "first": first.code}
            raise Refusal("post_incomplete", **about)
        if self.report is not None and self.verdict is Verdict.BLOCKED:
            codes = dict.fromkeys(
                finding.code
                for judged in self.report.targets.values()
                if judged.verdict is Verdict.BLOCKED
                for finding in judged.findings[:1]
            )
            raise Refusal("post_blocked", findings=" ".join(codes))


class Checking:
    """Checks posts. Nothing is written but what looking at accounts writes."""

    def __init__(
        self,
        *,
        preflight: Preflight,
        posters: Posters,
        store: MediaStore,
        watching: Watching,
        work: Work,
        clock: Clock,
    ) -> None:
        self._preflight = preflight
        self._posters = posters
        self._store = store
        self._watching = watching
        self._work = work
        self._clock = clock

    async def check(self, post: Post, client: Client) -> Checked:
        """Return what stands against a post as it is, its accounts asked anew where that was a while ago."""
        content = post.content
        accounts = await self.accounts(client, {each.platform for each in content.targets})
        around = Around(
            senders=accounts.senders, blocked=accounts.blocked(content.targets), creator=accounts.creator
        )
        media, gone = await self._media(content.items)
        fit = [each for each in content.targets if takes(each.form, content.items)] if not gone else []
        report = self._judged(content, fit, media, accounts.limits()) if fit else None
        fix_item, found = _fixable(report) if report else (0, None)
        return Checked(
            post=post,
            client=client,
            flaws=(*flaws(content, around, self._clock.now()), *gone),
            report=report,
            plan=found,
            fix_item=fix_item,
            counts=self.counts(content),
            creator=accounts.creator,
            senders=accounts.senders,
            poster=await self._poster(content.items, media) if not gone else None,
        )

    def counts(self, content: Content) -> tuple[Count, ...]:
        """Return how much of their limits a content's words use."""
        return counts(content, self._preflight.sets)

    async def accounts(self, client: Client, platforms: set[Platform]) -> Accounts:
        """Return a client's accounts; those on these platforms are looked at, unless that was minutes ago."""
        async with self._work.reading() as unit:
            pair = await unit.connections.of_client(client.workspace, client.id)
        chosen: dict[Platform, Connection] = {}
        for each in sorted(pair, key=lambda each: not each.is_in_use):
            chosen.setdefault(each.platform, each)
        looked = await asyncio.gather(
            *(self._fresh(each) for platform, each in chosen.items() if platform in platforms)
        )
        return Accounts(connections=chosen | {each.platform: each for each in looked}, at=self._clock.now())

    async def bring(self, kept: Kept, name: str) -> Item:
        """Read a kept file's facts; return it as an item of a post. Raises Refusal `media_gone`."""
        with self._store.open(kept, name=name) as source:
            media = await self._preflight.facts(kept, source)
        seconds = media.duration if media.kind is Kind.VIDEO else None
        return Item(sha256=kept.sha256, size=kept.size, name=name, kind=media.kind, seconds=seconds)

    def noted(self, checked: Checked) -> Noted:
        """Return what people are to be shown who decide."""
        wanted = {each.platform for each in checked.post.content.targets}
        return Noted(
            at=self._clock.now(),
            senders=tuple(each for platform, each in checked.senders.items() if platform in wanted),
            remarks=checked.remarks,
            poster=checked.poster,
        )

    async def _poster(self, items: Sequence[Item], media: Sequence[Media]) -> Item | None:
        """Return the picture that stands for the first file; None where it can't be shown."""
        for item, facts in zip(items[:1], media, strict=False):
            made = await self._posters.of(facts, Kept(sha256=item.sha256, size=item.size))
            if made is not None:
                return Item(sha256=made.sha256, size=made.size, name="poster.jpg", kind=Kind.IMAGE)
        return None

    async def _fresh(self, connection: Connection) -> Connection:
        """Look until it was proved lately; a look that only renewed the credentials is followed by one that asks."""
        for _ in range(LOOKS):
            proved_at = connection.sides.proved_at
            is_old = proved_at is None or self._clock.now() - proved_at > CREATOR_FRESH
            if connection.is_in_use and is_old:
                connection = await self._watching.look(connection.workspace, connection.id, patient=True)
        return connection

    async def _media(self, items: Sequence[Item]) -> tuple[list[Media], list[Flaw]]:
        """Return the facts of kept files, and a flaw for each that isn't kept any more."""
        found, gone = [], []
        for item in items:
            kept = await self._store.find(item.sha256, at=self._clock.now())
            if kept is None:
                gone.append(Flaw(code="media_gone", field="items", facts={"name": item.name}))
                continue
            with self._store.open(kept, name=item.name) as source:
                found.append(await self._preflight.facts(kept, source))
        return found, gone

    def _judged(
        self,
        content: Content,
        targets: Sequence[Target],
        media: Sequence[Media],
        limits: Mapping[str, AccountLimits],
    ) -> Report:
        judged: dict[str, Judged] = {}
        for each in targets:
            draft = draft_of(content, each)
            report = self._preflight.judge(media, draft=draft, targets=[each.form], accounts=limits)
            judged |= report.targets
        return Report(media=tuple(media), targets=judged)


def _fixable(report: Report) -> tuple[int, Plan | None]:
    """Return the first file that Fix can do something about, and what; else why it can't do anything for the first."""
    plans = [plan(_alone(report, number)) for number in range(len(report.media))]
    found = next((number for number, each in enumerate(plans) if each.recipes), 0)
    return found, plans[found]


def _alone(report: Report, number: int) -> Report:
    """Return what a report says about one of its files."""

    def about(finding: Finding) -> bool:
        return finding.item == number + 1 or len(report.media) == 1

    targets = {
        name: replace(judged, findings=told, verdict=verdict(told))
        for name, judged in report.targets.items()
        for told in [tuple(filter(about, judged.findings))]
    }
    return Report(media=(report.media[number],), targets=targets)
