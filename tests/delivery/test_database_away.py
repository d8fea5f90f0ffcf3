"""A database that goes away while a mail is handed over: what the server said is written down once it is back."""

from __future__ import annotations

import sqlite3
import threading
import time
from datetime import datetime
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection

from announcements.people import services as people
from hub import env
from tests.delivery.mailing import HOUR, reach, step, tick
from tests.journeys.sink import Sink


def _hold_sqlite(name: str) -> None:
    """Keep everybody from writing for a second."""
    began = threading.Event()

    def hold() -> None:
        held = sqlite3.connect(name, isolation_level=None)
        held.execute("BEGIN IMMEDIATE")
        began.set()
        time.sleep(1)
        held.execute("ROLLBACK")
        held.close()

    threading.Thread(target=hold, daemon=True).start()
    began.wait(10)


def _end_sessions() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where pid <> pg_backend_pid() and datname = current_database()"
        )
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_the_servers_word_outlasts_a_moment_without_the_database(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    sqlite, name = connection.vendor == "sqlite", str(connection.settings_dict["NAME"])
    if sqlite:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 50")

    class Untimely(Sink):
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
            if not self.mails:
                _hold_sqlite(name) if sqlite else _end_sessions()
            return await super().handle_DATA(server, session, envelope)

    said = reach(ines, operations, now)
    with Untimely() as server:
        settings.SMTP = env.smtp(server.url)
        tick(now + HOUR)
    connection.close()

    assert step(ines, said, now).submitted == len(server.mails) == 3
