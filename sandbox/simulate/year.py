"""One simulated agency from its first link to the last day: weather, mishaps, ticks, and who was told when."""

import asyncio
import resource
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sandbox.faults import Fault
from sandbox.journey import LostError
from sandbox.simulate.agenda import Agenda
from sandbox.simulate.dice import Dice
from sandbox.simulate.figures import AILING, PROBE_INTERVAL, UNPROVED_WITHIN, Break, Figures
from sandbox.simulate.fleet import Link, fleet, set_up, sign_up
from sandbox.simulate.hearing import Hearing
from sandbox.simulate.mishaps import Mishaps
from sandbox.simulate.people import People
from sandbox.simulate.stage import staged
from sandbox.simulate.truth import Truth
from sandbox.simulate.weather import DAY, HOUR, Weather

TICK = timedelta(minutes=15)
"""How far apart two ticks may be: the simulated scheduler takes together what falls due in so long."""
BREAKS_EVERY = 30 * DAY / 0.128
"""The mean time between two mishaps of an account: 12 % of all accounts break in any 30 days (1 - exp(-0.128))."""
ANNOYED_EVERY = 60 * DAY
HUMAN_DELAY = 9 * HOUR
AGAIN = 2 * HOUR
TICKS_AT_ONCE = 200
PATIENCE = 5.0
"""Real seconds that a webhook may take over loopback."""

Progress = Callable[[str, float], None]
"""Is told what is going on, and how much of it is done, from 0 to 1."""


class Year:
    """Plays one agency. Truth is the emulators'; what people know is what the emulated Slack shows them."""

    def __init__(self, accounts: int, days: int, seed: str) -> None:
        self.figures = Figures(accounts=accounts, days=days)
        self._links = fleet(accounts)
        self._span = timedelta(days=days)
        self._dice = Dice(seed)
        self._truth = Truth()
        self._agenda = Agenda()
        self._breaks: list[Break] = []
        self._broken: dict[Link, Break] = {}
        self._warnings: dict[Link, str] = {}
        self._alarms: dict[Link, str] = {}
        self._by_channel = {(link.brand.channel_id, link.platform): link for link in self._links}

    # ---- the wire's observer ----

    def asks(self, path: str, body: bytes) -> None:
        """Count a request; lose its answer where that was planned."""
        if path.endswith(("/oauth/token/", "/refresh_access_token")):
            self.figures.refresh_calls += 1
        elif path.startswith(("/open.tiktokapis.com", "/graph.instagram.com")):
            self.figures.probe_calls += 1
        if self._truth.is_losing(path, body):
            self._stage.sandbox.world.faults.add(Fault("tiktok.oauth.token", "drop_after"))

    def answered(self, path: str, answer: bytes) -> None:
        """Remember the tokens that reached the bot."""
        self._truth.given(path, answer)

    # ---- the run ----

    async def run(self, progress: Progress) -> Figures:
        """Play it from the beginning to the end."""
        async with staged(self) as stage:
            self._stage = stage
            self._hearing = Hearing(stage.sandbox.slack)
            self._mishaps = Mishaps(stage.people, self._truth, self._dice)
            self._people = People(stage, self._truth, self._mishaps, self._dice)
            self._weather = Weather(stage.sandbox, self._agenda, self._dice, stage.clock.now)
            await self._open(progress)
            await self._live(progress)
        self._finish()
        return self.figures

    async def _open(self, progress: Progress) -> None:
        stage, done = self._stage, 0
        await sign_up(stage.people, self._links)
        stage.sandbox.tiktok.set_switches({"password_change_kills_tokens": True})
        self._truth.attend(self._links, stage.sandbox.tiktok, stage.sandbox.instagram)
        async for _ in set_up(stage.people, self._links):
            done += 1
            progress("linking", done / len(self._links))
            stage.clock.advance(PROBE_INTERVAL.total_seconds() / len(self._links))
        self._due = await self._tick()
        self._hearing = Hearing(stage.sandbox.slack)
        for link in self._links:
            self._plan_mishap(link)
            self._plan_annoyance(link)
        self._weather.begin()

    async def _live(self, progress: Progress) -> None:
        clock, begins = self._stage.clock, self._stage.clock.now()
        self._until = ends = begins + self._span
        while (now := clock.now()) < ends:
            wakes = max(self._due or ends, now + self._step())
            coming = min(wakes, self._agenda.next or ends, ends)
            clock.turn_to(coming)
            while act := self._agenda.due(coming):
                await act()
            self._due = await self._tick()
            self._hear()
            progress("living", (coming - begins) / self._span)

    def _step(self) -> timedelta:
        """Return how far time is turned at least."""
        return TICK

    async def _tick(self) -> datetime | None:
        """Let the scheduler do everything that is due now."""
        now, runtime = self._stage.clock.now(), self._stage.runtime
        due = None
        for _ in range(TICKS_AT_ONCE):
            due = await runtime.tick(now)
            self.figures.ticks += 1
            if due is None or due > now:
                break
        await runtime.tasks.settled()
        return due

    async def _webhooks(self) -> None:
        """Wait until everything that the platforms send now has arrived."""
        sandbox = self._stage.sandbox
        async with asyncio.timeout(PATIENCE):
            await sandbox.tiktok.state.callbacks.arrived()
            await sandbox.instagram.state.callbacks.arrived()

    # ---- what happens ----

    def _plan_mishap(self, link: Link) -> None:
        async def happens() -> None:
            await self._break(link)
            self._plan_mishap(link)

        self._agenda.plan(self._stage.clock.now() + self._dice.after(BREAKS_EVERY), happens)

    async def _break(self, link: Link) -> None:
        """Let something happen to a link that works."""
        if link not in self._broken:
            await self._mishaps.break_one(link)
            await self._webhooks()
        self._look(link)

    def _plan_annoyance(self, link: Link) -> None:
        async def happens() -> None:
            await self._mishaps.annoy(link)
            self._agenda.plan(self._stage.clock.now() + DAY, partial(self._mishaps.calm, link))
            self._plan_annoyance(link)

        self._agenda.plan(self._stage.clock.now() + self._dice.after(ANNOYED_EVERY), happens)

    def _plan_repair(self, link: Link, delay: timedelta) -> None:
        async def happens() -> None:
            try:
                await self._people.repair(link)
            except LostError:
                self._plan_repair(link, AGAIN)
            self._look(link)

        self._agenda.plan(self._stage.clock.now() + delay, happens)

    # ---- what is so, and what is told ----

    def _look(self, link: Link) -> None:
        """Write down that a link broke, or works again."""
        why, since = self._truth.trouble(link)
        now, known = self._stage.clock.now(), self._broken.get(link)
        if why and known is None:
            at = since or now
            who = f"{link.platform} {link.brand.handle}"
            known = Break(who=who, why=why, at=at, bound=at, warned=link in self._warnings)
            self._broken[link] = known
            self._breaks.append(known)
            if self._hearing.stands(link.brand.channel_id, self._alarms.get(link, ""), link.platform):
                known.told_at = at  # the last alert wasn't over yet, and goes on with another reason
                self._plan_repair(link, self._human_delay())
        elif not why and known is not None:
            known.repaired_at = now
            del self._broken[link]
        if not why and not self._truth.ends_soon(link):
            self._warnings.pop(link, None)

    def _hear(self) -> None:
        for channel, platform, message in self._hearing.news():
            link = self._by_channel.get((channel, platform))
            if link is not None:
                self._look(link)
                self._told(link, message)

    def _told(self, link: Link, message: str) -> None:
        broken, now = self._broken.get(link), self._stage.clock.now()
        if broken is not None:
            if broken.told_at is None:
                broken.told_at = now
                self._alarms[link] = message
                self._plan_repair(link, self._human_delay())
            elif self._alarms.get(link) != message:
                self._wrong("duplicate_alerts", link, message)
        elif not self._truth.ends_soon(link):
            self._wrong("false_alarms", link, message)
        elif link not in self._warnings:
            self._warnings[link] = message
            self.figures.warned += 1
            self._plan_repair(link, 8 * self._human_delay())
        elif self._warnings[link] != message:
            self._wrong("duplicate_alerts", link, message)

    def _human_delay(self) -> timedelta:
        return max(timedelta(minutes=10), self._dice.after(HUMAN_DELAY))

    def _wrong(self, kind: str, link: Link, message: str) -> None:
        setattr(self.figures, kind, getattr(self.figures, kind) + 1)
        at = f"{self._stage.clock.now():%F %R}"
        broken = self._broken.get(link)
        why = f"{broken.why} since {broken.at:%F %R}, told {broken.told_at:%F %R}" if broken else "in order"
        said = self._hearing.said(link.brand.channel_id, message)
        self.figures.misses.append(f"{kind}: {link.platform} {link.brand.handle} {at}, {why}: {said}")

    def _finish(self) -> None:
        for each in self._breaks:
            platform = each.who.partition(" ")[0]
            promised = UNPROVED_WITHIN if each.why == AILING else timedelta()
            until = each.at + promised + PROBE_INTERVAL + TICK
            each.bound = self._weather.in_time(platform, each.at, until)
            if each.why == "hidden":  # whether it is, the other platform is asked, too
                each.bound = self._weather.in_time("tiktok", each.at, each.bound)
        self.figures.count(self._breaks, self._until)
        self.figures.relinks = self._people.relinks
        self.figures.recoveries = sum(each.repaired_at is not None for each in self._breaks)
        used = resource.getrusage(resource.RUSAGE_SELF)
        self.figures.cpu_seconds = round(used.ru_utime + used.ru_stime, 1)
        self.figures.peak_memory_mb = round(used.ru_maxrss / 1024, 1)
