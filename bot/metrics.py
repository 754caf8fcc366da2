"""What is counted, for whoever watches this process. No name of a workspace, client or account is a label."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

ACK_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0, 3.0)


class Metrics:
    """One registry per process, so that two bots in one test don't share numbers."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "crosslink_slack_requests", "Requests to Slack's address", ["answer"], registry=self.registry
        )
        self.ack = Histogram(
            "crosslink_slack_ack_seconds",
            "From the body's last byte to the ack",
            registry=self.registry,
            buckets=ACK_BUCKETS,
        )
        self.failures = Counter(
            "crosslink_failures", "Errors that were answered with a reference", registry=self.registry
        )
        self.notices = Counter(
            "crosslink_platform_notices", "Webhooks received", ["platform", "outcome"], registry=self.registry
        )
        self.arrivals = Counter(
            "crosslink_link_attempts",
            "People who came back from a platform",
            ["platform", "outcome"],
            registry=self.registry,
        )
        self.ticks = Counter(
            "crosslink_scheduler_ticks", "Passes over what is due", ["outcome"], registry=self.registry
        )
        self.running = Gauge("crosslink_tasks_running", "Work behind acks", registry=self.registry)

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry)
