"""Several web processes of one server: whichever is asked for figures tells those of all."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from hub import env
from hub.operations import together


def ask(port: int, path: str, **more: str) -> str:
    """Ask over a connection of its own, so that any process may answer."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", path, headers={"Host": "localhost"} | more)
        return connection.getresponse().read().decode()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[int]:
    """Run a web server of two processes; return its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    told = os.environ | {
        "HUB_DATA": str(tmp_path / "data"), "HUB_DATABASE_URL": "", "HUB_METRICS_KEY": "the key", "TMPDIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "hub.settings",
    }  # fmt: skip
    (tmp_path / "data").mkdir()
    subprocess.run(
        [sys.executable, "manage.py", "prepare"], cwd=env.ROOT, env=told, check=True, stdout=subprocess.DEVNULL
    )
    granian = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--port", str(port)]
    granian += ["--workers", "2", "--blocking-threads", "1", "--log-level", "error", "hub.wsgi:application"]
    web = subprocess.Popen(granian, cwd=env.ROOT, env=told, stderr=subprocess.DEVNULL)
    while web.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield port
    web.terminate()
    web.wait(20)


@pytest.mark.services
def test_figures_are_those_of_all_processes_whichever_answers(server: int, tmp_path: Path) -> None:
    route = re.compile(r'^mantel_requests_total\{method="GET",route="api/v1/hub",status="200"\} (\S+)$', re.M)
    end = time.monotonic() + 120
    asked = 0
    while len([*tmp_path.glob("mantel-figures-*/counter_*.db")]) < 2:
        assert time.monotonic() < end, "only one process answers"
        ask(server, "/api/v1/hub")
        asked += 1

    told = [ask(server, "/metrics", Authorization="Bearer the key") for _ in range(20)]

    counted = {float(value) for one in told for value in route.findall(one)}
    assert counted == {asked}
    memory = [float(value) for one in told for value in re.findall(r"^process_resident_memory_bytes (\S+)$", one, re.M)]
    assert len(memory) == 20
    assert min(memory) > max(memory) / 1.5  # of both in each, and never of one alone


def test_a_folder_that_somebody_else_made_first_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    monkeypatch.setattr("hub.operations.together.gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr("os.getuid", lambda: os.geteuid() + 1)

    together.share()

    assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ
