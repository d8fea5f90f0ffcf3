"""Figures for who holds the key, and one id from a request to the tasks it queues."""

from __future__ import annotations

import importlib
import json
import logging
import threading
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from celery import current_app
from celery.contrib.testing.worker import start_worker
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from announcements.delivery import services as delivery
from announcements.people import services as people
from hub.operations import logs, tracing

pytestmark = pytest.mark.django_db
KEY = {"Authorization": "Bearer the key"}


@pytest.fixture
def figures(settings: Any) -> Any:
    """Return a function that reads the figures: {(name, labels): value}."""
    settings.METRICS_KEY = "the key"
    client = Client()  # its handler reads the settings now

    def read() -> dict[tuple[str, ...], float]:
        answer = client.get("/metrics", headers=KEY)
        assert answer.status_code == 200
        families = text_string_to_metric_families(answer.content.decode())
        return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}

    read.client = client  # type: ignore[attr-defined]
    return read


def test_nobody_without_the_key_learns_that_there_are_figures(figures: Any) -> None:
    assert figures.client.get("/metrics").status_code == 404
    assert figures.client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 404


def test_without_a_key_in_the_settings_there_is_nothing(client: Client) -> None:
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_requests_are_counted_by_route_and_not_by_address(figures: Any) -> None:
    route = ("mantel_requests_total", "GET", "api/v1/mail-links/<str:token>", "404")
    before = figures().get(route, 0)

    figures.client.get("/api/v1/mail-links/one")
    figures.client.get("/api/v1/mail-links/two")

    assert figures()[route] == before + 2


def test_mail_that_waits_is_counted_and_its_age_told(figures: Any, olga: people.Person) -> None:
    assert figures()["mantel_mail_due", "letter"] == 0

    began = timezone.now() - timedelta(minutes=3)
    delivery.post_letter(recipient=olga.email, subject="A code", body="123", now=began)

    found = figures()
    assert found["mantel_mail_due", "letter"] == 1
    assert 170 < found["mantel_mail_late_seconds", "letter"] < 240


def test_how_old_the_last_backup_is_is_told_once_there_is_one(figures: Any) -> None:
    assert ("mantel_backup_age_seconds",) not in figures()

    delivery.note_backup(at=timezone.now() - timedelta(hours=1))

    assert 3600 <= figures()["mantel_backup_age_seconds",] < 3700


def test_an_answer_carries_the_id_that_a_proxy_gave(client: Client) -> None:
    assert client.get("/live", headers={"X-Request-ID": "from-the-proxy-1"})["X-Request-ID"] == "from-the-proxy-1"
    made = client.get("/live", headers={"X-Request-ID": "bad\nid"})["X-Request-ID"]
    assert len(made) == 16
    assert client.get("/live")["X-Request-ID"] != made


def test_a_task_is_logged_under_the_id_of_the_request_that_queued_it() -> None:
    seen: list[tuple[str, str]] = []
    done = threading.Event()

    @current_app.task(name="tests.seen")
    def note() -> None:
        seen.append((tracing.request_id.get(), tracing.task_id.get()))
        done.set()

    with start_worker(current_app, pool="solo", perform_ping_check=False, loglevel="ERROR"):
        token = tracing.request_id.set("a-request-1")
        queued = note.delay()
        tracing.request_id.reset(token)
        assert done.wait(20)

    assert seen == [("a-request-1", queued.id)]


def test_a_line_can_be_an_object() -> None:
    said = logs.settings("json", "INFO")["formatters"]["json"]
    module, _dot, name = said["()"].rpartition(".")
    formatter = getattr(importlib.import_module(module), name)(said["format"], style=said["style"])
    out = StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(tracing.Ids())
    handler.setFormatter(formatter)
    token = tracing.request_id.set("a-request-2")
    handler.handle(logging.LogRecord("hub", logging.WARNING, __file__, 1, "two\nlines of %s", ("Olga",), None))
    tracing.request_id.reset(token)

    line = json.loads(out.getvalue())
    assert (line["message"], line["levelname"], line["request_id"]) == ("two\nlines of Olga", "WARNING", "a-request-2")
