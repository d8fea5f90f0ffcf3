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
    route = re.compile(r'^mantel_requests_total\{method="GET",route="api/v1/hub",status="\d+"\} (\S+)$', re.M)
    end = time.monotonic() + 120
    asked = 0
    while len([*tmp_path.glob("mantel-figures-*/counter_*.db")]) < 2:
        assert time.monotonic() < end, "only one process answers"
        ask(server, "/api/v1/hub")
        asked += 1

    told = [ask(server, "/metrics", Authorization="Bearer the key") for _ in range(20)]

    # Refused ones too: who asks often is answered 429.
    counted = {sum(map(float, route.findall(one))) for one in told}
    assert counted == {asked}
    spent = [dict(re.findall(r'^process_cpu_seconds_total\{pid="(\d+)"\} (\S+)$', one, re.M)) for one in told]
    first, last = spent[0], spent[-1]
    assert len(first) == 2, "of both in each, and never added up: a sum would fall when one is replaced"
    assert all(one.keys() == first.keys() for one in spent)
    assert all(float(last[pid]) >= float(first[pid]) for pid in first)
    assert len(re.findall(r"^process_resident_memory_bytes\{pid=", told[0], re.M)) == 2


def test_a_folder_that_somebody_else_made_first_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    monkeypatch.setattr("hub.operations.together.gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr("os.getuid", lambda: os.geteuid() + 1)

    together.share()

    assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ


@pytest.mark.parametrize("there", [True, False])
def test_where_no_folder_can_be_made_each_process_tells_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, there: bool
) -> None:
    def temporary() -> str:
        """Name a folder in which nothing can be made, or none, as the library does then."""
        if not there:
            raise FileNotFoundError("No usable temporary directory found")
        return str(tmp_path / "missing")

    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    monkeypatch.setattr("hub.operations.together.gettempdir", temporary)

    together.share()

    assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ
