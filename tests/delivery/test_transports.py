"""How mail gets on: people pause and resume, an old database holds, all workers keep one pace."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from announcements.delivery import models
from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people
from hub import env
from tests.delivery.mailing import HOUR, reach, sink, step, tick
from tests.journeys.sink import Sink
from tests.mail_servers import Scripted

__all__ = ["sink"]
AWAY = env.smtp("smtp://127.0.0.1:9")
MINUTE = timedelta(minutes=1)


def test_paused_mail_waits_for_whoever_resumes_it(
    olga: people.Person, ines: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    said = reach(ines, operations, now)
    delivery.pause_sending(by=olga.id, now=now)
    assert tick(now + HOUR) == 0
    found = delivery.sending(by=olga.id, now=now + HOUR)
    assert (found.state, found.by, found.since, found.waiting) == ("paused", olga.id, now, 3)

    delivery.resume_sending(by=olga.id, now=now + HOUR)

    assert tick(now + HOUR) == 3
    assert step(ines, said, now).submitted == 3


def test_a_test_mail_leaves_while_mail_is_paused(
    olga: people.Person, ines: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    said = reach(ines, operations, now)
    delivery.pause_sending(by=olga.id, now=now)

    delivery.send_test(by=ines.id, announcement_id=said.id, now=now + HOUR)
    tick(now + HOUR)

    assert sink.recipients == ["ines@northwind.test"]


def test_pausing_holds_up_no_other_company(
    olga: people.Person, charlie: people.Person, sink: Sink, now: datetime
) -> None:
    group = people.create_group(by=charlie.id, name="Yard", kind="other", now=now)
    people.add_member(by=charlie.id, group_id=group.id, person_id=charlie.id, now=now)
    reach(charlie, group, now)
    delivery.pause_sending(by=olga.id, now=now)

    tick(now + 8 * HOUR)

    assert sink.recipients == ["charlie@southgate.test"]


@pytest.mark.parametrize("act", [delivery.sending, delivery.pause_sending, delivery.resume_sending])
def test_only_admins_see_and_change_how_mail_gets_on(ines: people.Person, now: datetime, act: Any) -> None:
    with pytest.raises(errors.Forbidden):
        act(by=ines.id, now=now)


def test_a_copy_that_was_made_while_mail_went_out_is_older_too(
    ines: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    reach(ines, operations, now)
    everybody, seen = models.Transport.objects.filter(workspace_id=0), list[int]()

    def clock() -> datetime:
        seen.extend(everybody.values_list("turn", flat=True))
        return now + HOUR

    delivery.tick(now=now + HOUR, clock=clock)
    everybody.update(turn=seen[-1])
    reach(ines, operations, now)
    tick(now + HOUR)

    assert len(sink.mails) == 3
    assert everybody.get().held_at


@pytest.mark.django_db(transaction=True)
def test_a_tick_counts_though_what_its_server_showed_cannot_be_written_down(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    settings.MAIL_AT_ONCE = 1
    reach(ines, operations, now)

    def locked(execute: Any, sql: str, *given: Any) -> Any:
        if sql.startswith('UPDATE "delivery_transport" SET "most"'):
            raise OperationalError("database is locked")
        return execute(sql, *given)

    def closing(verb: str, _recipient: str, n: int) -> str | None:
        return "421 4.7.0 too many" if verb == "MAIL" and n == 2 else None

    everybody, seen = models.Transport.objects.filter(workspace_id=0), list[int]()

    def clock() -> datetime:
        seen.extend(everybody.values_list("turn", flat=True))
        return now + HOUR

    with Scripted(closing) as server, connection.execute_wrapper(locked):
        settings.SMTP = env.smtp(server.url)
        delivery.tick(now=now + HOUR, clock=clock)

    assert len(server.mails) == 3
    assert everybody.get().turn == seen[-1] + 1
    assert everybody.get().most is None, "it could be written down after all"


def test_a_database_older_than_what_was_sent_holds_mail_until_an_admin_resumes_it(
    olga: people.Person, ines: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    reach(ines, operations, now)
    before = list(models.Nudge.objects.values())
    (turn,) = models.Transport.objects.filter(workspace_id=0).values_list("turn", flat=True) or [0]
    tick(now + HOUR)
    assert len(sink.mails) == 3
    # What a backup of an hour ago would bring back.
    models.Nudge.objects.all().delete()
    models.Nudge.objects.bulk_create(models.Nudge(**row) for row in before)
    models.Transport.objects.update(turn=turn)

    assert tick(now + 2 * HOUR) == 0
    assert delivery.sending(by=olga.id, now=now + 2 * HOUR).state == "held"
    assert tick(now + 3 * HOUR) == 0

    delivery.resume_sending(by=olga.id, now=now + 3 * HOUR)
    assert tick(now + 3 * HOUR) == 3


def test_whoever_restores_elsewhere_holds_mail_by_a_command(
    olga: people.Person, ines: people.Person, operations: people.Group, sink: Sink, now: datetime, capsys: Any
) -> None:
    reach(ines, operations, now)

    call_command("hold_mail")

    assert "held" in capsys.readouterr().out
    assert tick(now + HOUR) == 0
    assert delivery.sending(by=olga.id, now=now).state == "held"


def test_mail_keeps_a_pace_that_ticks_share(
    ines: people.Person, operations: people.Group, sink: Sink, settings: Any, now: datetime
) -> None:
    reach(ines, operations, now)
    settings.MAIL_RATE = 0.5  # one in two seconds: none of them waits that long
    began = time.monotonic()

    assert tick(now + HOUR) == 1
    assert tick(now + HOUR) == 0
    assert time.monotonic() - began < 2
    time.sleep(2.1)
    assert tick(now + HOUR) == 1


def test_a_short_wait_for_the_pace_is_waited_for(
    ines: people.Person, operations: people.Group, sink: Sink, settings: Any, now: datetime
) -> None:
    reach(ines, operations, now)
    settings.MAIL_RATE = 1.25

    assert tick(now + HOUR) == 3


def test_one_domain_takes_no_more_than_its_pace_and_the_rest_wait_their_turn(
    ines: people.Person, operations: people.Group, sink: Sink, settings: Any, now: datetime
) -> None:
    reach(ines, operations, now)
    settings.MAIL_DOMAIN_RATE = 1 / 60

    tick(now + HOUR)

    assert len(sink.mails) == 1
    waits = sorted(models.Nudge.objects.filter(state="queued").values_list("due_at", "attempts"))
    assert [attempts for _due, attempts in waits] == [0, 0]
    first, second = [(due - now - HOUR).total_seconds() for due, _attempts in waits]
    assert 55 < first <= 60
    assert 115 < second <= 120


def test_without_the_store_nobody_goes_faster_than_the_pace(
    ines: people.Person, operations: people.Group, sink: Sink, settings: Any, without_redis: Any, now: datetime
) -> None:
    reach(ines, operations, now)
    settings.MAIL_RATE = 100.0
    lose, _bring_back = without_redis
    lose()

    assert tick(now + HOUR) == 0
    settings.MAIL_RATE = 0.0
    assert tick(now + HOUR) == 3


@pytest.mark.parametrize(("given", "rate"), [("14/s", 14), ("600/min", 10), ("3600/h", 1), ("", 0)])
def test_a_rate_is_read_as_it_is_said(monkeypatch: Any, given: str, rate: float) -> None:
    monkeypatch.setenv("HUB_MAIL_RATE", given)

    assert env.rate("HUB_MAIL_RATE") == rate


@pytest.mark.parametrize("given", ["14", "fast", "0/s", "14/day", "-1/s"])
def test_a_rate_that_makes_no_sense_is_named(monkeypatch: Any, given: str) -> None:
    monkeypatch.setenv("HUB_MAIL_RATE", given)

    with pytest.raises(Exception, match="HUB_MAIL_RATE must be a rate such as"):
        env.rate("HUB_MAIL_RATE")
