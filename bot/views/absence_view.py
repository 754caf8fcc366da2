"""Managers who are out of office: the modal that says who decides meanwhile, and the sentences that tell it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot import ids
from bot.ids import Action, AwayField, Callback
from bot.views import blocks, form
from bot.views.blocks import Block, Element, View, plain
from bot.views.text import bold, mention
from bot.views.words.dates import day
from bot.views.words.refusal import refusal_plain
from core.domain.alerts import zone_of
from core.domain.client import Client, Substitute

TITLE = "Out of Office"
_USUAL = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledAbsence:
    """What a person filled in. `manager` is "" where it is about themselves, `last_day` None where none is given."""

    client: str
    manager: str
    substitute: str
    last_day: date | None

    def chosen(self, viewer: str, zone: str) -> Substitute:
        """Return it as the client's policy has it: until the day is over where the client is."""
        until = _over(self.last_day, zone) if self.last_day else datetime.min.replace(tzinfo=UTC)
        return Substitute(manager=self.manager or viewer, user=self.substitute, until=until)


def absence_modal(client: Client, viewer: str, at: datetime, *, of_others: bool) -> View:
    """The form, and the absences that the viewer may end: all for an admin, else their own."""
    there = at.astimezone(zone_of(client.time_zone))
    until = {"type": "datepicker", "initial_date": f"{there + _USUAL:%Y-%m-%d}"}
    return blocks.modal(
        TITLE,
        [
            blocks.context(f"For posts of {bold(client.name)}: somebody decides in a manager's place"),
            *_ongoing(client, viewer, at, of_others=of_others),
            *([_manager(client, viewer)] if of_others else []),
            form.field(
                AwayField.SUBSTITUTE,
                "Who decides meanwhile",
                _person(),
                hint="Requests that wait are theirs to decide at once.",
            ),
            form.field(
                AwayField.UNTIL, "Last day away", until, hint="In the client's time. It ends by itself."
            ),
        ],
        callback=Callback.AWAY,
        submit="Save",
        close="Cancel",
        meta=ids.write(ids.ClientValue(client=client.id), most=ids.PRIVATE_METADATA),
    )


def _ongoing(client: Client, viewer: str, at: datetime, *, of_others: bool) -> list[Block]:
    theirs = [each for each in client.policy.away(at) if of_others or each.manager == viewer]
    return [blocks.section(_told(each), back_button(client, each.manager, viewer)) for each in theirs]


def back_button(client: Client, manager: str, viewer: str) -> Element:
    """The button that ends an absence."""
    label = "I'm Back" if manager == viewer else "Is Back"
    return blocks.button(label, Action.AWAY_BACK, ids.AwayValue(client=client.id, manager=manager))


def _manager(client: Client, viewer: str) -> Block:
    likely = viewer if viewer in client.managers else client.managers[0] if client.managers else ""
    return form.field(AwayField.MANAGER, "Who is away", _person(likely), hint="A manager of this client.")


def _person(chosen: str = "") -> Element:
    element: Element = {"type": "users_select", "placeholder": plain("Choose a person")}
    return element | {"initial_user": chosen} if chosen else element


def read_absence(view: Mapping[str, Any]) -> FilledAbsence:
    """Return what a submitted modal says. Raises ids.Unreadable where it isn't one of ours."""
    client = ids.read(ids.ClientValue, view.get("private_metadata")).client
    answers = form.Answers(view)
    return FilledAbsence(
        client=client,
        manager=answers.text(AwayField.MANAGER, "selected_user"),
        substitute=answers.text(AwayField.SUBSTITUTE, "selected_user"),
        last_day=_day(answers.text(AwayField.UNTIL, "selected_date")),
    )


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _over(last: date, zone: str) -> datetime:
    if last == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return datetime.combine(last + timedelta(days=1), time(), zone_of(zone)).astimezone(UTC)


def absence_errors(wrong: Mapping[str, str], client: Client) -> dict[str, str]:
    """Return `check_absence`'s codes as sentences beside their fields: block id → sentence."""
    return {AwayField(field): refusal_plain(code, {"client": client.name}) for field, code in wrong.items()}


def absence_saved_modal(client: Client, chosen: Substitute) -> View:
    """That it worked, and who decides now."""
    return blocks.modal("Saved", [blocks.section(f"✅ {bold(client.name)}: {_told(chosen)}")])


def absence_lines(client: Client, at: datetime) -> Sequence[str]:
    """Who decides in whose place now, line by line. Slack text."""
    return [_told(each) for each in client.policy.away(at)]


def _told(each: Substitute) -> str:
    last = each.until - timedelta(minutes=1)
    return f"{mention([each.user])} stands in for {mention([each.manager])} until {day(last)}"


def stand_ins(client: Client, deciding: Collection[str]) -> str:
    """Return who of those that are to decide does so in somebody's place, "" where nobody. Slack text."""
    told = [
        _told(each)
        for each in client.policy.substitutes
        if each.user in deciding and each.manager not in deciding
    ]
    return "; ".join(told)
