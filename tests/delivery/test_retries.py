"""Mail that the server does not take: tried again, given up, or waiting for a server that is away."""

from __future__ import annotations

import socketserver
import threading
from datetime import datetime, timedelta
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from announcements.delivery import _claims, _waits, models
from announcements.delivery import services as delivery
from announcements.people import services as people
from hub import env
from tests.delivery.mailing import HOUR, reach, sink, step, tick
from tests.journeys.sink import Sink

__all__ = ["sink"]
AWAY = env.smtp("smtp://127.0.0.1:9")


class Refusing(Sink):
    """Answers each recipient with a line of its own while there are some left, and takes mail after that."""

    def __init__(self, *lines: str) -> None:
        super().__init__()
        self.lines = list(lines)
        self.asked = 0

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked += 1
        if self.lines:
            return self.lines.pop(0)
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"


def test_who_is_refused_for_now_is_tried_again_and_nobody_else(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    said = reach(ines, operations, now)
    with Refusing("450 busy") as server:
        settings.SMTP = env.smtp(server.url)
        tick(now + HOUR)
        assert (step(ines, said, now).submitted, step(ines, said, now).queued) == (2, 1)

        tick(now + HOUR + timedelta(minutes=1))
        assert step(ines, said, now).submitted == 2
        tick(now + HOUR + timedelta(minutes=2))

    assert (step(ines, said, now).submitted, len(server.mails), server.asked) == (3, 3, 4)


def test_who_is_refused_for_good_is_not_tried_again(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    said = reach(ines, operations, now)
    with Refusing("550 nobody here") as server:
        settings.SMTP = env.smtp(server.url)
        tick(now + HOUR)
        tick(now + 3 * HOUR)

    assert (step(ines, said, now).failed, step(ines, said, now).submitted, server.asked) == (1, 2, 3)
    refused = models.Nudge.objects.get(state="failed")
    assert (refused.reply, refused.reason) == ("550 nobody here", "no_such_address")


def test_who_is_refused_for_now_too_often_is_given_up(
    ines: people.Person, joao: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    said = reach(ines, operations, now)
    models.Nudge.objects.exclude(recipient_id=joao.id).delete()
    with Refusing(*["451 not yet"] * 20) as server:
        settings.SMTP = env.smtp(server.url)
        for hour in range(6 * 24):
            tick(now + HOUR + hour * HOUR)

    assert (step(ines, said, now).failed, server.asked) == (1, 9)
    assert models.Nudge.objects.get().reason == "given_up"


def test_a_claim_that_is_lost_before_the_server_was_asked_is_no_try(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    said, at = reach(ines, operations, now), now + HOUR
    for _worker in range(_waits.ATTEMPTS):
        _claims.claim(models.Nudge, list(models.Nudge.objects.values_list("pk", flat=True)), at)
        at += timedelta(seconds=settings.LEASE_SECONDS + 1)
        assert delivery.sweep(now=at).returned == 3

    with Refusing("450 busy") as server:
        settings.SMTP = env.smtp(server.url)
        tick(at)

    assert (step(ines, said, now).submitted, step(ines, said, now).queued) == (2, 1)
    assert models.Nudge.objects.get(state="queued").due_at - at <= timedelta(seconds=90)  # as after the first


def test_whoever_is_put_off_has_more_than_a_day() -> None:
    def lasts(name: str) -> timedelta:
        return sum((_waits.wait(name, attempts) for attempts in range(1, _waits.ATTEMPTS)), timedelta())

    assert min(lasts(f"nudge-{n}") for n in range(10_000)) > timedelta(days=1)


def test_a_mail_server_that_is_away_for_days_fails_nothing(
    ines: people.Person, operations: people.Group, sink: Sink, settings: Any, now: datetime
) -> None:
    said = reach(ines, operations, now)
    here, settings.SMTP = settings.SMTP, AWAY
    for quarter in range(60):
        tick(now + HOUR + quarter * HOUR / 4)
    assert step(ines, said, now).queued == 3

    settings.SMTP = here
    tick(now + 48 * HOUR)

    assert step(ines, said, now).submitted == len(sink.mails) == 3


class Slamming(socketserver.BaseRequestHandler):
    """Counts who knocks, and lets nobody in."""

    knocks = 0

    def handle(self) -> None:
        type(self).knocks += 1


def test_a_tick_asks_a_mail_server_that_is_away_once(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    said = reach(ines, operations, now)
    Slamming.knocks = 0
    with socketserver.TCPServer(("127.0.0.1", 0), Slamming) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.SMTP = env.smtp(f"smtp://127.0.0.1:{server.server_address[1]}")
        tick(now + HOUR)
        server.shutdown()

    assert Slamming.knocks == 1
    assert step(ines, said, now).queued == 3


def test_a_server_that_refuses_our_sender_fails_nobody(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    class Strict(Sink):
        async def handle_MAIL(  # noqa: N802  aiosmtpd's name
            self, _server: SMTP, _session: Session, _envelope: Envelope, _address: str, _options: list[str]
        ) -> str:
            return "553 not yours to send from"

    said = reach(ines, operations, now)
    with Strict() as server:
        settings.SMTP = env.smtp(server.url)
        for hour in range(12):
            tick(now + hour * HOUR)

    assert (step(ines, said, now).queued, step(ines, said, now).failed) == (3, 0)
