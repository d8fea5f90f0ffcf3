"""Where faults happen: a tree, a mail server that takes down every copy, a company, and a clock that is moved on."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import redis
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from announcements.delivery import _gate, models
from announcements.delivery import services as delivery
from announcements.people import services as people
from tests.faults import company as firm
from tests.faults.tree import Tree, until
from tests.mail_servers import Scripted

Answers = Callable[[str, str, int], str | None]


def yes(*_asked: object) -> None:
    """Take whatever comes."""


@dataclass
class Stage:
    """What a fault may lay hands on. `full` is the whole set, with longer outages."""

    tree: Tree
    sink: Scripted
    company: firm.Company
    full: bool
    kills: int
    announcement_id: int = 0
    notes: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def publish(self, answers: Answers = yes) -> None:
        """Publish to everybody; what the mail server says to that."""
        self.sink.answers = answers
        self.announcement_id = _asked(lambda: firm.publish(self.company))

    def publish_by_web(self) -> None:
        """Publish over the API, in a thread: a fault may keep the answer from coming."""
        self.announcement_id = _asked(lambda: firm.write(self.company))
        scopes, now = ["announcements:read", "announcements:write"], timezone.now()
        key = people.issue_token(by=self.company.author, name="faults", scopes=scopes, now=now).key
        threading.Thread(target=self._post, args=(key,), daemon=True).start()

    def _post(self, key: str) -> None:
        told = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        line = http.client.HTTPConnection("127.0.0.1", self.tree.port, timeout=60)
        try:
            line.request("POST", f"/api/v1/announcements/{self.announcement_id}/publish", "{}", told)
            line.getresponse().read()
        except (OSError, http.client.HTTPException):
            self.notes.append("the web server was gone before it answered")

    def begin(self) -> None:
        self.wrong.clear()
        self.sink.answers = yes
        self.sink.mails.clear()
        self.sink.counts.clear()
        _asked(firm.forget)

    def sending(self, more: int = 1, seconds: float = 300) -> None:
        """Wait until so many more mails have arrived, or nothing is left to send."""
        goal = len(self.sink.mails) + more
        until(lambda: len(self.sink.mails) >= goal or self.done(), seconds=seconds, what="mail")

    def committed(self) -> None:
        """Wait until the publishing is in the database."""
        rows = models.FanOut.objects.filter(announcement_id=self.announcement_id)
        until(lambda: _asked(rows.exists), seconds=60, what="the publishing")

    def planned(self) -> int:
        """Return how many nudges there are."""
        return int(_asked(models.Nudge.objects.filter(announcement_id=self.announcement_id).count))

    def held(self) -> bool:
        """Tell whether all mail waits for an admin."""
        return bool(_asked(lambda: models.Transport.objects.filter(held_at__isnull=False).exists()))

    def resume(self) -> None:
        """Notice that the database is older, where it is, and let mail go, as an admin does who has looked."""
        now = timezone.now()
        _asked(lambda: _gate.hold_what_is_old(now))
        _asked(lambda: delivery.resume_sending(by=self.company.author, now=now))

    def done(self) -> bool:
        return bool(_asked(lambda: firm.finished(self.company, self.announcement_id)))

    def finish(self, seconds: float) -> firm.Verdict:
        """Wait for a final row for everybody, as long as there is one more in so many seconds, and a moment longer for what should not
        come; return the audit. On a busy machine a worker takes most of a minute to start.
        """
        end, hurried, final = time.monotonic() + seconds, 0.0, 0
        while not self.done() and time.monotonic() < end:
            if time.monotonic() > hurried + 2:
                self.tree.revive()
                _asked(lambda: firm.hurry(self.announcement_id))
                hurried = time.monotonic()
            if (many := _asked(lambda: firm.final(self.announcement_id))) > final:
                end, final = time.monotonic() + seconds, many
            time.sleep(0.1)
        time.sleep(1)
        taken = list(self.sink.mails)
        found: firm.Verdict = _asked(lambda: firm.audit(self.company, self.announcement_id, taken))
        found.wrong += self.wrong
        return found

    def redis(self) -> redis.Redis:
        return redis.Redis.from_url(self.tree.told["HUB_REDIS_URL"], socket_timeout=5)


def _asked(ask: Callable[[], Any]) -> Any:
    """Ask the database, again while it is away or busy."""
    for _attempt in range(120):
        try:
            return ask()
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.5)
    return ask()
