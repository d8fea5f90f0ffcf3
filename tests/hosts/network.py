"""Hosts of their own on one machine: network namespaces on a bridge, in a namespace that nobody else sees."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

BRIDGE = "10.77.0.1"
MAIL = "10.77.0.9"


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, stdout=subprocess.DEVNULL)


def lay() -> None:
    """Lay the bridge that all hosts are on. We are on it too, to watch; the mail server has an address of its own there."""
    _ip("link", "set", "lo", "up")
    _ip("link", "add", "hosts", "type", "bridge")
    _ip("addr", "add", f"{BRIDGE}/24", "dev", "hosts")
    _ip("addr", "add", f"{MAIL}/24", "dev", "hosts")
    _ip("link", "set", "hosts", "up")


class Host:
    """A host with an address, and what runs on it."""

    def __init__(self, name: str, number: int) -> None:
        self.name, self.address = name, f"10.77.0.{number}"
        self._running: list[subprocess.Popen[bytes]] = []
        _ip("netns", "add", name)
        _ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name)
        _ip("link", "set", name, "master", "hosts", "up")
        self._inside("ip", "link", "set", "lo", "up")
        self._inside("ip", "addr", "add", f"{self.address}/24", "dev", "eth0")
        self._inside("ip", "link", "set", "eth0", "up")

    def _inside(self, *command: str) -> None:
        subprocess.run(["ip", "netns", "exec", self.name, *command], check=True, stdout=subprocess.DEVNULL)

    def run(self, command: list[str], told: dict[str, str], folder: Path) -> None:
        """Start a process there; what it says goes to a file of the host's name."""
        with (folder / f"{self.name}.log").open("ab") as log:
            self._running.append(
                subprocess.Popen(
                    ["ip", "netns", "exec", self.name, *command],
                    env=told, stdout=log, stderr=subprocess.STDOUT, process_group=0,
                )
            )  # fmt: skip

    def cut(self) -> None:
        """Pull its cable: nothing comes or goes, and nobody is told."""
        _ip("link", "set", self.name, "down")

    def join(self) -> None:
        """Plug it in again."""
        _ip("link", "set", self.name, "up")

    def lose_mail(self) -> None:
        """Let it not reach the mail server any more."""
        self._inside("ip", "route", "add", "blackhole", MAIL)

    def find_mail(self) -> None:
        """Let it reach the mail server again."""
        self._inside("ip", "route", "del", "blackhole", MAIL)

    def die(self) -> None:
        """Lose it: cable and processes at once, with no word to anybody."""
        self.cut()
        self.end()
        self.join()

    def end(self) -> None:
        """Kill all that runs there."""
        for process in self._running:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._running.clear()
