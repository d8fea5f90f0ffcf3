"""How long each process takes to be there, and what it holds of memory and disk. `python -m bench.footprint`; some seconds on an idle machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from bench.parts import BIN, free_port, own_folder

ROOT = Path(__file__).resolve().parent.parent
REQUESTS = 300
CELERY = [sys.executable, "-W", "ignore:You're running the worker", "-m", "celery", "--app", "hub.celery", "--quiet"]


def main() -> None:
    """Start each process alone, and print a table."""
    say("| | ready after, s | memory, MB | after use, MB |\n|---|---|---|---|")
    with own_folder():
        told = os.environ | {"DJANGO_SETTINGS_MODULE": "hub.settings", "HUB_HOSTS": "localhost"}
        subprocess.run(
            [sys.executable, "manage.py", "prepare"], cwd=ROOT, env=told, check=True, stdout=subprocess.DEVNULL
        )
        port = free_port()
        web = [
            str(BIN / "granian"),
            "--interface",
            "wsgi",
            "--port",
            str(port),
            "--workers",
            "1",
            "--blocking-threads",
            "4",
        ]
        _measure(
            "web, one process of 4 threads",
            [*web, "hub.wsgi:application"],
            told,
            lambda: _answers(port),
            lambda: _use(port),
        )
        worker = [*CELERY, "worker", "--pool", "threads", "--concurrency", "8", "--hostname", "footprint@here"]
        _measure("worker of 8 threads", worker, told, _a_worker_answers, lambda: time.sleep(5))
        schedule = str(Path(told["HUB_DATA"]) / "beat")
        beat = [*CELERY, "beat", "--schedule", schedule, "--pidfile", ""]
        _measure("beat", beat, told, lambda: any(Path(told["HUB_DATA"]).glob("beat*")), lambda: time.sleep(2))
    product = ROOT / ".venv"
    if product.exists():
        say(f"\nvirtual environment of the product: {_size(product) / 1e6:.0f} MB on disk")


def _measure(
    name: str, command: list[str], told: dict[str, str], ready: Callable[[], bool], use: Callable[[], None]
) -> None:
    begun = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, env=told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not ready():
            if process.poll() is not None or time.monotonic() > begun + 300:
                sys.exit(f"{name} did not start")
            time.sleep(0.02)
        took, first = time.monotonic() - begun, memory(process.pid)
        use()
        say(f"| {name} | {took:.1f} | {first / 1e6:.0f} | {memory(process.pid) / 1e6:.0f} |")
    finally:
        process.terminate()
        process.wait(60)


def memory(pid: int) -> int:
    """Return the bytes that a process and its children hold, what they share counted once (PSS)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    own = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own * 1024 + sum(memory(int(child)) for child in children)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/live", timeout=5) as answer:
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


def _size(folder: Path) -> int:
    return sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
