"""What the running program counts, for Prometheus."""

from __future__ import annotations

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from connectors.message import Reply

LATENCY_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Metrics:
    """Counters of one application; each application has a registry of its own."""

    def __init__(self) -> None:
        """Makes the counters."""
        self.registry = CollectorRegistry()
        self.replies = Counter(
            "motcua_replies",
            "Replies by channel and kind.",
            ["channel", "kind"],
            registry=self.registry,
        )
        self.latency = Histogram(
            "motcua_reply_seconds",
            "Time from message to reply.",
            ["channel"],
            buckets=LATENCY_BUCKETS,
            registry=self.registry,
        )
        self.stages = Histogram(
            "motcua_stage_seconds",
            "Time spent in one stage of a turn.",
            ["stage"],
            buckets=LATENCY_BUCKETS,
            registry=self.registry,
        )
        self.procedures = Gauge(
            "motcua_procedures", "Procedures in the catalogue.", registry=self.registry
        )
        self.release = Gauge(
            "motcua_release", "Number of the learned release in use.", registry=self.registry
        )

    def record(self, channel: str, replies: Sequence[Reply]) -> None:
        """Counts the replies to one message."""
        for reply in replies:
            self.replies.labels(channel, reply.kind.value).inc()
            self.latency.labels(channel).observe(reply.latency_ms / 1000)
            for stage, milliseconds in reply.timings.items():
                self.stages.labels(stage).observe(milliseconds / 1000)

    def render(self) -> bytes:
        """The text that Prometheus reads."""
        return generate_latest(self.registry)
