"""The set-up form: prefilled, read back as it was meant, wrong fields told in sentences."""

from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import ids
from bot.ids import Field
from bot.views.settings_view import saved_news, settings_message
from bot.views.setup_view import (
    Opening,
    field_errors,
    loading_modal,
    read_setup,
    saved_modal,
    saving_modal,
    setup_modal,
)
from bot.views.zones import label, zone_groups
from core.domain.account import Platform
from core.domain.client import ApprovalPolicy, Intent
from core.usecases.clients import ClientForm, check_form
from tests.builders import NOW, a_client, a_linked_connection
from tests.unit.views.rows import HOSTILE, a_linked_row, a_row, accepted, labels, names, rows

GROUPS = [("S0ONCALL", "On-call team"), ("S0OTHER", "Others")]
VALUE = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_static_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "radio_buttons": ("selected_option", "initial_option"),
    "static_select": ("selected_option", "initial_option"),
    "channels_select": ("selected_channel", "initial_channel"),
    "timepicker": ("selected_time", "initial_time"),
}


def submitted(view, **typed):
    """What Slack sends when somebody submits a form as it opened, apart from what they `typed`."""
    values = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            key, initial = VALUE[block["element"]["type"]]
            empty = [] if key in {"selected_options", "selected_users"} else None
            values[block["block_id"]] = {
                block["element"]["action_id"]: {key: block["element"].get(initial, empty)}
                | typed.get(block["block_id"], {})
            }
    return view | {"state": {"values": values}}


def opening(**changes):
    return Opening(**{"channel": "C0BAKERY", "person": "U0MANAGER", "time_zone": "Europe/Berlin"} | changes)


@settings(max_examples=60, deadline=None)
@given(
    st.builds(
        a_client,
        name=names,
        intent=st.sampled_from(Intent),
        expected=st.dictionaries(st.sampled_from(Platform), names),
        managers=st.lists(st.sampled_from(["U1", "U2", "W3"]), unique=True, min_size=1).map(tuple),
        oncall=st.lists(st.sampled_from(["U1", "S0ONCALL", "S0GONE"]), unique=True).map(tuple),
        policy=st.builds(
            ApprovalPolicy,
            needed=st.integers(0, 10),
            self_approval=st.booleans(),
            outsiders=st.just(("U9",)),
            remind_hours=st.integers(0, 720),
            expire_hours=st.integers(1, 720),
        ),
        time_zone=st.sampled_from(["UTC", "Europe/Berlin", "Asia/Calcutta", "CET", "Mars/Olympus"]),
    ),
    st.sampled_from([(), GROUPS]),
)
def test_an_edit_begins_with_the_client_and_saving_it_unchanged_changes_nothing(client, groups):
    view = setup_modal(opening(client=client, groups=groups))
    accepted(view)
    meta, filled = read_setup(submitted(view))
    assert meta.client == client.id
    assert filled.name == client.name[:80]
    assert filled.intent is client.intent
    assert (filled.managers, set(filled.oncall)) == (client.managers, set(client.oncall))
    assert {filled.tiktok, filled.instagram} == {client.expected.get(each, "")[:200] for each in Platform}
    policy = {each: getattr(filled, each) for each in asdict(client.policy) if each != "substitutes"}
    assert ApprovalPolicy(**policy) == client.policy
    assert filled.time_zone == client.time_zone


def test_a_new_client_needs_only_a_name():
    view = setup_modal(opening())
    accepted(view)
    meta, filled = read_setup(submitted(view, name={"value": "Velo Werk"}))
    form = ClientForm(**asdict(filled))
    assert meta == ids.SetupMeta(channel="C0BAKERY")
    assert check_form(form) == {}
    assert (form.name, form.managers, form.needed, form.time_zone) == (
        "Velo Werk",
        ("U0MANAGER",),
        1,
        "Europe/Berlin",
    )


def test_what_people_choose_is_read():
    view = setup_modal(opening(groups=GROUPS))
    typed = submitted(
        view,
        oncall={"selected_users": ["U0ONCALL"]},
        oncall_groups={"selected_options": [{"value": "S0ONCALL"}]},
        needed={"value": "3"},
        self_approval={"selected_options": [{"value": "self"}]},
        intent={"selected_option": {"value": "profile"}},
        time_zone={"selected_option": {"value": "Asia/Tokyo"}},
    )
    _, filled = read_setup(typed)
    assert filled.oncall == ("U0ONCALL", "S0ONCALL")
    assert (filled.needed, filled.self_approval, filled.intent) == (3, True, Intent.PROFILE)
    assert filled.time_zone == "Asia/Tokyo"


@pytest.mark.parametrize("value", [None, "", "x", "-1", "1.5", "9" * 9])
def test_a_number_that_is_none_is_out_of_range_and_told(value):
    _, filled = read_setup(submitted(setup_modal(opening()), needed={"value": value}, name={"value": "Velo"}))
    wrong = check_form(ClientForm(**asdict(filled)))
    assert field_errors(wrong) == {"needed": "Ask for 1 to 10 approvals, or 0 for all managers."}


def test_every_wrong_field_gets_its_sentence_at_its_own_block():
    form = ClientForm(
        name=" ",
        channel="C0",
        intent=Intent.BOTH,
        tiktok="https://instagram.com/velo",
        instagram="🚲",
        needed=99,
        remind_hours=-1,
        expire_hours=721,
        time_zone="Mars/Olympus",
    )
    errors = field_errors(check_form(form))
    blocks = {block.get("block_id") for block in setup_modal(opening())["blocks"]}
    fields = {"name", "tiktok", "instagram", "needed", "remind_hours", "expire_hours", "time_zone"}
    assert set(errors) == fields <= blocks
    assert "TikTok" in errors["tiktok"]
    assert "Instagram" in errors["instagram"]


def test_a_refusal_about_no_field_stands_at_the_name():
    assert field_errors({"channel": "channel_taken"}) == {
        Field.NAME: "This channel already belongs to another client. Use one channel for each client."
    }


def test_a_form_that_is_not_ours_is_refused():
    with pytest.raises(ids.Unreadable):
        read_setup({"private_metadata": "", "state": {"values": {}}})


def test_the_windows_around_the_form_are_lawful():
    for view in (loading_modal(), saving_modal()):
        accepted(view)


@settings(max_examples=60, deadline=None)
@given(row=rows(), new=st.booleans())
def test_what_was_saved_is_shown_with_any_pair(row, new):
    accepted(saved_modal(row, new=new))


def test_a_new_client_is_to_be_linked_next():
    saved = saved_modal(a_row(), new=True)
    assert "is set up in <#" in accepted(saved)
    assert "Next: link its accounts." in accepted(saved)
    assert labels(saved) == ["Link Accounts"]


def test_an_edit_of_a_linked_client_asks_for_nothing():
    saved = saved_modal(a_linked_row(), new=False)
    assert "is saved. Both accounts are linked and work." in accepted(saved)
    assert labels(saved) == []


def test_an_edit_of_a_half_linked_client_offers_the_other_half():
    client = a_client()
    saved = saved_modal(a_row(client, a_linked_connection(client)), new=False)
    assert "Instagram is still to be linked." in accepted(saved)
    assert labels(saved) == ["Link Instagram"]


def test_every_city_is_offered_in_groups_of_a_hundred():
    zones = [zone for _, group in zone_groups() for _, zone in group]
    assert len(zones) == len(set(zones)) > 300
    assert {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"} <= set(zones)
    assert max(len(group) for _, group in zone_groups()) <= 100
    assert label("America/Argentina/Buenos_Aires") == "Buenos Aires (America/Argentina)"


@pytest.mark.parametrize("name", ["Velo Werk", *HOSTILE])
def test_settings_show_everything_and_offer_the_form(name):
    told = settings_message(a_client(name=name, expected={Platform.TIKTOK: name}), viewer="U0MANAGER", at=NOW)
    text = accepted(told)
    assert "*Instagram:* any account" in text
    assert "<!subteam^S0ONCALL>" in text
    assert "1 for each post, never the requester's own" in text
    assert "approvers are reminded every 24 hours, each ends after 3 days" in text
    assert labels(told) == ["Edit Settings", "Edit Alerts", "Out of Office"]


def test_settings_say_when_everybody_is_needed_and_nobody_reminded():
    client = a_client(policy=ApprovalPolicy(needed=0, remind_hours=0, expire_hours=5))
    text = accepted(settings_message(client, viewer="U0MANAGER", at=NOW))
    assert "all managers, for each post" in text
    assert "nobody is reminded, each ends after 5 hours" in text


@pytest.mark.parametrize("new", [True, False])
@pytest.mark.parametrize("name", HOSTILE)
def test_the_channel_hears_that_a_client_was_saved(name, new):
    told = saved_news(a_client(name=name), "U0MANAGER", new=new)
    accepted(told)
    assert labels(told) == (["Link Accounts"] if new else [])
