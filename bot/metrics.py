"""What is counted, for whoever watches this process. No name of a workspace, client or account is a label."""

import re
from collections.abc import Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from core.domain.chronicle import Entry
from core.domain.delivery import ENDS, DeliveryStep
from core.ports import Backlog, Duty

ACK_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0, 3.0)
TICK_BUCKETS = (0.001, 0.005, 0.025, 0.1, 0.5, 2.0, 10.0, 60.0)
CALL_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0, 600.0)
"""A call is anything from a quick read to the upload of a film."""
MOST_CODES = 200
"""Platforms document fewer codes than that. What comes after so many different ones is counted as `other`."""
OTHER = "other"
MOST_DUE = 1000
"""How far rows that are due are counted: a scrape stays a few milliseconds however much waits."""
_CODE = re.compile(r"[\w./-]{1,64}")
_OUTCOMES = ENDS | {DeliveryStep.UNCERTAIN}


class Metrics:
    """One registry per process, so that two bots in one test don't share numbers."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._codes: set[str] = set()
        self.requests = self._counter("slack_requests", "Requests to Slack's address", "answer")
        self.ack = Histogram(
            "crosslink_slack_ack_seconds",
            "From the body's last byte to the ack",
            registry=self.registry,
            buckets=ACK_BUCKETS,
        )
        self.failures = self._counter("failures", "Errors that were answered with a reference")
        self.notices = self._counter("platform_notices", "Webhooks received", "platform", "kind", "outcome")
        self.arrivals = self._counter(
            "link_attempts", "People who came back from a platform", "platform", "outcome"
        )
        self.ticks = self._counter("scheduler_ticks", "Passes over what is due", "outcome")
        self.tick = Histogram(
            "crosslink_scheduler_tick_seconds",
            "How long a pass over what is due took",
            registry=self.registry,
            buckets=TICK_BUCKETS,
        )
        self.calls = Histogram(
            "crosslink_platform_call_seconds",
            "Calls to platforms, by what they were for; refreshes and publishing among them",
            ["platform", "call", "outcome"],
            registry=self.registry,
            buckets=CALL_BUCKETS,
        )
        self.steps = self._counter("delivery_steps", "Steps that deliveries came to", "platform", "step")
        self.outcomes = self._counter(
            "delivery_outcomes", "How deliveries ended, and what they wait for", "platform", "outcome", "code"
        )
        self.running = self._gauge("tasks_running", "Work behind acks")
        self.due = self._gauge("due", f"Rows that are due now, counted up to {MOST_DUE}", "duty")
        self.late = self._gauge("due_oldest_seconds", "Since when the oldest that nobody took is due", "duty")
        self.incidents = self._gauge("open_incidents", "Incidents that are open now", "condition")
        self.stored = self._gauge("storage_up", "1 where the database answered this request, else 0")

    def happened(self, entry: Entry) -> None:
        """Count what was written down of a post and is committed."""
        code = self._bounded(entry.code)
        if entry.is_step:
            self.steps.labels(entry.platform, entry.what).inc()
            if entry.what in _OUTCOMES:
                self.outcomes.labels(entry.platform, entry.what, code).inc()
        if entry.waits:
            self.outcomes.labels(entry.platform, "waits", code).inc()

    def waits(self, backlog: Backlog, wakes: Mapping[Duty, datetime | None], at: datetime) -> None:
        """Show what waits in the database at a moment."""
        for duty, count in backlog.due.items():
            self.due.labels(duty).set(count)
            wake = wakes[duty]
            self.late.labels(duty).set(max(0.0, (at - wake).total_seconds()) if wake else 0.0)
        for condition, count in backlog.incidents.items():
            self.incidents.labels(condition).set(count)
        self.stored.set(1)

    def hidden(self) -> None:
        """Show that nobody knows what waits: numbers of an hour ago would look like those of now."""
        for gauge in (self.due, self.late, self.incidents):
            gauge.clear()
        self.stored.set(0)

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry)

    def _bounded(self, code: str) -> str:
        """Return a code as a label: codes are the platforms' words, and platforms change."""
        if code in self._codes or not code:
            return code
        if len(self._codes) >= MOST_CODES or not _CODE.fullmatch(code):
            return OTHER
        self._codes.add(code)
        return code

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(f"crosslink_{name}", about, labels, registry=self.registry)

    def _gauge(self, name: str, about: str, *labels: str) -> Gauge:
        return Gauge(f"crosslink_{name}", about, labels, registry=self.registry)
