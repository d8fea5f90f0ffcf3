"""How long each process takes to be there, and what it holds of memory and disk. `python -m bench.footprint`; some seconds on an idle machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.parts import BIN, cpu_seconds, free_port, own_folder

ROOT = Path(__file__).resolve().parent.parent
REQUESTS = 300
# What deploy/Dockerfile copies, and what it stands on. No container engine was at hand: nobody has weighed the image itself, and its base,
# python:3.13-slim-trixie, is assumed, with 15 MB for its library compiled. The client programs are the installed sizes that Debian 12's
# packages state; most of it is Perl, which postgresql-client-common asks for.
COPIED = ("announcements", "hub", "templates", "static", "extension")
BASE, CLIENT = 135_000_000, 60_000_000
CELERY = [sys.executable, "-W", "ignore:You're running the worker", "-m", "celery", "--app", "hub.celery", "--quiet"]


def main() -> None:
    """Start each process alone, and print a table; then what lies on the disk."""
    say("| a process | ready after, s | CPU until then, s | memory, MB | after use, MB |\n|---|---|---|---|---|")
    with own_folder():
        told = os.environ | {"DJANGO_SETTINGS_MODULE": "hub.settings", "HUB_HOSTS": "localhost"}
        subprocess.run(
            [sys.executable, "manage.py", "prepare"], cwd=ROOT, env=told, check=True, stdout=subprocess.DEVNULL
        )
        folder = Path(told["HUB_DATA"])
        _processes(told, folder)
        _disk(folder)


def _processes(told: dict[str, str], folder: Path) -> None:
    port = free_port()
    web = [BIN / "granian", "--interface", "wsgi", "--port", port, "--workers", 1, "--blocking-threads", 4]
    _measure(
        "web, one process of 4 threads",
        [*web, "hub.wsgi:application"],
        told,
        lambda: _answers(port),
        lambda: _use(port),
    )
    worker = [*CELERY, "worker", "--pool", "threads", "--concurrency", 8, "--hostname", "footprint@here"]
    _measure("worker of 8 threads", worker, told, _a_worker_answers, lambda: time.sleep(5))
    beat = [*CELERY, "beat", "--schedule", folder / "beat", "--pidfile", ""]
    _measure("beat", beat, told, lambda: any(folder.glob("beat*")), lambda: time.sleep(2))


def _measure(
    name: str, command: Sequence[object], told: dict[str, str], ready: Callable[[], bool], use: Callable[[], None]
) -> None:
    begun = time.monotonic()
    process = subprocess.Popen(
        list(map(str, command)), cwd=ROOT, env=told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not ready():
            if process.poll() is not None or time.monotonic() > begun + 300:
                sys.exit(f"{name} did not start")
            time.sleep(0.02)
        took, cpu, first = time.monotonic() - begun, cpu_seconds(process.pid), memory(process.pid)
        use()
        say(f"| {name} | {took:.1f} | {cpu:.1f} | {first / 1e6:.0f} | {memory(process.pid) / 1e6:.0f} |")
    finally:
        process.terminate()
        process.wait(60)


def _disk(folder: Path) -> None:
    """Print what an installation takes on the disk, and what the image of deploy/Dockerfile holds, by its lines."""
    venv = folder / "venv"
    pip = [venv / "bin/python", "-m", "pip"]
    _run(["bin/setup", venv, "requirements.txt"])
    product = _size(venv)
    _run([*pip, "install", "--no-cache-dir", "--require-hashes", "-r", "requirements/s3.txt"])
    _run([*pip, "uninstall", "--yes", "uv", "pip"])
    parts = {
        "image: its base, assumed": BASE,
        "image: PostgreSQL's client programs and Perl, as Debian 12's packages say": CLIENT,
        "image: virtual environment, with what a bucket needs, without uv and pip": _size(venv),
        "image: code, templates, extension": sum(_size(ROOT / name) for name in COPIED),
        "image: static files, built and compressed": _size(folder / "static"),
    }
    say("\n| on the disk | MB |\n|---|---|")
    for name, size in [("virtual environment", product), *parts.items(), ("image, all of it", sum(parts.values()))]:
        say(f"| {name} | {size / 1e6:.0f} |")


def memory(pid: int) -> int:
    """Return the bytes that a process and its children hold, what they share counted once (PSS)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    own = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own * 1024 + sum(memory(int(child)) for child in children)


def _answers(port: int) -> bool:
    """Tell whether a page is answered; a probe is answered before pages are loaded."""
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/accounts/login/", timeout=30) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _use(port: int) -> None:
    """Ask for pages, so that what is loaded at first use is loaded."""
    for path in ("/accounts/login/", "/api/v1/hub", "/ready"):
        for _ in range(REQUESTS // 3):
            try:
                with urllib.request.urlopen(f"http://localhost:{port}{path}", timeout=30) as answer:
                    answer.read()
            except urllib.error.HTTPError:
                continue  # limited; asked all the same


def _a_worker_answers() -> bool:
    from hub.celery import app

    return bool(app.control.inspect(timeout=0.5).ping())


def _run(command: Sequence[object]) -> None:
    subprocess.run(list(map(str, command)), cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _size(folder: Path) -> int:
    files = (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    return sum(file.stat().st_blocks * 512 for file in files)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
