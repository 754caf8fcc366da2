"""An incident as people see it: open, answered, over, alone or with others, and never too much for Slack."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import ids
from bot.ids import AlertField
from bot.views import alerts_view
from bot.views.alerts_view import alert_errors, alert_lines, alerts_modal, alerts_saved_modal, read_alerts
from bot.views.digest_view import Digest, digest_message
from bot.views.home import Board, home_view
from bot.views.incident_view import TOGETHER, Card, course_line, incident_message, line_message
from bot.views.words import history
from bot.views.words import incident as words
from core.domain.account import Platform
from core.domain.alert_plan import ChangeKind
from core.domain.alerts import AlertPolicy, QuietHours, Rhythm, Snooze
from core.domain.incident import IncidentOutcome, IncidentStep
from core.domain.link import LinkReason
from core.domain.symptom import Condition
from core.domain.verdict import Reason
from core.usecases.alert_settings import AlertForm, check_alerts
from tests.builders import NOW, a_client, a_content, a_linked_connection, a_post, an_incident
from tests.unit.views.rows import a_linked_row, accepted, connections, labels, names
from tests.unit.views.test_setup_views import submitted

MONTH = timedelta(days=30)


def a_card(**changes):
    client = changes.pop("client", None) or a_client(id="cl_bakery", name="Nordlicht Bakery")
    connection = changes.pop("connection", a_linked_connection(client, id="cn_tiktok"))
    subject = connection.id if connection else client.id
    incident = changes.pop("incident", None) or an_incident(client, subject=subject)
    return Card(**{"client": client, "incident": incident, "connection": connection, "at": NOW} | changes)


def menus(told):
    elements = [each for block in told["blocks"] for each in block.get("elements", [])]
    return [[each["text"]["text"] for each in menu["options"]] for menu in elements if "options" in menu]


@pytest.mark.parametrize(
    ("table", "enum"),
    [
        (words.MARK, Condition),
        (words.HEADLINE, Condition),
        (words.SHORT, Condition),
        (words.WAS, Condition),
        (words.ENDED, IncidentOutcome),
        (words.STEP, IncidentStep),
        (words.COURSE, ChangeKind),
        (words.SNOOZE, Snooze),
        (alerts_view.RHYTHM, Rhythm),
        (history._ALERT, Condition),
        (history._TURN, ChangeKind),
        (history._END, IncidentOutcome),
    ],
)
def test_every_member_has_words(table, enum):
    assert set(table) == set(enum)


@st.composite
def cards(draw):
    client = a_client(name=draw(names))
    platform = draw(st.sampled_from(Platform))
    connection = draw(st.none() | connections(client, platform))
    condition = draw(st.sampled_from(Condition)) if connection else Condition.SPLIT
    outcome = draw(st.none() | st.sampled_from(IncidentOutcome))
    incident = an_incident(
        client,
        subject=connection.id if connection else client.id,
        condition=condition,
        reason=draw(st.sampled_from(Reason)) if connection else LinkReason.ONE_UNLINKED,
        step=IncidentStep.CLOSED if outcome else draw(st.sampled_from([*IncidentStep][:3])),
        outcome=outcome,
        closed_at=NOW if outcome else None,
        act_by=draw(st.none() | st.just(NOW + MONTH)),
        threshold=draw(st.none() | st.just(30)),
        answered_by=draw(st.sampled_from(["", "U0ONCALL"])),
        answered_at=NOW,
        snoozed_until=draw(st.none() | st.just(NOW)),
    )
    return Card(
        client=client, incident=incident, connection=connection, ended=platform, at=NOW,
        posts=draw(st.integers(0, 3)), first_post=draw(st.none() | st.just(NOW)), rings=draw(st.booleans()),
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(cards(), min_size=1, max_size=TOGETHER + 1), st.sampled_from(["", "C0BAKERY"]))
def test_any_incidents_fit_into_one_message(drawn, instead_of):
    told = incident_message(drawn, instead_of=instead_of)
    accepted(told)
    assert [each.get("style") for each in _elements(told)].count("primary") <= 1


def _elements(told):
    return [each for block in told["blocks"] for each in block.get("elements", [])]


@settings(max_examples=100, deadline=None)
@given(cards(), st.sampled_from(ChangeKind), st.booleans())
def test_any_course_is_a_line(card, kind, oncall):
    if line := course_line(card, kind, oncall=oncall):
        accepted(line_message(line))


def test_an_open_incident_says_what_since_when_what_waits_and_who_acts():
    told = incident_message([a_card(posts=2, first_post=NOW)])
    said = accepted(told)
    assert told["text"].startswith("🔴 TikTok @nordlicht.bakery of *Nordlicht Bakery* can't do its job. ")
    for part in ("Since", "2 posts wait for it", "To act now: <@U0MANAGER>", "Nobody has acknowledged"):
        assert part in said
    assert labels(told)[-2:] == ["Acknowledge", "Diagnose"]
    assert menus(told) == [["For 1 hour", "Until tomorrow at 9:00"]]


def test_the_posts_that_are_stopped_are_named_soonest_first():
    soonest = [
        a_post(content=a_content(caption=each)) for each in ("Fresh <bread>", "Rolls & more", "🥨" * 900)
    ]
    said = accepted(incident_message([a_card(posts=5, first_post=NOW, soonest=soonest)] * TOGETHER))
    assert "5 posts wait for it, the first for <!date^" in said
    assert ": “Fresh &lt;bread&gt;”, “Rolls &amp; more”, “🥨" in said
    assert "and 2 more" in said
    one = accepted(incident_message([a_card(posts=1, first_post=NOW, soonest=soonest[:1])]))
    assert "1 post waits for it, for <!date^" in one


def test_nobody_is_mentioned_in_quiet_hours():
    assert "<@" not in accepted(incident_message([a_card(rings=False)]))


def test_a_relink_is_the_one_thing_that_stands_out():
    client = a_client()
    ending = an_incident(client, subject="cn_tiktok", condition=Condition.ENDING, reason=Reason.RUNS_OUT,
                         act_by=NOW + MONTH, threshold=30)  # fmt: skip
    connection = a_linked_connection(client, id="cn_tiktok", linked_at=NOW - 335 * timedelta(days=1))
    told = incident_message([a_card(client=client, connection=connection, incident=ending)])
    assert "No post is to go out after its end" in accepted(told)
    later = a_card(client=client, connection=connection, incident=ending, posts=1, first_post=NOW)
    assert "1 post to go out after its end, for <!date^" in accepted(incident_message([later]))
    assert labels(told)[0] == "Relink TikTok"
    assert menus(told) == [["For 1 hour", "Until tomorrow at 9:00", "Until a day before it ends"]]


def test_what_nobody_can_prove_is_checked_or_relinked():
    incident = an_incident(
        a_client(), subject="cn_tiktok", condition=Condition.UNPROVED, reason=Reason.UNPROVED, since=NOW
    )
    told = incident_message([a_card(incident=incident)])
    assert labels(told)[:2] == ["Check Now", "Relink TikTok"]
    assert "could not be proved since" in told["text"]
    assert "If TikTok still doesn't confirm it, relink" in accepted(told)


def test_whoever_answered_is_named_and_cannot_be_asked_again():
    card = a_card()
    told = incident_message([replace(card, incident=card.incident.acknowledged("U0ONCALL", NOW))])
    assert "Acknowledged by <@U0ONCALL>" in accepted(told)
    assert "Acknowledge" not in labels(told)


def test_what_is_over_has_no_buttons_and_says_how_long_it_lasted():
    card = a_card()
    closed = card.incident.closed(IncidentOutcome.RECOVERED, NOW + timedelta(hours=3))
    told = incident_message([replace(card, incident=closed)])
    assert labels(told) == []
    assert "works again by itself" in told["text"]
    assert "It lasted 3 hours" in accepted(told)


def test_a_split_pair_offers_both_ways_out():
    client = a_client()
    incident = an_incident(
        client, subject=client.id, condition=Condition.SPLIT, reason=LinkReason.ONE_UNLINKED
    )
    told = incident_message(
        [a_card(client=client, connection=None, incident=incident, ended=Platform.TIKTOK)]
    )
    assert labels(told)[:2] == ["Link TikTok", "Unlink Instagram…"]


def test_an_unfinished_unlink_shows_the_taps():
    incident = an_incident(
        a_client(), subject="cn_tiktok", condition=Condition.UNLINKING, reason=Reason.UNLINK_UNPROVED
    )
    assert "1. Open TikTok" in accepted(incident_message([a_card(incident=incident)]))


@pytest.mark.parametrize(
    ("kind", "oncall", "said"),
    [
        (ChangeKind.RUNG, True, "Nobody acknowledged this in time. <@U0ONCALL>, <!subteam^S0ONCALL>"),
        (ChangeKind.RUNG, False, "Nobody acknowledged this in time."),
        (ChangeKind.REMINDED, True, "7 days left to relink it. <@U0MANAGER>"),
        (ChangeKind.OPENED, True, ""),
    ],
)
def test_a_line_mentions_those_who_are_rung_there(kind, oncall, said):
    card = a_card()
    line = course_line(replace(card, incident=replace(card.incident, threshold=7)), kind, oncall=oncall)
    assert line == (f"TikTok of *Nordlicht Bakery*: {said}" if said else "")


def test_home_shows_the_open_alerts_of_a_client_first():
    well, ill = a_linked_row(name="A"), a_linked_row(name="B")
    about = an_incident(ill.client, subject=ill.connections[Platform.TIKTOK].connection.id)
    board = Board(rows=[well, ill], history=[], at=NOW, incidents=[about])
    said = accepted(home_view(board, viewer="U0MANAGER"))
    assert said.index("Needs you") < said.index("*B*") < said.index("*A*")
    assert "The TikTok link has been broken since" in said
    assert "Nobody has acknowledged it yet" in said


def test_a_digest_says_how_it_stands_and_mentions_nobody():
    row = a_linked_row(name="Nordlicht Bakery")
    incident = an_incident(row.client, subject=row.connections[Platform.TIKTOK].connection.id)
    told = digest_message(
        Digest(
            row=row, open=[incident], since=NOW,
            closed=[incident.closed(IncidentOutcome.RELINKED, NOW + timedelta(hours=2))],
        )
    )  # fmt: skip
    said = accepted(told)
    assert told["text"] == "How the links of Nordlicht Bakery stand: Linked."
    for part in ("Dates ahead", "Open alerts", "The TikTok link was broken until", "It lasted 2 hours"):
        assert part in said
    assert "<@" not in said


@pytest.mark.parametrize(("is_open", "said"), [(False, True), (True, False)])
def test_a_digest_says_that_nothing_went_wrong_only_where_nothing_is(is_open, said):
    row = a_linked_row()
    incident = an_incident(row.client, subject=row.connections[Platform.TIKTOK].connection.id)
    told = digest_message(Digest(row=row, open=[incident] if is_open else [], since=NOW, closed=[]))
    assert ("Nothing went wrong." in accepted(told)) is said


POLICIES = st.builds(
    AlertPolicy,
    channel=st.sampled_from(["", "C0ALERTS"]),
    days=st.lists(st.sampled_from([30, 14, 7, 3, 1]), unique=True, min_size=1).map(
        lambda days: tuple(sorted(days, reverse=True))
    ),
    patience=st.none() | st.integers(1, 1440).map(lambda minutes: timedelta(minutes=minutes)),
    quiet=st.none() | st.builds(QuietHours, begins=st.just(time(22)), ends=st.just(time(7, 30))),
    digest=st.sampled_from(Rhythm),
    hour=st.integers(0, 23),
)


@settings(max_examples=80, deadline=None)
@given(POLICIES)
def test_saving_the_form_unchanged_changes_nothing(policy):
    client = a_client(alerts=policy)
    view = alerts_modal(client)
    accepted(view)
    accepted(alerts_saved_modal(client))
    found, filled = read_alerts(submitted(view))
    form = AlertForm(**{name: getattr(filled, name) for name in AlertForm.__slots__})
    assert found == client.id
    assert check_alerts(form) == {}
    assert form.policy() == policy


def test_wrong_fields_are_told_beside_them():
    wrong = check_alerts(AlertForm(days=(), quiet_from="22:00", patience=-1, hour=-1))
    assert set(alert_errors(wrong)) == {
        AlertField.DAYS,
        AlertField.QUIET_TO,
        AlertField.PATIENCE,
        AlertField.HOUR,
    }


def test_a_forged_form_is_refused():
    with pytest.raises(ids.Unreadable):
        read_alerts({"private_metadata": "{}"})


def test_settings_say_how_people_hear():
    said = alert_lines(a_client(alerts=AlertPolicy(channel="C0ALERTS", days=(1,), patience=None)))
    assert "<#C0ALERTS>, never rung\n" in said
    assert "1 day before" in said
