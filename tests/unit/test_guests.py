"""Messages stand in channels that guests share: what they may press there, and what refuses them."""

from types import SimpleNamespace
from typing import cast

import pytest

from bot.ids import Action, Callback
from bot.listeners.request import Request
from bot.listeners.table import Listener
from bot.listeners.tasks import table
from core.domain.refusals import Refusal
from tests.builders import a_person

GUEST = a_person(user="U0OUTSIDER", home="T0OUTSIDE")
DECIDING = {
    "approvals",
    Action.APPROVE,
    Action.APPROVE_ANYWAY,
    Action.REQUEST_CHANGES,
    Action.REJECT,
    Action.POST_MORE,
    Action.POST_SHOW,
    Callback.POST_REASON,
}
"""What those need whom a client names to decide about its posts; each of them checks who that is."""
FILLED = table()
LISTENERS: dict[str, Listener] = {
    **FILLED.commands,
    **FILLED.actions,
    **FILLED.shortcuts,
    **{callback: each.work for callback, each in FILLED.submissions.items()},
}


@pytest.mark.parametrize("name", sorted(LISTENERS.keys() - DECIDING))
async def test_guests_neither_read_nor_change_anything(name: str):
    request = cast("Request", SimpleNamespace(person=GUEST))
    with pytest.raises(Refusal, match="outsider"):
        await LISTENERS[name](request)


def test_what_is_for_guests_is_there():
    assert LISTENERS.keys() >= DECIDING
