"""Status and Home: right for every state, within limits for anybody's clients."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import ids
from bot.ids import Action, More
from bot.views.home import Board, home_view
from bot.views.pair import needs_person
from bot.views.status_view import shared_status, status_message
from core.domain.account import Platform
from core.domain.client import Intent
from core.domain.observation import Capability, Grant, Observation, Wanted
from core.domain.verdict import State
from tests.builders import NOW, a_client, a_linked_connection, an_evidence
from tests.unit.views.rows import HOSTILE, a_linked_row, a_row, accepted, broken, buttons, labels, rows


@settings(max_examples=200, deadline=None)
@given(rows())
def test_any_pair_in_any_state_is_shown(row):
    for told in (status_message([row]), shared_status(row, "U0MANAGER")):
        text = accepted(told)
        assert "Expired" in text or row.link.state is not State.EXPIRED
    assert len([each for each in buttons(status_message([row])) if each.get("style") == "primary"]) <= 1


@settings(max_examples=60, deadline=None)
@given(st.lists(rows(), max_size=12), st.integers(0, 9))
def test_any_workspace_is_shown_page_by_page(several, page):
    accepted(status_message(several, page=page))
    accepted(home_view(Board(rows=several, history=[], at=NOW), viewer="U0MANAGER", page=page))


@pytest.mark.parametrize("count", [0, 1, 2, 50, 200])
@pytest.mark.parametrize("name", ["Nordlicht", *HOSTILE])
def test_no_number_of_clients_is_too_many(count, name):
    many = [a_row(a_client(name=name), broken(platform=Platform.TIKTOK)) for _ in range(count)]
    accepted(status_message(many))
    accepted(home_view(Board(rows=many, history=[], at=NOW), viewer="U0MANAGER"))


def every_page(many):
    first = status_message(many)
    pages = int(next(b["elements"][0]["text"].split()[-1] for b in first["blocks"] if b["type"] == "context"))
    return [accepted(status_message(many, page=each)) for each in range(pages)]


def test_all_200_clients_are_on_some_page_once():
    many = [a_linked_row(name=f"Client {number:03}.") for number in range(200)]
    text = "".join(every_page(many))
    assert all(text.count(f"Client {number:03}.*") == 1 for number in range(200))


def test_a_working_pair_says_so_and_when_somebody_must_act():
    text = accepted(status_message([a_linked_row(name="Velo Werk", at=NOW + timedelta(hours=2))]))
    assert "Both accounts are linked and work." in text
    assert "Last proved 2 hours ago" in text
    assert "Nobody has to act before" in text
    assert "in 364 days" in text
    assert "@nordlicht.bakery" in text


def test_the_pairs_own_state_comes_first():
    first = status_message([a_linked_row(name="Velo Werk")])["blocks"][0]
    assert first["text"]["text"].startswith("🟢 *Velo Werk* · Linked\n")


def test_capabilities_are_ticked_or_crossed_with_the_reason():
    client = a_client()
    narrowed = a_linked_connection(client).observed(
        Observation(grant=Grant.NARROWED, granted=frozenset({Capability.IDENTIFY})), at=NOW, now=NOW
    )
    text = accepted(status_message([a_row(client, narrowed)]))
    assert "✓ Identify · ✗ Publish drafts, Publish (not allowed at TikTok)" in text


def test_what_is_gone_is_said_to_be_and_nothing_more():
    client = a_client()
    seen = Observation(wanted=Wanted.UNLINKED, grant=Grant.WITHDRAWN)
    ended = a_linked_connection(client).observed(seen, at=NOW, now=NOW).erased(NOW)
    text = accepted(status_message([a_row(client, ended)]))
    assert "· Unlinked" in text
    assert "✗" not in text
    assert "Last proved" not in text


def test_what_is_lost_for_one_reason_shares_it_and_what_never_was_stands_behind():
    client = a_client()
    gone = a_linked_connection(client, platform=Platform.INSTAGRAM).observed(
        Observation(grant=Grant.WITHDRAWN), at=NOW, now=NOW
    )
    text = accepted(status_message([a_row(client, gone)]))
    assert "✗ Identify, Publish (app removed at Instagram) · – Publish drafts (Instagram has none)" in text


def test_what_a_client_does_not_need_or_a_platform_lacks_is_no_fault():
    client = a_client(intent=Intent.PROFILE)
    only = Observation(grant=Grant.PRESENT, granted=frozenset({Capability.IDENTIFY}))
    halves = [a_linked_connection(client, platform=each).observed(only, at=NOW, now=NOW) for each in Platform]
    text = accepted(status_message([a_row(client, *halves)]))
    assert "✗" not in text
    assert "– Publish (not needed here)" in text
    assert "– Publish (not needed here) · – Publish drafts (Instagram has none)" in text


def test_a_client_nobody_linked_gets_two_link_buttons_of_which_one_is_primary():
    told = status_message([a_row(a_client())])
    assert labels(told) == ["Link TikTok", "Link Instagram", "Share in Channel"]
    assert [each.get("style") for each in buttons(told) if each["type"] == "button"] == [
        "primary",
        None,
        None,
    ]


def test_a_broken_link_says_so_first_and_offers_relink():
    client = a_client()
    told = status_message([a_row(client, broken(client))])
    assert "Relink TikTok" in labels(told)
    assert "A person must act *now*" in accepted(told)


def test_the_menu_diagnoses_each_connection_and_reads_back():
    client = a_client()
    link = broken(client)
    menu = next(each for each in buttons(status_message([a_row(client, link)])) if each["type"] == "overflow")
    values = [ids.read(ids.MoreValue, each["value"]) for each in menu["options"]]
    assert values[0] == ids.MoreValue(act=More.DIAGNOSE, client=client.id, connection=link.id)
    assert [each.act for each in values] == [More.DIAGNOSE, More.UNLINK, More.HISTORY, More.SETTINGS]


def test_what_is_shared_has_no_buttons():
    assert buttons(shared_status(a_linked_row(), "U0MANAGER")) == []


def test_every_button_has_its_value_within_reach():
    told = status_message([a_row(a_client(), broken())])
    for each in buttons(told):
        if each["type"] == "button":
            assert each["action_id"] in set(Action)
            assert len(each["value"]) <= ids.BUTTON_VALUE


class TestHome:
    def test_my_broken_clients_stand_above_those_of_others(self):
        mine, theirs = (
            a_client(name="Mine", managers=("U1",)),
            a_client(name="Theirs", managers=("U2",), oncall=()),
        )
        board = Board(
            rows=[a_row(theirs, broken(theirs)), a_row(mine, broken(mine)), a_linked_row()],
            history=[],
            at=NOW,
        )
        text = accepted(home_view(board, viewer="U1"))
        order = [
            text.index(each) for each in ("Needs you", "*Mine*", "Needs somebody", "*Theirs*", '"Clients"')
        ]
        assert order == sorted(order)

    def test_an_empty_home_shows_an_example_and_the_first_step(self):
        text = accepted(home_view(Board(rows=[], history=[], at=NOW), viewer="U1"))
        assert "/crosslink setup" in text
        assert "Nordlicht Bakery" in text

    def test_recent_history_and_freshness_stand_below(self):
        row = a_linked_row(name="Velo Werk")
        evidence = [an_evidence(row.connections[Platform.TIKTOK].connection, note="linked", by="U1")] * 9
        text = accepted(home_view(Board(rows=[row], history=evidence, at=NOW), viewer="U1"))
        assert text.count("TikTok was linked") == 5
        assert text.index("Lately") < text.index("As of")
        assert "Refresh" in text


def test_needing_a_person_means_broken_or_running_out():
    client = a_client()
    late = a_row(
        client,
        *[a_linked_connection(client, platform=each) for each in Platform],
        at=NOW + timedelta(days=350),
    )
    assert needs_person(late)
    assert needs_person(a_row(client, broken(client)))
    assert not needs_person(a_linked_row())
