"""The modal about a client's alerts: where those on call look, how far ahead, how patiently, when quietly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot import ids
from bot.ids import AlertField, Callback
from bot.views import blocks, form
from bot.views.blocks import Block, Element, View, plain
from bot.views.text import bold, listed, mention
from bot.views.words.dates import span
from bot.views.words.refusal import refusal_plain
from core.domain.alerts import DAYS_AHEAD, AlertPolicy, Rhythm
from core.domain.client import Client

TITLE = "Edit Alerts"
_PATIENCE = (15, 30, 60, 120, 240, 480)
_NEVER = "0"
RHYTHM: Mapping[Rhythm, str] = {
    Rhythm.NEVER: "Never",
    Rhythm.DAILY: "Every day",
    Rhythm.WEEKLY: "Every Monday",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledAlerts:
    """What a person filled in, field by field as `core.usecases.alert_settings.AlertForm` wants it."""

    channel: str
    days: tuple[int, ...]
    patience: int
    quiet_from: str
    quiet_to: str
    digest: Rhythm
    hour: int


def alerts_modal(client: Client) -> View:
    """The form, prefilled with how the client's people hear now."""
    alerts = client.alerts
    return blocks.modal(
        TITLE,
        [
            blocks.context(f"For {bold(client.name)}, besides its own channel <#{client.channel}>"),
            _channel(alerts),
            form.field(AlertField.DAYS, "Days before a link ends", _days(alerts.days)),
            form.field(
                AlertField.PATIENCE,
                "Ring those on call after",
                form.select(_patiences(alerts), _minutes(alerts)),
                hint="When nobody has acknowledged an urgent alert by then.",
            ),
            *_quiet(alerts),
            form.field(
                AlertField.DIGEST,
                "Digest",
                form.select([(each, RHYTHM[each]) for each in Rhythm], alerts.digest),
            ),
            form.field(AlertField.HOUR, "Digest at", form.select(_hours(), str(alerts.hour))),
        ],
        callback=Callback.ALERTS,
        submit="Save",
        close="Cancel",
        meta=ids.write(ids.ClientValue(client=client.id), most=ids.PRIVATE_METADATA),
    )


def _channel(alerts: AlertPolicy) -> Block:
    menu: Element = {"type": "channels_select", "placeholder": plain("Choose a channel")}
    if alerts.channel:
        menu["initial_channel"] = alerts.channel
    hint = "Invite Crosslink there. Without one, those on call are written to directly."
    return form.field(AlertField.CHANNEL, "On-call channel", menu, hint=hint, optional=True)


def _quiet(alerts: AlertPolicy) -> list[Block]:
    quiet = alerts.quiet
    rows = (
        (AlertField.QUIET_FROM, "Quiet from", quiet.begins if quiet else None),
        (AlertField.QUIET_TO, "Quiet until", quiet.ends if quiet else None),
    )
    hint = "In the client's time. Alerts still appear; nobody is rung unless posts are waiting."
    shown = []
    for field, label, moment in rows:
        picker: Element = {"type": "timepicker", "placeholder": plain("Choose a time")}
        if moment is not None:
            picker["initial_time"] = moment.isoformat("minutes")
        shown.append(form.field(field, label, picker, hint=hint, optional=True))
    return shown


def _days(chosen: Sequence[int]) -> Element:
    options = {each: form.option(str(each), "1 day" if each == 1 else f"{each} days") for each in DAYS_AHEAD}
    element: Element = {"type": "checkboxes", "options": list(options.values())}
    initial = [options[each] for each in options if each in chosen]
    return element | {"initial_options": initial} if initial else element


def _patiences(alerts: AlertPolicy) -> list[tuple[str, str]]:
    known = sorted({*_PATIENCE, int(_minutes(alerts))} - {0})
    return [*((str(each), span(timedelta(minutes=each))) for each in known), (_NEVER, "Never")]


def _minutes(alerts: AlertPolicy) -> str:
    return str(int(alerts.patience / timedelta(minutes=1))) if alerts.patience else _NEVER


def _hours() -> list[tuple[str, str]]:
    return [(str(each), f"{each:02}:00") for each in range(24)]


def read_alerts(view: Mapping[str, Any]) -> tuple[str, FilledAlerts]:
    """Return the client and what a submitted modal says. Raises ids.Unreadable where it isn't one of ours."""
    client = ids.read(ids.ClientValue, view.get("private_metadata")).client
    answers = form.Answers(view)
    digest = answers.option(AlertField.DIGEST)
    return client, FilledAlerts(
        channel=answers.text(AlertField.CHANNEL, "selected_channel"),
        days=tuple(int(each) for each in answers.options(AlertField.DAYS) if each.isdigit()),
        patience=form.number(answers.option(AlertField.PATIENCE)),
        quiet_from=answers.text(AlertField.QUIET_FROM, "selected_time"),
        quiet_to=answers.text(AlertField.QUIET_TO, "selected_time"),
        digest=Rhythm(digest) if digest in set(Rhythm) else Rhythm.WEEKLY,
        hour=form.number(answers.option(AlertField.HOUR)),
    )


def alert_errors(wrong: Mapping[str, str]) -> dict[str, str]:
    """Return `check_alerts`' codes as sentences beside their fields: block id → sentence."""
    return {AlertField(field): refusal_plain(code, {"field": field}) for field, code in wrong.items()}


def alerts_saved_modal(client: Client) -> View:
    """That it worked, and how it is now."""
    return blocks.modal(
        "Saved", [blocks.section(f"✅ Alerts of {bold(client.name)}:\n{alert_lines(client)}")]
    )


def alert_lines(client: Client) -> str:
    """How a client's people hear, line by line."""
    alerts = client.alerts
    where = f"<#{alerts.channel}>" if alerts.channel else mention(client.oncall) or "nobody yet"
    days = listed(str(each) for each in alerts.days)
    unit = "day" if alerts.days == (1,) else "days"
    ring = f"rung after {span(alerts.patience)} without an answer" if alerts.patience else "never rung"
    quiet = alerts.quiet
    hours = f"{quiet.begins:%H:%M} to {quiet.ends:%H:%M}" if quiet else "none"
    digest = RHYTHM[alerts.digest] + (f" at {alerts.hour:02}:00" if alerts.digest is not Rhythm.NEVER else "")
    return "\n".join(
        (
            f"*On-call alerts:* {where}, {ring}",
            f"*Told ahead:* {days} {unit} before a link ends",
            f"*Quiet hours:* {hours}",
            f"*Digest:* {digest}",
        )
    )
