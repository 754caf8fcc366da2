"""Every finding has a name and advice that a person can act on."""

import pytest

from bot.views.words.finding import ADVICE, SEVERITY, VERDICT, advice, place, title
from core.domain.limits import Severity
from core.domain.media import Snag
from core.domain.preflight import Finding, Verdict
from core.providers.limits import limit_sets

RULES = {limit.code for rules in limit_sets().values() for limit in rules.limits}
OTHERS = (
    {f"file.{snag}" for snag in Snag}
    | {"file.kind", "audio.rights"}
    | {f"account.{each}" for each in ("publish", "quota", "stale")}
)
JARGON = ("exception", "null", "stream", "ffmpeg", "box", "atom")


def a_finding(code, **changes):
    values = {"severity": Severity.BLOCK, "where": "file", "measured": "seen", "allowed": "this or that"}
    return Finding(**{"code": code, **values, **changes})


@pytest.mark.parametrize("code", sorted(RULES | OTHERS))
def test_every_code_has_a_title_and_advice(code):
    finding = a_finding(code)
    text = advice(finding)
    assert title(finding) != "Other"
    assert text[0].isupper()
    assert text.endswith(".")
    assert "{" not in text
    assert not [word for word in JARGON if word in text.lower()]
    assert len(text) < 160


def test_no_advice_is_kept_for_codes_that_nothing_finds():
    assert set(ADVICE) <= RULES | OTHERS


def test_verdicts_and_severities_have_words():
    assert set(VERDICT) == set(Verdict)
    assert set(SEVERITY) == set(Severity)


def test_a_question_about_music_reads_unlike_its_answer():
    asked, answered = a_finding("audio.rights", severity=Severity.QUESTION), a_finding("audio.rights")
    assert advice(asked) != advice(answered)


def test_what_could_not_be_told_says_so():
    assert "could not be told" in advice(a_finding("video.fps.max", measured="unknown"))


def test_several_files_are_numbered():
    assert (place(a_finding("file.kind", item=2)), place(a_finding("file.kind"))) == ("file 2, file", "file")
