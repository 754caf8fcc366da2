"""Diagnosis, history and help: every answer with what it rests on, in sentences that fit."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.listeners.tasks import table
from bot.views.diagnose_view import diagnose_message
from bot.views.help_view import COMMANDS, help_message
from bot.views.history_view import SHOWN, history_message, known_from
from bot.views.words import history
from core.domain.account import Platform
from core.domain.alert_plan import ChangeKind
from core.domain.course import turn_of
from core.domain.diagnosis import NextStep, diagnose
from core.domain.incident import IncidentOutcome
from core.domain.invitation import InvitationStep, LinkOutcome
from core.domain.observation import Credential, Grant, Observation
from core.domain.symptom import Condition
from tests.builders import (
    NOW,
    a_client,
    a_connection,
    a_linked_connection,
    an_evidence,
    an_incident,
    an_invitation,
)
from tests.unit.views.rows import HOSTILE, a_linked_row, accepted, broken, connections, labels, names


class TestDiagnosis:
    @settings(max_examples=120, deadline=None)
    @given(st.data(), st.sampled_from(Platform), st.none() | st.sampled_from(LinkOutcome))
    def test_any_connection_is_diagnosed_in_words(self, data, platform, outcome):
        client = a_client(name=data.draw(names))
        connection = data.draw(connections(client, platform))
        last = outcome and an_invitation(
            connection, outcome=outcome, step=InvitationStep.REFUSED, settled_at=NOW
        )
        found = diagnose(connection, client.needs(), [an_evidence(connection)], last, NOW)
        text = accepted(diagnose_message(client, connection, found, NOW))
        assert "Is an option missing?" in text
        assert "Next step:" in text

    def test_it_answers_the_three_questions_with_dates_and_the_fallback(self):
        client = a_client()
        connection = broken(client)
        found = diagnose(connection, client.needs(), [an_evidence(connection)], None, NOW)
        told = diagnose_message(client, connection, found, NOW)
        text = accepted(told)
        assert "*Does the authorization fail?* Yes." in text
        assert "*Is an unlink stuck halfway?* Yes." in text
        assert "<!date^" in text
        assert "https://www.tiktok.com/@nordlicht.bakery" in text
        assert text.count("TikTok no longer lets us in") == 1, "the reason isn't said twice"
        assert labels(told) == ["Relink TikTok", "Check Now", "Open Profile"]

    def test_nothing_wrong_offers_a_check_and_no_repair(self):
        client = a_client()
        connection = a_linked_connection(client)
        found = diagnose(connection, client.needs(), [], None, NOW)
        assert found.next_step is NextStep.NOTHING
        told = diagnose_message(client, connection, found, NOW)
        assert labels(told) == ["Check Now", "Open Profile"]
        assert "If nothing helps" not in accepted(told)


class TestHistory:
    def test_who_did_what_when_and_what_it_changed(self):
        row = a_linked_row(name="Velo Werk")
        linked = an_evidence(
            row.connections[Platform.TIKTOK].connection,
            note="linked",
            by="U1",
            before="pending",
            after="authorized",
        )
        text = accepted(history_message([linked], known_from([row])))
        assert "*Velo Werk* · TikTok was linked · Not linked yet → Linked · by <@U1>" in text

    def test_a_new_handle_is_named(self):
        row = a_linked_row(name="Velo Werk")
        own = row.connections[Platform.TIKTOK].connection
        seen = an_evidence(
            own, note="renamed", observation=Observation(grant=Grant.PRESENT, handle="velo.berlin")
        )
        text = accepted(history_message([seen], known_from([row])))
        assert "The TikTok account is called @velo.berlin now" in text

    def test_a_renewal_is_called_one(self):
        row = a_linked_row(name="Velo Werk")
        own = row.connections[Platform.TIKTOK].connection
        renewed = Observation(credential=Credential.HELD, grant=Grant.PRESENT)
        text = accepted(history_message([an_evidence(own, observation=renewed)], known_from([row])))
        assert "Access to TikTok was renewed" in text

    def test_who_answered_an_alert_and_until_when(self):
        row = a_linked_row(name="Velo Werk")
        about = an_incident(row.client, subject=row.connections[Platform.TIKTOK].connection.id)
        put_off = about.snoozed("U1", NOW, NOW + timedelta(hours=1))
        over = about.closed(IncidentOutcome.RELINKED, NOW + timedelta(hours=2))
        text = accepted(
            history_message(
                [
                    turn_of(ChangeKind.OPENED, about, at=NOW),
                    turn_of(ChangeKind.SNOOZED, put_off, at=NOW, by="U1"),
                    turn_of(ChangeKind.CLOSED, over, at=NOW + timedelta(hours=2)),
                ],
                known_from([row]),
            )
        )
        assert "*Velo Werk* · Alert: TikTok can't do its job" in text
        assert "Alert about TikTok put off · until <!date^" in text
        assert "by <@U1>" in text
        assert "Alert over: TikTok was relinked. It lasted 2 hours" in text

    @pytest.mark.parametrize("kind", [each for each in ChangeKind if each is not ChangeKind.UPDATED])
    @pytest.mark.parametrize("condition", Condition)
    def test_whatever_happened_to_an_alert_is_said(self, kind, condition):
        row = a_linked_row(name="Velo Werk")
        about = an_incident(row.client, subject=row.client.id, condition=condition)
        happened = turn_of(kind, about, at=NOW)
        assert "*Velo Werk* · Alert" in accepted(history_message([happened], known_from([row])))
        for platform in (*Platform, None):
            assert "{" not in history.turn(happened, platform)

    def test_a_year_of_it_fits(self):
        each = an_evidence(a_connection(), code="x" * 200, after="expired", before="authorized")
        known = {each.connection_id: (HOSTILE[0], Platform.TIKTOK)}
        said = [accepted(history_message([each] * count, known)) for count in (SHOWN, SHOWN + 1, 500)]
        assert ["There is more" in text for text in said] == [False, True, True]
        assert [f"the newest {SHOWN} entries" in text for text in said] == [False, True, True]

    def test_none_says_how_it_begins(self):
        assert "/crosslink link" in accepted(history_message([], {}, client="Velo"))


class TestHelp:
    def test_it_lists_what_works(self):
        text = accepted(help_message())
        assert all(f"/crosslink {word}`" in text for word, _ in COMMANDS)

    def test_it_is_what_the_bot_listens_to(self):
        heard = table()
        assert {word for word, _ in COMMANDS} == heard.commands.keys() | (heard.instant.keys() - {""})

    @pytest.mark.parametrize("word", HOSTILE)
    def test_an_unknown_word_is_echoed_harmlessly(self, word):
        assert "I don't know" in accepted(help_message(word))

    @pytest.mark.parametrize(
        ("word", "near"), [("stauts", "status"), ("relink", "link"), ("setting", "settings")]
    )
    def test_a_slip_is_answered_with_what_was_meant(self, word, near):
        assert f"Did you mean `/crosslink {near}`?" in accepted(help_message(word))

    def test_what_is_near_to_nothing_is_not_guessed(self):
        assert "Did you mean" not in accepted(help_message("💥"))
