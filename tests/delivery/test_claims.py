"""Claims on mail that is due: each goes to one worker, and comes back when that worker is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection

from announcements.delivery import services as delivery
from announcements.people import services as people
from hub import env
from tests.delivery.mailing import HOUR, reach, sink, step, tick
from tests.journeys.sink import Sink

__all__ = ["sink"]
LEASE = timedelta(seconds=120)


def _in_threads(many: int, work: Callable[[], Any]) -> list[Any]:
    """Do the same at once in threads with connections of their own."""
    ready = threading.Barrier(many)

    def do() -> Any:
        try:
            connection.ensure_connection()
            ready.wait(10)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(many) as pool:
        return [future.result() for future in [pool.submit(do) for _ in range(many)]]


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_send_each_mail_once(
    ines: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    said = [reach(ines, operations, now, title=f"Dock {n} closes") for n in range(4)]

    settled = _in_threads(3, lambda: tick(now + HOUR))

    assert sum(settled) == len(sink.mails) == 12
    assert len({mail["Message-ID"] for mail in sink.mails}) == 12
    assert all(step(ines, one, now).submitted == 3 for one in said)


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_plan_and_send_each_digest_once(
    ines: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    reach(ines, operations, now, ask_acknowledge=False, nudge_hours=())
    week = timedelta(days=7)

    _in_threads(3, lambda: tick(now))
    settled = _in_threads(3, lambda: tick(now + week))

    assert sum(settled) == len(sink.mails) == 3
    assert sorted(sink.recipients) == [f"{name}@northwind.test" for name in ("ines", "joao", "maya")]


def test_a_claim_lasts_from_when_it_is_made_however_old_the_tick(
    ines: people.Person, operations: people.Group, sink: Sink, now: datetime, settings: Any
) -> None:
    settings.LEASE_SECONDS = 1
    said = reach(ines, operations, now)
    moments = iter(now + HOUR + timedelta(seconds=n / 10) for n in range(100))

    def clock() -> datetime:
        """Tell the time, while a sweep runs beside."""
        at = next(moments)
        delivery.sweep(now=at)
        return at

    delivery.tick(now=now + HOUR, clock=clock)

    assert step(ines, said, now).submitted == len(sink.mails) == 3


def test_a_tick_ends_after_a_while_and_the_next_goes_on(
    ines: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    reach(ines, operations, now)
    moments = iter(now + HOUR + timedelta(seconds=n * 3) for n in range(100))

    settled = delivery.tick(now=now + HOUR, clock=lambda: next(moments))

    assert 0 < settled < 3
    assert settled + tick(now + 2 * HOUR) == len(sink.mails) == 3


def _sweep_beside(moment: datetime) -> None:
    """Sweep in a thread of its own, as another worker would, and wait until it is done."""

    def sweep() -> None:
        delivery.sweep(now=moment)
        connection.close()

    beside = threading.Thread(target=sweep)
    beside.start()
    beside.join()


@pytest.mark.django_db(transaction=True)
def test_who_lost_their_lease_does_not_begin_the_body(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    due = now + HOUR

    class Slow(Sink):
        async def handle_MAIL(  # noqa: N802  aiosmtpd's name
            self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
        ) -> str:
            if not self.mails and not self.waiting.is_set():
                self.waiting.set()
                _sweep_beside(due + 2 * LEASE)
            return await super().handle_MAIL(server, session, envelope, address, options)

    with Slow() as slow:
        settings.SMTP = env.smtp(slow.url)
        said = reach(ines, operations, now)
        tick(due)

    assert len(slow.mails) == len({mail["Message-ID"] for mail in slow.mails}) == 3
    assert step(ines, said, now).submitted == 3


@pytest.mark.django_db(transaction=True)
def test_the_word_of_a_slow_server_is_worth_more_than_a_sweep(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    due = now + HOUR

    class Slow(Sink):
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
            _sweep_beside(due + 2 * LEASE)
            return await super().handle_DATA(server, session, envelope)

    with Slow() as slow:
        settings.SMTP = env.smtp(slow.url)
        said = reach(ines, operations, now)
        tick(due)

    assert step(ines, said, now).uncertain == 0
    assert step(ines, said, now).submitted == len(slow.mails) == 3
