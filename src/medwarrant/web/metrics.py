"""Counters for Prometheus: routes by name, never a path, an id or anything of a patient."""

from __future__ import annotations

import os
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.exposition import CONTENT_TYPE_LATEST

#: Without the character set, which Litestar adds to every text.
MEDIA_TYPE: Final = CONTENT_TYPE_LATEST.partition("; charset=")[0]
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
#: Where several workers write their counters, so that each can tell those of all.
SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"


class Metrics:
    """The counters of one server.

    >>> metrics = Metrics()
    >>> metrics.answered("home", 200, 0.01)
    >>> b'medwarrant_requests_total{route="home",status="200"} 1.0' in metrics.exposition()
    True
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "medwarrant_requests",
            "Requests answered, by the name of the route.",
            ("route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "medwarrant_request_seconds",
            "Time from the request to the end of its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.determinations = Counter(
            "medwarrant_determinations",
            "Determinations proposed, by outcome.",
            ("outcome",),
            registry=self.registry,
        )
        self.errors = Counter(
            "medwarrant_errors",
            "Requests that ended in a defect of the server, by type.",
            ("type",),
            registry=self.registry,
        )

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self.requests.labels(route, str(status)).inc()
        self.seconds.labels(route).observe(seconds)

    def determined(self, outcome: str | None) -> None:
        """Count a determination that was proposed."""
        self.determinations.labels(outcome or "none").inc()

    def failed(self, kind: str) -> None:
        """Count a defect."""
        self.errors.labels(kind).inc()

    def exposition(self, *, audit_entries: int = 0) -> bytes:
        """All counters, in the text format of Prometheus; with several workers, those of all."""
        registry = self.registry
        if os.environ.get(SHARED_FOLDER):
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        audit = (
            "# HELP medwarrant_audit_entries_total Entries of the audit log.\n"
            "# TYPE medwarrant_audit_entries_total counter\n"
            f"medwarrant_audit_entries_total {audit_entries}\n"
        )
        return generate_latest(registry) + audit.encode()
