"""The settings of a deployment, as Django's own checks and a browser on plain HTTP meet them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hub import env

BEHIND_A_PROXY = {
    "HUB_BASE_URL": "https://mantel.example.com",
    "HUB_HOSTS": "mantel.example.com",
    "HUB_PROXIES": "1",
    "HUB_SECRET_KEY": "a-key-of-fifty-letters-and-more-0123456789-abcdefghijklmnop",
}
ASK = """
import django; django.setup()
from django.test import Client
answer = Client().get("/.well-known/oauth-authorization-server", headers={"host": "mantel.example.com", "x-forwarded-proto": "%s"})
print(answer.status_code, answer.headers.get("Location", ""), answer.headers.get("Strict-Transport-Security", ""))
"""


def run(tmp_path: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUB_", "DJANGO_"))}
    told = kept | {"HUB_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "hub.settings"} | BEHIND_A_PROXY | more
    return subprocess.run(
        [sys.executable, *command], cwd=env.ROOT, env=told, capture_output=True, text=True, check=False
    )


def test_django_finds_nothing_to_warn_of_behind_a_proxy(tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert (done.returncode, done.stderr) == (0, "")


def test_django_warns_when_no_proxy_is_believed(tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", HUB_PROXIES="0")

    assert done.returncode == 1
    assert "security.W008" in done.stderr


@pytest.mark.parametrize(
    ("scheme", "said"),
    [
        ("http", "301 https://mantel.example.com/.well-known/oauth-authorization-server"),
        ("https", "200  max-age=63072000"),
    ],
)
def test_whoever_comes_unencrypted_is_led_to_the_encrypted_address(tmp_path: Path, scheme: str, said: str) -> None:
    assert run(tmp_path, "-c", ASK % scheme).stdout.strip() == said
