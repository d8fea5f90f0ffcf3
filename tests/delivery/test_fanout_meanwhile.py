"""What happens to an announcement while it is reaching its audience holds for those it has yet to reach."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from announcements.delivery import _fanout, models
from announcements.delivery import services as delivery
from announcements.kernel.ids import spans
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.delivery.mailing import HOUR, publish, reach, sink, step, tick
from tests.journeys.sink import Sink

__all__ = ["sink"]


@contextmanager
def _after_the_first_batch(act: Callable[[], object]) -> Iterator[None]:
    """Act once, when the first deliveries have been written."""
    left = [act]

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if left and 'INTO "delivery_delivery"' in sql:
            left.pop()()
        return result

    with connection.execute_wrapper(watch):
        yield
    assert not left


def _correct(by: people.Person, said: publishing.Announcement, now: datetime) -> None:
    words = publishing.Draft(body="<p>From Tuesday on.</p>")
    publishing.correct(announcement_id=said.id, by=by.id, draft=words, change="material", now=now)


def test_a_correction_asks_everybody_for_the_new_version(
    ines: people.Person, operations: people.Group, now: datetime, monkeypatch: Any
) -> None:
    monkeypatch.setattr(_fanout, "BATCH", 1)
    said = publish(ines, operations, now)

    with _after_the_first_batch(lambda: _correct(ines, said, now)):
        delivery.fan_out(announcement_id=said.id, now=now)

    asked = models.Delivery.objects.filter(announcement_id=said.id).values_list("asked_version", flat=True)
    assert list(asked) == [2, 2, 2]


@pytest.mark.django_db(transaction=True)
def test_a_correction_at_the_same_time_asks_everybody_for_the_new_version(
    ines: people.Person, operations: people.Group, now: datetime, monkeypatch: Any
) -> None:
    monkeypatch.setattr(_fanout, "BATCH", 1)
    said = publish(ines, operations, now)

    def reach_all() -> None:
        delivery.fan_out(announcement_id=said.id, now=now)
        connection.close()

    beside = threading.Thread(target=reach_all)
    beside.start()
    _correct(ines, said, now)
    beside.join()

    asked = models.Delivery.objects.filter(announcement_id=said.id).values_list("asked_version", flat=True)
    assert list(asked) == [2, 2, 2]


def test_a_withdrawal_plans_no_more_nudges(
    ines: people.Person, operations: people.Group, now: datetime, monkeypatch: Any
) -> None:
    monkeypatch.setattr(_fanout, "BATCH", 1)
    said = publish(ines, operations, now)

    with _after_the_first_batch(
        lambda: publishing.withdraw(announcement_id=said.id, by=ines.id, reason="Wrong dock.", now=now)
    ):
        delivery.fan_out(announcement_id=said.id, now=now)

    assert models.Nudge.objects.filter(announcement_id=said.id).count() == 1


def test_a_stop_before_it_reached_anybody_holds(
    ines: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    said = publish(ines, operations, now)
    delivery.stop_nudges(by=ines.id, announcement_id=said.id, now=now)

    came = delivery.fan_out(announcement_id=said.id, now=now)
    tick(now + HOUR)

    assert (came.done, came.total) == (3, 3)
    assert sink.mails == []


def test_a_stop_half_way_leaves_nothing_to_come(
    ines: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    said = reach(ines, operations, now, nudge_hours=(1.0, 2.0))
    tick(now + HOUR)

    assert delivery.stop_nudges(by=ines.id, announcement_id=said.id, now=now + HOUR) == 3
    tick(now + 2 * HOUR)

    assert len(sink.mails) == 3
    assert (step(ines, said, now, 1).submitted, step(ines, said, now, 2).skipped) == (3, 3)


@pytest.mark.django_db(transaction=True)
def test_a_stop_reaches_a_nudge_whose_body_has_not_begun(
    ines: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    said = reach(ines, operations, now)
    sink.hold()

    def send() -> None:
        tick(now + HOUR)
        connection.close()

    sending = threading.Thread(target=send)
    sending.start()
    assert sink.waiting.wait(10)
    stopped = delivery.stop_nudges(by=ines.id, announcement_id=said.id, now=now + HOUR)
    sink.release()
    sending.join()

    assert stopped == 3
    assert sink.mails == []
    assert step(ines, said, now).skipped == 3


def test_fanning_out_again_changes_nothing(ines: people.Person, operations: people.Group, now: datetime) -> None:
    said = reach(ines, operations, now)

    again = delivery.fan_out(announcement_id=said.id, now=now + HOUR)

    assert (again.done, again.total, again.finished_at) == (3, 3, now)
    assert step(ines, said, now).queued == 3


def test_who_asks_for_the_recipients_while_they_are_frozen_keeps_no_part_of_them(
    ines: people.Person, operations: people.Group, now: datetime
) -> None:
    said = publish(ines, operations, now)
    left: list[Callable[[], object]] = [lambda: delivery.fan_out(announcement_id=said.id, now=now)]

    def finishes_meanwhile(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if left and sql.startswith("SELECT") and 'FROM "delivery_delivery"' in sql:
            left.pop()()
        return result

    with connection.execute_wrapper(finishes_meanwhile):
        assert not delivery.recipients(announcement_id=said.id)

    reached = {one.recipient_id for one in delivery.facts(announcement_id=said.id)}
    assert len(reached) == 3
    assert delivery.recipients(announcement_id=said.id) == spans(reached)
