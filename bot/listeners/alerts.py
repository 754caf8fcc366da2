"""How a client's people want to hear: a modal that opens from the settings."""

from collections.abc import Mapping
from dataclasses import asdict

from bot.ids import Action, Callback, ClientValue
from bot.listeners.request import Request
from bot.listeners.table import Submission, Table
from bot.views.alerts_view import (
    TITLE,
    FilledAlerts,
    alert_errors,
    alerts_modal,
    alerts_saved_modal,
    read_alerts,
)
from bot.views.setup_view import loading_modal, saving_modal
from core.usecases.alert_settings import AlertForm, check_alerts


def register(table: Table) -> None:
    """Listen to the button that opens the form, and its submit."""
    table.action(Action.ALERTS_OPEN, by_button)
    table.submission(Callback.ALERTS, Submission(check=check, meanwhile=saving_modal(TITLE), work=save))


async def by_button(request: Request) -> None:
    """Edit Alerts."""
    wish = request.read(ClientValue)
    await request.show(loading_modal(TITLE))
    client = await request.desk.alert_settings.may_change(request.person, wish.client)
    await request.show(alerts_modal(client))


def _form(filled: FilledAlerts) -> AlertForm:
    return AlertForm(**asdict(filled))


async def check(request: Request) -> Mapping[str, str]:
    """Return what is wrong, by field."""
    _, filled = read_alerts(request.view)
    return alert_errors(check_alerts(_form(filled)))


async def save(request: Request) -> None:
    """Save what was filled in, and say so in the same modal."""
    client_id, filled = read_alerts(request.view)
    client = await request.desk.alert_settings.save(request.person, client_id, _form(filled))
    request.desk.wake()
    await request.show(alerts_saved_modal(client))
