"""How a client's people want to hear of trouble: shown to everybody, changed by those who look after the client."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time, timedelta

from core.domain.alerts import DAYS_AHEAD, MORNING, PATIENCE, AlertPolicy, QuietHours, Rhythm
from core.domain.client import Client, Person
from core.domain.refusals import Refusal
from core.ports import Clock, Directory, UnitOfWork, Work
from core.usecases.alerting import rearm
from core.usecases.clients import known_client, require_manager, tell_saved
from core.usecases.record import in_turn

_DAY_MINUTES = 24 * 60
_HOURS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertForm:
    """What a person filled in. `patience` is in minutes, 0 for never ringing anybody; times of day as ISO says them."""

    channel: str = ""
    days: tuple[int, ...] = DAYS_AHEAD
    patience: int = PATIENCE // timedelta(minutes=1)
    quiet_from: str = ""
    quiet_to: str = ""
    digest: Rhythm = Rhythm.WEEKLY
    hour: int = MORNING.hour

    def policy(self) -> AlertPolicy:
        """Return the form as a policy; it was checked."""
        has_quiet = bool(self.quiet_from and self.quiet_to)
        return AlertPolicy(
            channel=self.channel,
            days=tuple(sorted(set(self.days), reverse=True)),
            patience=timedelta(minutes=self.patience) if self.patience else None,
            quiet=_quiet(self.quiet_from, self.quiet_to) if has_quiet else None,
            digest=self.digest,
            hour=self.hour,
        )


def check_alerts(form: AlertForm) -> Mapping[str, str]:
    """Return what is wrong with a form: its field's name → the refusal's code. Empty where nothing is."""
    wrong: dict[str, str] = {}
    if not form.days or not set(form.days) <= set(DAYS_AHEAD):
        wrong["days"] = "days_missing"
    if not 0 <= form.patience <= _DAY_MINUTES:
        wrong["patience"] = "patience_out_of_range"
    if bool(form.quiet_from) != bool(form.quiet_to):
        wrong["quiet_to" if form.quiet_from else "quiet_from"] = "quiet_half"
    elif form.quiet_from and not _is_time(form.quiet_from, form.quiet_to):
        wrong["quiet_from"] = "quiet_unreadable"
    if not 0 <= form.hour < _HOURS:
        wrong["hour"] = "hour_out_of_range"
    return wrong


class AlertSettings:
    """Reads and changes how a client's people hear."""

    def __init__(self, *, work: Work, clock: Clock, directory: Directory) -> None:
        self._work = work
        self._clock = clock
        self._directory = directory

    async def may_change(self, person: Person, client_id: str) -> Client:
        """Return the client whose alerts this person may change. Raises Refusal `not_allowed` or `unknown_client`."""
        async with self._work.reading() as unit:
            client = await known_client(unit, person.workspace, client_id)
        await require_manager(self._directory, person, client)
        return client

    async def save(self, person: Person, client_id: str, form: AlertForm) -> Client:
        """Save how a client's people hear from now on. Raises Refusal."""
        for field, code in check_alerts(form).items():
            raise Refusal(code, field=field)
        await self.may_change(person, client_id)

        async def change(unit: UnitOfWork) -> Client:
            now = self._clock.now()
            client = await known_client(unit, person.workspace, client_id)
            saved = await unit.clients.save(replace(client, alerts=form.policy()))
            await rearm(unit, saved, now)
            await tell_saved(unit, saved, by=person.user, at=now)
            return saved

        return await in_turn(self._work, change)


def _is_time(*texts: str) -> bool:
    try:
        _quiet(texts[0], texts[1])
    except ValueError:
        return False
    return True


def _quiet(begins: str, ends: str) -> QuietHours:
    return QuietHours(begins=time.fromisoformat(begins), ends=time.fromisoformat(ends))
