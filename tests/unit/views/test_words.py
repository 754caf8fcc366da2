"""Every code of the domain and every refusal of the use cases has words."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest

from bot.slack.install import InstallFault
from bot.views.words import connection, diagnosis, history, incident, names, outcome, page, refusal, trouble
from bot.views.words.refused import sentence
from core.domain import errors
from core.domain.account import Platform
from core.domain.client import Intent
from core.domain.diagnosis import Answer, Answered, NextStep, Question
from core.domain.evidence import Source
from core.domain.invitation import LinkOutcome
from core.domain.link import LinkReason, LinkVerdict
from core.domain.observation import Capability, Credential, Grant, Observation, Standing, Visible, Wanted
from core.domain.refusals import Refusal
from core.domain.verdict import Block, Reason, State
from tests.builders import NOW, a_linked_connection, an_evidence

ROOT = Path(__file__).parents[3]
JARGON = ("token", "oauth", "scope", "api ", "http", "exception", "null", "grant_", "credential")


def is_a_sentence(text):
    assert text[0].isupper() or text[0] == "@"
    assert text.rstrip()[-1] in ".:?"
    assert "{" not in text
    assert not [word for word in JARGON if word in text.lower()]


@pytest.mark.parametrize(
    ("table", "enum"),
    [
        (names.PLATFORM, Platform),
        (names.STATE, State),
        (names.MARK, State),
        (names.CAPABILITY, Capability),
        (names.COST, Capability),
        (names.INTENT, Intent),
        (names.SOURCE, Source),
        (connection.REASON, Reason),
        (connection.BLOCK, Block),
        (connection.STEP, NextStep),
        (connection.BUTTON, NextStep),
        (connection._PAIR, LinkReason),
        (diagnosis.QUESTION, Question),
        (diagnosis.ANSWER, Answer),
        (outcome._SAID, LinkOutcome),
        (page.WHY, Capability),
        (page.INSTALL, InstallFault),
        (history._CREDENTIAL, Credential),
        (history._GRANT, Grant),
        (history._ACCOUNT, Standing),
        (history._VISIBLE, Visible),
        (history._WANTED, Wanted),
    ],
)
def test_every_member_has_words(table, enum):
    assert set(table) == set(enum)


@pytest.mark.parametrize("platform", Platform)
@pytest.mark.parametrize("reason", Reason)
def test_a_reason_is_a_sentence(reason, platform):
    is_a_sentence(connection.reason(reason, platform))


@pytest.mark.parametrize("platform", Platform)
@pytest.mark.parametrize("step", NextStep)
def test_a_step_is_a_sentence_and_its_button_a_verb(step, platform):
    is_a_sentence(connection.step(step, platform))
    assert connection.button(step, platform).istitle() or platform is Platform.TIKTOK


@pytest.mark.parametrize("reason", LinkReason)
@pytest.mark.parametrize("platform", [None, *Platform])
def test_a_pair_is_a_sentence(reason, platform):
    link = LinkVerdict(state=State.PENDING, reason=reason, platform=platform, act_by=None)
    is_a_sentence(connection.pair(link))


@pytest.mark.parametrize("platform", Platform)
@pytest.mark.parametrize("result", LinkOutcome)
def test_an_outcome_says_what_happened_and_what_to_do(result, platform):
    attempt = outcome.Attempt(
        outcome=result, platform=platform, client="Nordlicht Bakery", found="velo", expected="nord"
    )
    told = outcome.said(attempt)
    assert told.title
    assert not told.title.endswith(".")
    is_a_sentence(told.body)
    assert "Nordlicht Bakery" in told.title + told.body


def test_fewer_permissions_say_which_and_what_they_cost():
    attempt = outcome.Attempt(
        outcome=LinkOutcome.FEWER_PERMISSIONS,
        platform=Platform.TIKTOK,
        client="Velo",
        missing=frozenset({Capability.PUBLISH}),
    )
    assert "“Publish” was switched off, so we can't publish posts" in outcome.said(attempt).body


def test_never_coming_back_names_the_usual_causes():
    attempt = outcome.Attempt(outcome=LinkOutcome.TIMED_OUT, platform=Platform.TIKTOK, client="Velo")
    assert len(outcome.said(attempt).points) >= 3


def refusals_in_the_code():
    for room in ("core", "storage", "bot"):
        for path in (ROOT / room).rglob("*.py"):
            calls = (each for each in ast.walk(ast.parse(path.read_text())) if isinstance(each, ast.Call))
            for call in calls:
                first = call.args[0] if call.args else None
                if getattr(call.func, "id", "") == "Refusal" and isinstance(first, ast.Constant):
                    yield first.value


FROM_FORMS = {"name_missing", "name_too_long", "needed_out_of_range", "time_zone_unknown"}
FROM_FORMS |= {"needed_too_many", "remind_out_of_range", "expire_out_of_range"}
FROM_FORMS |= {"days_missing", "patience_out_of_range", "quiet_half", "quiet_unreadable", "hour_out_of_range"}
FACTS = {
    "typed": "Nordlich",
    "known": "Nordlicht Bakery",
    "client": "Velo",
    "managers": "U1 U2",
    "platform": "tiktok",
}


def test_every_refusal_in_the_code_has_a_sentence():
    codes = set(refusals_in_the_code()) | FROM_FORMS
    assert {code for code in codes if sentence(Refusal(code)) == refusal.UNKNOWN} == set()


@pytest.mark.parametrize("facts", [FACTS, {}])
@pytest.mark.parametrize("code", [*refusal.SENTENCES, "something_new"])
def test_a_refusal_is_one_helpful_sentence_with_or_without_facts(code, facts):
    for text in (refusal.refusal(code, facts), refusal.refusal_plain(code, facts)):
        is_a_sentence(text)
        assert len(text) < 400


def test_a_refusal_mentions_who_may_and_escapes_what_was_typed():
    assert "<@U1>, <@U2>" in refusal.refusal("not_allowed", FACTS)
    assert "<" not in refusal.refusal_plain("not_allowed", FACTS)
    assert "&lt;!channel&gt;" in refusal.refusal("unknown_client", {"typed": "<!channel>"})


def test_a_channel_that_was_typed_is_shown_as_one():
    assert "called “<#C0GENERAL>” here" in refusal.refusal("unknown_client", {"typed": "#C0GENERAL"})
    assert "called “#C0GENERAL” here" in refusal.refusal_plain("unknown_client", {"typed": "#C0GENERAL"})


def every_trouble(base=errors.Trouble):
    yield base
    for each in base.__subclasses__():
        yield from every_trouble(each)


@pytest.mark.parametrize("kind", list(every_trouble()), ids=lambda each: each.__name__)
def test_every_trouble_has_its_own_sentence(kind):
    assert kind in trouble.TROUBLE
    is_a_sentence(trouble.trouble(kind("some_code"), Platform.INSTAGRAM))
    is_a_sentence(trouble.trouble(kind("some_code")))


def test_our_own_fault_carries_a_reference():
    assert "a1b2" in trouble.ours("a1b2")


BECAUSE = [
    "not_professional",
    "never_seen",
    "all_granted",
    "not_granted:publish,publish_draft",
    "never_tried",
    "proof_due",
    "proved",
    "platform_still_holds",
    "we_still_hold",
    "proved_gone",
    "nobody_unlinked",
    "something_new",
    *[f"attempt:{each}" for each in LinkOutcome],
    *[f"refused:{each}" for each in Reason],
]


@pytest.mark.parametrize("because", BECAUSE)
def test_every_answer_of_a_diagnosis_rests_on_a_sentence(because):
    answered = Answered(question=Question.OPTION_MISSING, answer=Answer.YES, because=because, seen_at=None)
    is_a_sentence(diagnosis.because(answered, Platform.TIKTOK))


@pytest.mark.parametrize("note", [*history._NOTED, ""])
def test_every_note_of_history_is_said(note):
    assert history.what(an_evidence(a_linked_connection(), note=note), Platform.TIKTOK)


@pytest.mark.parametrize(
    "seen",
    [
        Observation(),
        *[Observation(grant=each) for each in Grant],
        *[Observation(account=each) for each in Standing],
        *[Observation(credential=each) for each in Credential],
        *[Observation(visible=each) for each in Visible],
        *[Observation(wanted=each) for each in Wanted],
    ],
)
def test_every_observation_is_said(seen):
    told = history.what(an_evidence(a_linked_connection(), observation=seen, at=NOW), None)
    assert told[0].isupper()
    assert "{" not in told


@pytest.mark.parametrize(
    ("passed", "told"),
    [
        ({}, "It was over within a minute"),
        ({"seconds": 59}, "It was over within a minute"),
        ({"seconds": 60}, "It lasted 1 minute"),
        ({"minutes": 59, "seconds": 59}, "It lasted 59 minutes"),
        ({"hours": 1}, "It lasted 1 hour"),
        ({"hours": 3, "minutes": 20}, "It lasted 3 hours 20 minutes"),
        ({"hours": 23, "minutes": 59}, "It lasted 23 hours 59 minutes"),
        ({"days": 1, "minutes": 59}, "It lasted 1 day"),
        ({"days": 2, "hours": 1}, "It lasted 2 days 1 hour"),
        ({"days": 40}, "It lasted 40 days"),
    ],
)
def test_how_long_something_lasted_reads_well_at_any_length(passed, told):
    assert incident.lasted(timedelta(**passed)) == told
