"""One process tree: started in order, stopped in reverse, nothing left behind.

A part that ends is started again with a growing pause; one that keeps ending takes the whole tree down, by name. On Linux
the kernel ends the children when the runner is killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

GIVE_UP_AFTER = 5
STEADY_SECONDS = 60
READY_SECONDS = 60
COLORS = (36, 32, 33, 35, 34)
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class CannotStart(Exception):
    """One line saying what to do."""


def _die_with_the_runner() -> None:
    if _libc:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(slots=True)
class Part:
    """A child process. `ready` tells when it may be relied on; it gets `stop_seconds` to finish its work.

    The others wait until a `first` part is ready; a `once` part has to end well before they start.
    Lines that contain `hush` are not printed.
    """

    name: str
    command: Sequence[str]
    ready: Callable[[], bool] = lambda: True
    first: bool = False
    once: bool = False
    hush: str = "\0"
    stop_seconds: float = 10
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    started_at: float = 0
    failures: int = 0
    start_again_at: float | None = None

    @property
    def running(self) -> bool:
        """Tell whether its process is there."""
        return self.process is not None and self.process.poll() is None

    @property
    def code(self) -> int | None:
        """Return how its process ended; None while it runs."""
        return self.process.poll() if self.process else None


class Runner:
    """Runs parts until a signal, or until one of them ends for good."""

    def __init__(self, parts: Sequence[Part], *, folder: Path, on_ready: Callable[[], None] = lambda: None) -> None:
        self._parts = list(parts)
        self._folder = folder
        self._on_ready = on_ready
        self._signals = 0
        self._names = ["hub", *(part.name for part in self._parts)]
        self._printing = threading.Lock()

    def run(self) -> int:
        """Run to the end; return the exit code: 0 after a signal, 1 when a part could not be kept running."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._count)
        code = 0
        try:
            self._start_all()
            if not self._signals:
                self._on_ready()
            while not self._signals:
                for part in self._parts:
                    self._look_after(part)
                time.sleep(0.1)
        except CannotStart as problem:
            self.say("hub", str(problem))
            code = 1
        finally:
            self._stop()
        return code

    def say(self, name: str, line: str) -> None:
        """Print a line of a part."""
        tag = f"{name:<{max(map(len, self._names))}} | "
        if sys.stdout.isatty():
            tag = f"\033[{COLORS[self._names.index(name) % len(COLORS)]}m{tag}\033[0m"
        with self._printing:
            sys.stdout.write(f"{tag}{line.rstrip()}\n")
            sys.stdout.flush()

    def _count(self, _number: int, _frame: object) -> None:
        self._signals += 1

    def _start_all(self) -> None:
        for part in self._parts:
            self._start(part)
            if part.first or part.once:
                self._wait_for(part)
        for part in self._parts:
            self._wait_for(part)

    def _start(self, part: Part) -> None:
        if self._signals:
            return
        try:
            # A group of its own: the terminal's Ctrl-C reaches the runner alone, which then stops the parts in order.
            part.process = subprocess.Popen(  # noqa: S603  our own commands
                part.command,
                cwd=self._folder,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **part.environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                bufsize=1,
                process_group=0,
                preexec_fn=_die_with_the_runner,
            )
        except OSError as problem:
            raise CannotStart(f"{part.name} cannot be started: {part.command[0]}: {problem.strerror}.") from None
        part.started_at, part.start_again_at = time.monotonic(), None
        threading.Thread(target=self._pass_on, args=(part, part.process), daemon=True).start()

    def _pass_on(self, part: Part, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            if part.hush not in line:
                self.say(part.name, line)

    def _wait_for(self, part: Part) -> None:
        end = time.monotonic() + READY_SECONDS
        while not self._signals:
            code = part.code  # asked once: it may end between two questions
            if part.once and code == 0:
                return
            if code is not None:
                raise CannotStart(f"{part.name} ended while starting ({how(code)}); its lines above say why.")
            with contextlib.suppress(OSError):
                if not part.once and part.ready():
                    return
            if not part.once and time.monotonic() > end:
                raise CannotStart(f"{part.name} was not ready after {READY_SECONDS} s.")
            time.sleep(0.02)

    def _look_after(self, part: Part) -> None:
        if part.running or part.once or part.process is None:
            return
        now = time.monotonic()
        if part.start_again_at is not None:
            if now >= part.start_again_at:
                self._start(part)
            return
        _end(part.process)
        part.failures = 1 if now - part.started_at > STEADY_SECONDS else part.failures + 1
        if part.failures > GIVE_UP_AFTER:
            raise CannotStart(
                f"{part.name} keeps ending ({how(part.code)}), so everything stops; its lines above say why."
            )
        pause = min(30, 2 ** (part.failures - 1))
        part.start_again_at = now + pause
        self.say("hub", f"{part.name} ended ({how(part.code)}); starting it again in {pause} s")

    def _stop(self) -> None:
        """Stop in reverse order. One more signal ends the waiting."""
        seen = self._signals
        for part in reversed(self._parts):
            if part.process is None:
                continue
            if part.running:
                self.say("hub", f"stopping {part.name}")
                part.process.terminate()
            end = time.monotonic() + part.stop_seconds
            while part.process.poll() is None and time.monotonic() < end and self._signals == seen:
                time.sleep(0.02)
            _end(part.process)


def how(code: int | None) -> str:
    """Say how a process ended: by an exit code, or killed by which signal."""
    return f"killed by signal {-code}" if code is not None and code < 0 else f"exit code {code}"


def _end(process: subprocess.Popen[str]) -> None:
    """End a process and whatever it left behind in its group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
