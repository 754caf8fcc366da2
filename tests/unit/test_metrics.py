"""What is counted of posts and platforms, and that labels stay few whatever platforms say."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.metrics import MOST_CODES, Metrics
from bot.wiring.metered import Meter, MeteredPublisher
from core.domain.account import Platform
from core.domain.chronicle import Entry
from core.domain.errors import Final, GrantLost, PlatformDown, Throttled, Trouble, Unconfirmed, Unreachable
from core.domain.symptom import Condition
from core.ports import Backlog, Duty
from tests.builders import NOW

STEP = Entry(
    workspace="T0AGENCY",
    post_id="po_1",
    at=NOW,
    what="uploaded",
    digest="d",
    delivery_id="dl_1",
    platform="tiktok",
    before="prepared",
)
REFUSED = replace(STEP, what="refused", before="asked", blame="content", code="spam_risk_text")


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    """What Prometheus would see."""
    return metrics.registry.get_sample_value(f"crosslink_{name}", labels)


def test_steps_and_ends_are_counted_by_platform_and_code():
    metrics = Metrics()
    for entry in (STEP, REFUSED, replace(STEP, before="uploaded")):
        metrics.happened(entry)
    assert value(metrics, "delivery_steps_total", platform="tiktok", step="uploaded") == 1
    assert value(metrics, "delivery_steps_total", platform="tiktok", step="refused") == 1
    ended = {"platform": "tiktok", "outcome": "refused", "code": "spam_risk_text"}
    assert value(metrics, "delivery_outcomes_total", **ended) == 1


def test_what_waits_for_a_person_is_an_outcome():
    metrics = Metrics()
    metrics.happened(replace(STEP, before="uploaded", waits=True, code="190"))
    assert value(metrics, "delivery_outcomes_total", platform="tiktok", outcome="waits", code="190") == 1


def test_changes_of_posts_are_no_steps():
    metrics = Metrics()
    metrics.happened(replace(STEP, delivery_id="", platform="", before="", what="requested"))
    assert b'step="requested"' not in metrics.text()


@pytest.mark.parametrize("code", ["a sentence about @velowerk", "x" * 65, "line\nbreak"])
def test_what_is_no_code_is_other(code: str):
    metrics = Metrics()
    metrics.happened(replace(REFUSED, code=code))
    assert value(metrics, "delivery_outcomes_total", platform="tiktok", outcome="refused", code="other") == 1


def test_codes_are_bounded():
    metrics = Metrics()
    for number in range(MOST_CODES + 5):
        metrics.happened(replace(REFUSED, code=f"code_{number}"))
    refused = {"platform": "tiktok", "outcome": "refused"}
    assert value(metrics, "delivery_outcomes_total", **refused, code="other") == 5
    metrics.happened(replace(REFUSED, code="code_0"))
    assert value(metrics, "delivery_outcomes_total", **refused, code="code_0") == 2


def test_the_age_of_a_queue_is_since_when_its_first_is_due():
    metrics = Metrics()
    wakes = dict.fromkeys(Duty) | {
        Duty.DELIVERIES: NOW - timedelta(seconds=90), Duty.POSTS: NOW + timedelta(hours=1),
    }  # fmt: skip
    backlog = Backlog(due=dict.fromkeys(Duty, 0) | {Duty.DELIVERIES: 7}, incidents={Condition.BROKEN: 2})
    metrics.waits(backlog, wakes, NOW)
    assert value(metrics, "due", duty="deliveries") == 7
    assert value(metrics, "due_oldest_seconds", duty="deliveries") == 90
    assert value(metrics, "due_oldest_seconds", duty="posts") == 0
    assert value(metrics, "open_incidents", condition="broken") == 2
    metrics.hidden()
    assert value(metrics, "due", duty="deliveries") is None
    assert value(metrics, "storage_up") == 0


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        (Throttled("429"), "throttled"),
        (Unreachable("timeout"), "unreachable"),
        (PlatformDown("500"), "platform_down"),
        (GrantLost("190"), "needs_person"),
        (Final("invalid_params"), "final"),
        (Unconfirmed("timeout"), "unconfirmed"),
        (Trouble("?"), "error"),
        (ValueError("?"), "error"),
    ],
)
def test_a_calls_outcome_is_its_kind_of_trouble(trouble: Exception, outcome: str):
    metrics = Metrics()
    with pytest.raises(type(trouble)), Meter(Platform.TIKTOK, metrics).timing("ask"):
        raise trouble
    labels = {"platform": "tiktok", "call": "ask", "outcome": outcome}
    assert value(metrics, "platform_call_seconds_count", **labels) == 1


class Endless:
    """An upload that never ends by itself."""

    is_closed = False

    async def upload(self, *_: object) -> AsyncGenerator[int, None]:
        try:
            while True:
                yield 1
        finally:
            self.is_closed = True


async def test_an_upload_that_is_given_up_ends_at_once_and_is_counted():
    metrics, endless = Metrics(), Endless()
    metered = MeteredPublisher(endless, Meter(Platform.TIKTOK, metrics))  # type: ignore[arg-type]
    async with aclosing(metered.upload(*[None] * 5)) as tickets:  # type: ignore[arg-type]
        async for _ in tickets:
            break
    await asyncio.sleep(0)
    assert endless.is_closed
    labels = {"platform": "tiktok", "call": "upload", "outcome": "given_up"}
    assert value(metrics, "platform_call_seconds_count", **labels) == 1
