"""The parts of the product as `make run` starts them, each to be killed, stopped and started by name."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from hub import runner
from hub import tree as product
from hub.runner import Part
from tests.journeys.hub import ROOT, free_port

PASSED_ON = ("HUB_DATABASE_URL", "HUB_MAIL_AT_ONCE")
QUICK = {"HUB_TICK_SECONDS": "1", "HUB_SWEEP_SECONDS": "1", "HUB_LEASE_SECONDS": "6", "HUB_SMTP_TIMEOUT": "1.5"}


def until(done: Callable[[], object], *, seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(f"still waiting for {what} after {seconds:.0f} s")
        time.sleep(0.05)


class Tree:
    """Broker, web, workers and beats on a data folder. What is killed here stays dead until it is started again; what ends is `revive`d."""

    def __init__(self, data: Path, smtp: str) -> None:
        self.data, self.port = data, free_port()
        redis = f"unix://{data / 'broker' / 'socket'}?db=0"
        told = {"HUB_DATA": str(data), "HUB_BASE_URL": f"http://localhost:{self.port}", "HUB_SMTP_URL": smtp}
        self.told = QUICK | told | {"HUB_REDIS_URL": redis, "HUB_UNDO_SECONDS": "0", "HUB_LOG_LEVEL": "WARNING"}
        parts = product._parts(data, self.port, {**self.told}, demo=False)
        self._parts: dict[str, Part] = {part.name: part for part in parts}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.log = (data / "log").open("wb")

    def start(self, *names: str) -> None:
        """Start parts; `worker-2` is one more worker, `beat-2` one more beat with a schedule of its own."""
        for name in names:
            part = self._parts[name.partition("-")[0]]
            command = [word.replace(str(self.data / "beat"), str(self.data / name)) for word in part.command]
            kept = {key: value for key, value in os.environ.items() if not key.startswith(("HUB_", "DJANGO_"))}
            kept |= {name: os.environ[name] for name in PASSED_ON if name in os.environ}
            kept |= {"PYTHONPATH": str(ROOT / "tests/faults/clock"), "FAULTS_CLOCK": str(self._clock(name))}
            self._running[name] = subprocess.Popen(
                command, cwd=ROOT, env=kept | self.told, stdout=self.log, stderr=subprocess.STDOUT, process_group=0,
                preexec_fn=runner._die_with_the_runner,
            )  # fmt: skip
            if part.first:
                until(lambda part=part: _ready(part), seconds=300, what=name)

    def revive(self) -> None:
        """Start again what has ended by itself, as `make run` and systemd do: Celery's worker ends when its broker is away or full."""
        for name in [name for name, process in self._running.items() if process.poll() is not None]:
            self.start(name)

    def pid(self, name: str) -> int:
        return self._running[name].pid

    def kill(self, name: str) -> None:
        """Kill it where it stands, with all its processes and no warning."""
        process = self._running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def again(self, name: str) -> None:
        self.kill(name)
        self.start(name)

    def pause(self, name: str, seconds: float) -> None:
        """Stop it for a while, as a machine that is swapped out or a network that is away would be."""
        self._running[name].send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self._running[name].send_signal(signal.SIGCONT)

    def set_clocks(self, ahead: float, *names: str) -> None:
        """Let the clocks of these parts, or of all workers and beats, run ahead by so many seconds; it takes a moment until they do."""
        for name in names or [name for name in self._running if name.startswith(("worker", "beat"))]:
            self._clock(name).write_text(str(ahead))
        time.sleep(0.5)

    def _clock(self, name: str) -> Path:
        return self.data / f"clock-{name}"

    def some_worker(self) -> str:
        return random.choice([name for name in self._running if name.startswith("worker")])

    def end(self) -> None:
        for name in list(self._running):
            self.kill(name)
        self.log.close()


def _ready(part: Part) -> bool:
    try:
        return part.ready()
    except OSError:
        return False
