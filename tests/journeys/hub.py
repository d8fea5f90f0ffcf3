"""The product as `make run` starts it, on another port and data folder."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def processes() -> dict[int, tuple[int, str]]:
    """Return every process: {pid: (its parent, its command)}."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (OSError, IndexError):
            continue
        found[int(folder.name)] = (parent, command)
    return found


class Hub:
    """`with Hub(data) as hub:` is there once it says so; `hub.lines` is what it printed."""

    def __init__(self, data: Path, *arguments: str, **environment: str) -> None:
        self.data, self.port = data, int(environment.pop("HUB_PORT", "0")) or free_port()
        self.url = f"http://localhost:{self.port}"
        self.lines: list[str] = []
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUB_", "DJANGO_"))}
        self._ready = threading.Event()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hub", *arguments],
            cwd=ROOT,
            env=kept | {"HUB_DATA": str(data), "HUB_PORT": str(self.port), "HUB_UNDO_SECONDS": "0"} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as out:
            for line in out:
                self.lines.append(line.rstrip())
                if "Mantel is ready" in line:
                    self._ready.set()
        self._ready.set()

    def __enter__(self) -> Self:
        assert self._ready.wait(90), "not ready after 90 s:\n" + self.output
        assert self.process.poll() is None, self.output
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.end(signal.SIGINT)

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send a signal to the runner alone and wait for its end; return the exit code."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self, seconds: float = 60) -> int:
        code = self.process.wait(seconds)
        self._reader.join(5)
        return code

    def says(self, words: str, seconds: float = 20) -> None:
        """Wait until it has printed `words`."""
        end = time.monotonic() + seconds
        while words not in self.output:
            assert time.monotonic() < end, f"never said {words!r}:\n{self.output}"
            time.sleep(0.05)

    @property
    def parts(self) -> dict[str, int]:
        """Return the process ids of what runs now, by part."""
        signs = {
            "broker": "valkey-server",
            "mail": "hub.mailcatcher",
            "worker": " worker --pool",
            "beat": " beat --loglevel",
            "web": "granian",
        }
        children = {pid: command for pid, (parent, command) in processes().items() if parent == self.process.pid}
        return {name: pid for name, sign in signs.items() for pid, command in children.items() if sign in command}

    def left_behind(self) -> dict[int, str]:
        """Return the processes that still know our data folder."""
        ours = {}
        for pid, (_parent, command) in processes().items():
            try:
                told = f"HUB_DATA={self.data}\0".encode() in Path(f"/proc/{pid}/environ").read_bytes()
            except OSError:
                continue
            if told:
                ours[pid] = command
        return ours
