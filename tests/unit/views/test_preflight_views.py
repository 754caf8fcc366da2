"""Cards and modals of preflight: within Slack's limits whatever a file is called, and nothing shouted by it."""

import pytest

from bot import ids
from bot.views.preflight_form import answer_errors, answer_modal, findings_modal, preflight_modal
from bot.views.preflight_view import Card, TargetCard, card, looking, shared, stopped, working
from core.domain.limits import Severity
from core.domain.media import Container, Kind, Media
from core.domain.preflight import Finding, Verdict
from tests.builders import a_client
from tests.unit.views.rows import HOSTILE, accepted, buttons

ORDER = ids.PreflightValue(name="ride.mp4", file="a" * 64, size=1)


def a_finding(number: int = 0, **changes) -> Finding:
    given = {
        "code": "video.duration.max",
        "severity": Severity.BLOCK,
        "where": "video",
        "measured": f"{100 + number} s",
        "allowed": "at most 90 s",
    }
    return Finding(**given | changes)


def a_card(name: str = "ride.mp4", findings: int = 5, **changes) -> Card:
    media = Media(name=name, kind=Kind.VIDEO, size=10**6, sha256=None, container=Container(format="mp4"))
    found = tuple(a_finding(number) for number in range(findings))
    target = TargetCard(target="instagram.reel", verdict=Verdict.BLOCKED, findings=found)
    return Card(**{"media": media, "targets": [target], "order": ORDER} | changes)


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_fits_and_shouts_at_nobody(name):
    shown = a_card(
        name, note="", client=name, poster="https://crosslink.example/media/x", download="https://x.example/a"
    )
    for told in (card(shown), shared(shown, "U0MANAGER"), looking(name), working(name, "jb_1", 0.5)):
        accepted(told)
    accepted(stopped(ORDER, "Cancelled.", asks=False))


def test_the_three_worst_findings_are_shown_and_the_rest_counted():
    text = accepted(card(a_card(findings=7)))
    assert text.count("allowed: at most 90 s") == 3
    assert "4 more behind Show All Findings" in text


def test_a_card_without_findings_has_no_dead_buttons():
    shown = a_card(findings=0)
    assert [each["action_id"] for each in buttons(card(shown))] == ["preflight.post", "preflight.share"]


def test_the_same_finding_of_two_targets_is_told_once():
    both = [
        TargetCard(target=name, verdict=Verdict.BLOCKED, findings=(a_finding(),))
        for name in ("tiktok.video", "instagram.reel")
    ]
    assert accepted(card(a_card(targets=both))).count("TikTok video and Instagram Reel") == 1


@pytest.mark.parametrize("page", [0, 1, 99])
def test_many_findings_are_dealt_onto_pages(page):
    accepted(findings_modal(a_card(findings=200), page))


def test_the_modals_are_accepted():
    meta = ids.PreflightMeta(channel="C0VELO", hook="https://hooks.example/1")
    accepted(preflight_modal(meta, [a_client()], ["tiktok.video", "instagram.reel"], None))
    asked = ids.AnswerMeta(order=ids.write(ORDER), fixes="yes", longest="90", shortest="3", whole="120.00")
    accepted(answer_modal(a_card(findings=1), asked))


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        ("0:05", "1:00", set()),
        ("5", "6", {"end"}),
        ("0", "1:55", {"end"}),
        ("x", "", {"start", "end"}),
        ("1:40", "2:30", {"end"}),
    ],
)
def test_a_part_is_read_as_people_write_it(start, end, wrong):
    meta = ids.AnswerMeta(order=ids.write(ORDER), fixes="yes", longest="90", shortest="3", whole="120.00")
    values = {name: {name: {"value": text}} for name, text in (("start", start), ("end", end))}
    view = {"private_metadata": ids.write(meta, most=ids.PRIVATE_METADATA), "state": {"values": values}}
    assert set(answer_errors(view)) == wrong
