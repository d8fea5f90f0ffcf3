"""One announcement under one fault, and the audit of what became of it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.utils import timezone

from announcements.people import services as people
from tests.faults import company as firm
from tests.faults.stage import _asked
from tests.faults.tree import until
from tests.hosts.machines import Machines
from tests.hosts.readers import Readers, call
from tests.journeys.hub import ROOT
from tests.mail_servers import Scripted

WEBS = ("web-1", "web-2")


class Story:
    """A company on these machines."""

    def __init__(self, machines: Machines, sink: Scripted, size: int) -> None:
        self.machines, self.sink = machines, sink
        _asked(self._database_is_there)
        command = [sys.executable, "manage.py", "prepare"]
        subprocess.run(command, cwd=ROOT, env=machines.told, check=True, stdout=subprocess.DEVNULL)
        self.company = firm.found(size)
        scopes = ("announcements:read", "announcements:write", "feed:read")
        self.key = people.issue_token(by=self.company.author, name="hosts", scopes=scopes, now=timezone.now()).key
        self.webs = [machines.hosts[name].address for name in WEBS]

    @staticmethod
    def _database_is_there() -> None:
        connection.ensure_connection()

    def wait_for_web(self) -> None:
        for web in self.webs:
            until(lambda web=web: call(web, "GET", "/api/v1/me", self.key) in (200, 403), seconds=300, what=web)

    def tell(self, name: str, do: Callable[[Machines], None], *, refuses: bool, say: Callable[[str], None]) -> int:
        """Publish, do it, wait, audit; print the line, and return whether anything was wrong."""
        self.sink.mails.clear()
        _asked(firm.forget)
        announcement_id = _asked(lambda: firm.write(self.company, name))
        began, late = time.monotonic(), ""
        with Readers(self.webs, self.key) as readers:
            self._publish(announcement_id)
            until(lambda: self.sink.mails, seconds=60, what="a first mail")
            do(self.machines)
            found = self._finish(announcement_id)
        rows = found.rows
        say(
            f"| {name} | {rows['submitted']} | {rows['uncertain']} | {found.lost} | {found.doubled} | {readers.answered} "
            f"| {readers.retried} | {readers.refused} | {time.monotonic() - began:.0f} |"
        )
        if readers.refused and not refuses:
            late = f"{readers.refused} readers were refused"
        found.wrong += [late] if late else []
        # A connection that breaks while the text is on its way: nobody knows, and no machine sends it again.
        if rows["uncertain"] > 32:
            found.wrong.append(f"{rows['uncertain']} uncertain, where at most 32 were on their way")
        for line in found.wrong[:10]:
            say(f"    {line}")
        return not found.good

    def _publish(self, announcement_id: int) -> None:
        path = f"/api/v1/announcements/{announcement_id}/publish"
        until(
            lambda: any(call(web, "POST", path, self.key, "{}") in (200, 409) for web in self.webs),
            seconds=60,
            what=path,
        )

    def _finish(self, announcement_id: int, seconds: float = 240) -> firm.Verdict:
        end, hurried = time.monotonic() + seconds, time.monotonic()
        while not _asked(lambda: firm.finished(self.company, announcement_id)) and time.monotonic() < end:
            if time.monotonic() > hurried + 2:
                _asked(lambda: firm.hurry(announcement_id))
                hurried = time.monotonic()
            time.sleep(0.2)
        time.sleep(1)
        taken: Any = list(self.sink.mails)
        return _asked(lambda: firm.audit(self.company, announcement_id, taken))  # type: ignore[no-any-return]
