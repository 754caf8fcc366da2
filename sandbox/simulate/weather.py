"""The weather over a whole platform: outages, days of 5xx, throttling, Meta's weeks of false answers, other rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.faults import UNTIL_CLEARED, Fault, Kind
from sandbox.server import Sandbox
from sandbox.simulate.agenda import Act, Agenda
from sandbox.simulate.dice import Dice

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CATCH_UP = timedelta(minutes=40)
"""After an outage the scheduler may be waiting for its next try: half an hour at most, and a tick."""
CALLS: Mapping[str, tuple[str, ...]] = {
    "tiktok": ("tiktok.oauth", "tiktok.user_info", "tiktok.creator_info"),
    "instagram": ("instagram.oauth", "instagram.me", "instagram.limit"),
}
"""Operations that only the app uses: people go on signing in and tidying their settings."""
FALSE_ANSWER = "100/33"
FALSE_HOURS, TRUE_HOURS, FALSE_DAYS = 20, 4, 21
"""Meta's false answers of May 2026 came for weeks, though not without a pause."""


@dataclass(frozen=True, slots=True)
class Spell:
    """One kind of weather: how often it comes over a platform, how long it stays, what calls meet."""

    every: timedelta
    lasts: timedelta
    what: Kind
    code: str = ""


SPELLS = (
    Spell(20 * DAY, HOUR, "refuse", "http_503"),
    Spell(30 * DAY, HOUR, "drop_before"),
    Spell(30 * DAY, 2 * HOUR, "throttle"),
    Spell(120 * DAY, DAY, "refuse", "http_500"),
)


class Weather:
    """Puts spells on the agenda, and remembers when a platform answered nobody."""

    def __init__(self, sandbox: Sandbox, agenda: Agenda, dice: Dice, now: Callable[[], datetime]) -> None:
        self._sandbox = sandbox
        self._agenda = agenda
        self._dice = dice
        self._now = now
        self._dark: dict[str, list[tuple[datetime, datetime]]] = {platform: [] for platform in CALLS}

    def begin(self) -> None:
        """Plan the first of everything."""
        for platform in CALLS:
            for spell in SPELLS:
                self._plan(spell.every, self._spell(platform, spell))
        self._plan(120 * DAY, self._false_weeks)
        self._plan(60 * DAY, self._other_rules)

    def in_time(self, platform: str, since: datetime, until: datetime) -> datetime:
        """Return until when telling is in time: hours in which the platform answered nobody don't count."""
        for begins, ends in self._dark[platform]:
            if begins < until and ends > since:
                until += ends - max(begins, since) + CATCH_UP
        return until

    def _plan(self, every: timedelta, act: Act) -> None:
        self._agenda.plan(self._now() + self._dice.after(every), act)

    def _spell(self, platform: str, spell: Spell) -> Act:
        async def breaks_out() -> None:
            code = "" if spell.what != "refuse" else spell.code
            self._cover(platform, spell.lasts, [(where, spell.what, code) for where in CALLS[platform]])
            self._plan(spell.every, breaks_out)

        return breaks_out

    async def _false_weeks(self) -> None:
        """Reads of Instagram answer "no such object" for most of three weeks. Renewals are spared."""
        begins = self._now()
        false: list[tuple[str, Kind, str]] = [
            (where, "refuse", FALSE_ANSWER) for where in ("instagram.me", "instagram.limit")
        ]
        for day in range(FALSE_DAYS):

            async def covered() -> None:
                self._cover("instagram", FALSE_HOURS * HOUR, false)

            self._agenda.plan(begins + day * (FALSE_HOURS + TRUE_HOURS) * HOUR, covered)
        self._plan(200 * DAY, self._false_weeks)

    async def _other_rules(self) -> None:
        """TikTok changes the lifetimes it gives, and whether a renewal pushes the end on."""
        lifetimes = self._dice.among({"2h_180d": 3, "24h_365d": 1})
        refresh_life = self._dice.among({"slides": 3, "from_consent": 1})
        self._sandbox.tiktok.set_switches({"lifetimes": lifetimes, "refresh_life": refresh_life})
        self._plan(60 * DAY, self._other_rules)

    def _cover(self, platform: str, lasts: timedelta, what: list[tuple[str, Kind, str]]) -> None:
        begins, faults = self._now(), self._sandbox.world.faults
        met = [Fault(where, kind, UNTIL_CLEARED, code) for where, kind, code in what]
        for fault in met:
            faults.add(fault)
        self._dark[platform].append((begins, begins + lasts))

        async def clears() -> None:
            for fault in met:
                faults.remove(fault)

        self._agenda.plan(begins + lasts, clears)
