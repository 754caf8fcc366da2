"""The form of a manager's absence: who may speak for whom, until when where the client is, and who hears of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings

from bot import ids
from bot.ids import AwayField
from bot.views.absence_view import (
    absence_errors,
    absence_modal,
    absence_saved_modal,
    read_absence,
    stand_ins,
)
from bot.views.request_view import Shown, request_message
from bot.views.settings_view import settings_message
from core.domain.approval import tally
from core.domain.client import Substitute
from core.domain.post import PostStep
from core.usecases.absences import check_absence
from core.usecases.posts import PostView
from tests.builders import NOW, a_client, a_post
from tests.unit.views.rows import accepted, labels, names

WEEK = timedelta(days=7)
AWAY = Substitute(manager="U0MANAGER", user="U0STAND", until=NOW + WEEK)
OTHER = Substitute(manager="U0COLLEAGUE", user="U0STAND", until=NOW + WEEK)


def away(*who: Substitute, **changes):
    client = a_client(managers=("U0MANAGER", "U0COLLEAGUE"), **changes)
    return replace(client, policy=replace(client.policy, substitutes=who))


def submitted(view, **typed):
    values = {name: {name: answer} for name, answer in typed.items()}
    return view | {"state": {"values": values}}


def fields(view) -> list[str]:
    return [each["block_id"] for each in view["blocks"] if each["type"] == "input"]


@settings(max_examples=30, deadline=None)
@given(names)
def test_whatever_the_client_is_called_slack_takes_it(name):
    client = away(AWAY, OTHER, name=name)
    accepted(absence_modal(client, "U0ADMIN", NOW, of_others=True))
    accepted(absence_saved_modal(client, AWAY))
    accepted(settings_message(client, viewer="U0MANAGER", at=NOW))


def test_managers_speak_for_themselves_and_admins_for_all():
    client = away(AWAY, OTHER)
    own = absence_modal(client, "U0MANAGER", NOW, of_others=False)
    every = absence_modal(client, "U0ADMIN", NOW, of_others=True)
    assert fields(own) == [AwayField.SUBSTITUTE, AwayField.UNTIL]
    assert fields(every) == [AwayField.MANAGER, AwayField.SUBSTITUTE, AwayField.UNTIL]
    assert (labels(own), labels(every)) == (["I'm Back"], ["Is Back", "Is Back"])


def test_an_absence_lasts_until_its_last_day_is_over_where_the_client_is():
    client = away(time_zone="Asia/Tokyo")
    view = absence_modal(client, "U0MANAGER", NOW, of_others=False)
    typed = submitted(view, substitute={"selected_user": "U0STAND"}, until={"selected_date": "2026-12-31"})
    filled = read_absence(typed)
    chosen = filled.chosen("U0MANAGER", client.time_zone)
    assert (filled.client, chosen.manager, chosen.user) == (client.id, "U0MANAGER", "U0STAND")
    assert chosen.until == datetime(2026, 12, 31, 15, tzinfo=UTC)


@pytest.mark.parametrize("day", ["", "0001-01-01", "tomorrow", "2020-02-30", "9999-12-31"])
def test_what_is_wrong_is_said_beside_its_field(day):
    client = away()
    view = absence_modal(client, "U0ADMIN", NOW, of_others=True)
    who = {"selected_user": "U0STRANGER"}
    filled = read_absence(submitted(view, manager=who, substitute=who, until={"selected_date": day}))
    errors = absence_errors(check_absence(client, filled.chosen("U0ADMIN", "UTC"), NOW), client)
    assert set(errors) == set(AwayField)
    assert "nobody is their own substitute" in errors[AwayField.SUBSTITUTE]


def test_a_forged_form_is_refused():
    with pytest.raises(ids.Unreadable):
        read_absence({"private_metadata": "{}"})


def test_settings_say_who_stands_in_until_it_is_over():
    client = away(AWAY)
    told = settings_message(client, viewer="U0MANAGER", at=NOW)
    assert "<@U0STAND> stands in for <@U0MANAGER> until" in accepted(told)
    assert labels(told)[-2:] == ["Out of Office", "I'm Back"]
    assert "I'm Back" not in labels(settings_message(client, viewer="U0COLLEAGUE", at=NOW))
    assert "stands in" not in accepted(settings_message(client, viewer="U0MANAGER", at=AWAY.until))


def test_a_request_says_whose_place_is_taken():
    client = away(AWAY)
    assert stand_ins(client, ["U0STAND", "U0COLLEAGUE"]).startswith("<@U0STAND> stands in for <@U0MANAGER>")
    assert stand_ins(client, ["U0MANAGER", "U0COLLEAGUE"]) == ""
    post = a_post(client, step=PostStep.REQUESTED)
    for at, told in ((NOW, True), (AWAY.until, False)):
        row = PostView(
            post=post, client=client, deliveries=(), decisions=(), tally=tally(client, post, (), at)
        )
        assert ("stands in for <@U0MANAGER>" in accepted(request_message(Shown(row=row)))) is told
