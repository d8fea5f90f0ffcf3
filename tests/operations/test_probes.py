"""What a balancer and an orchestrator ask, and what the doctor says."""

from __future__ import annotations

import importlib
import json
import re
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from announcements.delivery import services as delivery
from announcements.delivery import tasks
from announcements.kernel import heart
from hub.management.commands import prepare
from hub.operations import checkup

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_new_process() -> None:
    checkup._fitted.clear()


def finding(part: str) -> checkup.Finding:
    return next(one for one in checkup.examine() if one.part == part)


def test_a_probe_is_answered_whatever_host_it_names(client: Client) -> None:
    assert client.get("/live", headers={"host": "10.0.0.7"}).status_code == 200
    answer = client.get("/ready", headers={"host": "10.0.0.7"})
    assert answer.status_code == 200
    assert answer.json() == {"database": "well", "tick": None, "sweep": None}
    assert answer["Cache-Control"] == "no-store"


def test_a_probe_is_only_asked(client: Client) -> None:
    assert client.post("/live").status_code == 404


def test_a_hub_whose_database_does_not_fit_is_not_ready(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'delivery'")

    answer = client.get("/ready")

    assert answer.status_code == 503
    assert "have not been applied" in answer.json()["database"]
    assert client.get("/live").status_code == 200


def test_a_hub_that_once_was_ready_reads_no_migrations_again(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    client.get("/ready")

    with django_assert_max_num_queries(1):
        assert client.get("/ready").status_code == 200


def test_a_tick_that_was_done_is_told(client: Client) -> None:
    tasks.tick.apply()

    assert 0 <= client.get("/ready").json()["tick"] < 60
    assert finding("tick").state == "well"


def test_the_doctor_says_that_the_queue_stands_still(settings: Any) -> None:
    assert finding("tick").remedy == "Start a worker and the beat."

    cache.set("heart.tick", time.time() - settings.TICK_SECONDS * 10)

    assert finding("tick").state == "ill"
    assert re.fullmatch(r"was last done 5\d s ago", finding("tick").said)


def test_the_doctor_says_that_the_hub_was_just_started() -> None:
    heart.start(at=timezone.now())
    assert {finding(name).state for name in heart.NAMES} == {"warning"}
    assert finding("sweep").said == "was just started"

    tasks.sweep.apply()
    assert finding("sweep").state == "well"

    heart.start(at=timezone.now() - timedelta(hours=1), anew=True)
    assert finding("tick").state == "ill"


def test_a_web_process_that_starts_says_so() -> None:
    importlib.reload(importlib.import_module("hub.wsgi"))

    assert finding("tick").said == "was just started"


def test_a_hub_that_is_prepared_is_about_to_start(settings: Any, tmp_path: Path) -> None:
    settings.DATA, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / ".built").write_text(prepare._fingerprint())

    call_command("prepare", stdout=StringIO())

    assert finding("tick").said == "was just started"


@pytest.mark.django_db(transaction=True)
def test_the_doctor_says_when_the_last_backup_was_made(tmp_path: Path) -> None:
    assert finding("backup").state == "warning"

    call_command("backup", str(tmp_path / "copy.tar"), stdout=StringIO())
    assert finding("backup").state == "well"

    delivery.note_backup(at=timezone.now() - timedelta(days=9))
    assert (finding("backup").state, finding("backup").remedy[:4]) == ("warning", "Run ")


def test_the_doctor_says_when_redis_would_throw_tasks_away() -> None:
    assert finding("queue").state == "well"
    server = checkup._redis()
    server.config_set("maxmemory-policy", "allkeys-lru")
    try:
        assert finding("queue").state == "ill"
        assert "evicts (allkeys-lru)" in finding("queue").said
    finally:
        server.config_set("maxmemory-policy", "noeviction")


def test_the_doctor_says_that_the_address_is_not_answered(settings: Any) -> None:
    settings.BASE_URL = "https://mantel.example.com"

    assert finding("address").remedy == "Add mantel.example.com to HUB_HOSTS."


def test_the_doctor_says_that_passwords_travel_in_the_open(settings: Any) -> None:
    assert "not encrypted" in finding("address").said

    settings.BASE_URL, settings.HTTPS = "https://hub.test", True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert finding("address").state == "well"


def test_the_doctor_says_that_others_can_read_the_key(settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path
    tmp_path.chmod(0o700)
    assert finding("secrets").state == "well"

    (tmp_path / "secret-key").write_text("x")
    (tmp_path / "secret-key").chmod(0o644)

    assert finding("secrets").remedy == f"Run `chmod 600 {tmp_path / 'secret-key'}`."


def test_the_doctor_says_what_the_mail_server_said(settings: Any) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    found = finding("mail")

    assert (found.state, found.remedy) == ("ill", "Correct HUB_SMTP_URL. Mail waits meanwhile.")
    assert "127.0.0.1:1: " in found.said


def test_the_doctor_says_that_mail_has_no_sender(settings: Any) -> None:
    settings.MAIL_FROM = "mantel.example.com"

    found = finding("mail")

    assert (found.state, found.remedy) == ("ill", "Let HUB_MAIL_FROM be an address.")


def test_uploads_that_cannot_be_written_are_found(settings: Any, tmp_path: Any) -> None:
    (tmp_path / "file").write_text("no folder")
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "file"},
        }
    }

    assert finding("uploads").state == "ill"


def test_the_doctor_ends_with_an_error_when_a_part_is_ill() -> None:
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("doctor", "--json", stdout=out)

    assert end.value.code == 1
    states = {one["part"]: one["state"] for one in json.loads(out.getvalue())}
    assert states["database"] == states["schema"] == states["uploads"] == "well"
    assert states["sweep"] == "ill"
