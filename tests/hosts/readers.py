"""People who read all the while, through a balancer that asks the other web host when one says nothing."""

from __future__ import annotations

import http.client
import itertools
import threading
import time


class Readers:
    """Ask for a feed over and over; `answered` and `refused` count, and nobody is refused whom the second host answers."""

    def __init__(self, hosts: list[str], key: str) -> None:
        self.answered = self.refused = self.retried = 0
        self._hosts, self._key, self._stop = hosts, key, threading.Event()
        self._threads = [threading.Thread(target=self._read, args=(n,), daemon=True) for n in range(2)]

    def __enter__(self) -> Readers:
        for one in self._threads:
            one.start()
        return self

    def __exit__(self, *_problem: object) -> None:
        self._stop.set()
        for one in self._threads:
            one.join(30)

    def _read(self, first: int) -> None:
        for turn in itertools.count(first):
            if self._stop.is_set():
                return
            self._ask(turn)
            time.sleep(0.05)

    def _ask(self, turn: int) -> None:
        for attempt in range(len(self._hosts)):
            host = self._hosts[(turn + attempt) % len(self._hosts)]
            if call(host, "GET", "/api/v1/feed", self._key) == 200:
                self.answered += 1
                self.retried += attempt
                return
        self.refused += 1


def call(host: str, method: str, path: str, key: str, body: str | None = None, seconds: float = 5) -> int:
    """Return the status of an answer; 0 when there is none."""
    told = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    line = http.client.HTTPConnection(host, 8000, timeout=seconds)
    try:
        line.request(method, path, body, told)
        with line.getresponse() as answer:
            answer.read()
            return answer.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        line.close()
