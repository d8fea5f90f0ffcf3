"""Figures for Prometheus at `/metrics`, for whoever holds the key HUB_METRICS_KEY.

Requests are those of all processes of this server, memory and CPU of each; what waits is counted in rows when it is asked for, and is
the same from every server.
"""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from announcements.delivery import services as delivery
from announcements.kernel import heart

REQUESTS = Counter("mantel_requests", "Requests that were answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "mantel_request_seconds",
    "How long answers took.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)


class Measured:
    """Middleware: counts and times requests by route, never by address: an id in a label would be a figure for each row."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.METRICS_KEY:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, and note it."""
        if request.path_info == "/metrics" and request.method == "GET":
            return figures(request)
        begun = time.perf_counter()
        response = self.get_response(request)
        # The kept feed is answered before an address is looked up.
        route = request.resolver_match.route if request.resolver_match else "unresolved"
        REQUESTS.labels(request.method, route, response.status_code).inc()
        SECONDS.labels(route).observe(time.perf_counter() - begun)
        return response


def figures(request: HttpRequest) -> HttpResponse:
    """Answer all figures; nobody without the key learns that there are any."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), settings.METRICS_KEY.encode()):
        return HttpResponse(status=404)
    waiting = CollectorRegistry()
    waiting.register(Waiting())
    content = generate_latest(_of_this_server()) + generate_latest(waiting)
    return HttpResponse(content, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _of_this_server() -> CollectorRegistry:
    """Return what its processes counted: of all of them where they share a folder (together.py), else of this one."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if not folder:
        return REGISTRY
    counted = CollectorRegistry()
    MultiProcessCollector(counted, path=folder)  # type: ignore[no-untyped-call]  # the library's
    counted.register(Processes(Path(folder)))
    return counted


class Processes(Collector):
    """What each of the processes that share a folder takes, by its id: a sum would fall when one is replaced, which no counter may."""

    TOLD = ("process_resident_memory_bytes", "process_virtual_memory_bytes", "process_cpu_seconds", "process_open_fds")

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def collect(self) -> Iterator[Metric]:
        """Ask each that still runs."""
        told: dict[str, Metric] = {}
        for pid in sorted({file.stem.rpartition("_")[2] for file in self.folder.glob("*.db")}):
            for one in ProcessCollector(pid=partial(str, pid), registry=None).collect():
                every = told.setdefault(one.name, Metric(one.name, one.documentation, one.type))
                for sample in one.samples:
                    every.add_sample(sample.name, {"pid": pid}, sample.value)
        yield from (told[name] for name in self.TOLD if name in told)


class Waiting(Collector):
    """What waits for workers, and since when they have not worked."""

    def collect(self) -> Iterator[Metric]:
        """Count it now."""
        now = timezone.now()
        backlog = delivery.backlog(now=now)
        due = GaugeMetricFamily("mantel_mail_due", "Mails that are due and have not been handed over.", labels=["kind"])
        oldest = GaugeMetricFamily("mantel_mail_late_seconds", "How long the first of them is due.", labels=["kind"])
        for one in backlog.mail:
            due.add_metric([one.kind], one.due)
            oldest.add_metric([one.kind], one.late.total_seconds())
        yield due
        yield oldest
        said = "Announcements whose audience has not been reached yet."
        yield GaugeMetricFamily("mantel_fan_outs_unfinished", said, value=backlog.fan_outs)
        last = delivery.last_backup()
        backup = {"backup": (now - last).total_seconds() if last else None}
        for name, age in (heart.ages(now=now) | backup).items():
            if age is not None:
                yield GaugeMetricFamily(f"mantel_{name}_age_seconds", f"Since the last {name}.", value=age)
