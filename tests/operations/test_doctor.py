"""The doctor where much is wrong: it looks at every part all the same, and says of each what to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from hub import env
from hub.operations import checkup

NOBODY = "127.0.0.1:1"  # nothing listens there


def test_where_everything_is_away_each_part_says_what_to_do(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUB_", "DJANGO_"))}
    away = {
        "HUB_DATABASE_URL": f"postgresql://nobody@{NOBODY}/none", "HUB_REDIS_URL": f"redis://{NOBODY}/0",
        "HUB_SMTP_URL": f"smtp://{NOBODY}", "HUB_HOSTS": "other.test", "HUB_DATA": str(tmp_path),
    }  # fmt: skip

    done = subprocess.run(
        [sys.executable, "manage.py", "doctor", "--json"], cwd=env.ROOT, env=kept | away, capture_output=True, text=True, check=False
    )  # fmt: skip

    assert done.returncode == 1
    ill = {one["part"]: one["remedy"] for one in json.loads(done.stdout) if one["state"] == "ill"}
    assert ill == {
        "database": "Start it, or correct HUB_DATABASE_URL.",
        "queue": "Start Redis, or correct HUB_REDIS_URL. Nothing is lost meanwhile.",
        "tick": "Start a worker and the beat.",
        "sweep": "Start a worker and the beat.",
        "mail": "Correct HUB_SMTP_URL. Mail waits meanwhile.",
        "address": "Add localhost to HUB_HOSTS.",
        "static files": "Run `manage.py prepare`.",
    }


@pytest.mark.django_db
def test_a_clock_that_is_wrong_is_to_be_set_by_ntp() -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        wrong = [one for one in checkup.clock() if one.state == "ill"]

    assert [one.said.partition(" s ")[2] for one in wrong][-1:] == ["apart from Redis's"]
    assert {one.remedy for one in wrong} == {"Let every machine keep time by NTP (chrony, systemd-timesyncd)."}


def test_a_disk_that_is_nearly_full_needs_room(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 5 << 20})())

    (found,) = checkup.disk()

    assert (found.state, found.remedy) == ("warning", f"Make room where {settings.DATA} lies.")
