"""What a mail server has said is written down, whatever else goes wrong before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from announcements.delivery import models
from announcements.delivery import services as delivery
from announcements.people import services as people
from hub import env
from tests.delivery.mailing import HOUR, reach, sink, step, tick
from tests.journeys.sink import Sink
from tests.mail_servers import Scripted

__all__ = ["sink"]


class Failing:
    """Runs statements, and fails each with `part` in it once `steps` rounds have begun or ended."""

    def __init__(self, steps: int, part: str) -> None:
        self.left, self.part, self.failed = steps, part, 0

    def __call__(self, execute: Callable[..., Any], sql: str, *given: Any) -> Any:
        self.left -= "RETURNING id, state" in sql
        if self.left <= 0 and sql.startswith(self.part):
            self.failed += 1
            raise OperationalError("gone")
        return execute(sql, *given)


@pytest.mark.parametrize("at_once", [1, 3])
def test_a_look_at_the_next_that_fails_loses_no_answer(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime, at_once: int
) -> None:
    settings.MAIL_AT_ONCE = at_once
    for title in ("One", "Two"):
        reach(ines, operations, now, title=title)
    failing, late = Failing(1, "SELECT"), now + HOUR + timedelta(seconds=3)

    with Scripted(offers="PIPELINING") as server, connection.execute_wrapper(failing):
        settings.SMTP = env.smtp(server.url)
        with pytest.raises(OperationalError):
            delivery.tick(now=now + HOUR, clock=lambda: late if len(server.mails) >= at_once else now + HOUR)

    assert failing.failed
    assert _states() == {"submitted": at_once, "queued": 6 - at_once}
    assert len([data for _recipient, data in server.mails if data]) == at_once


def test_what_is_out_while_the_next_is_looked_for_is_heard_before_its_rows_are_given_back(
    ines: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    said = reach(ines, operations, now, nudge_hours=(1.0, 2.0))

    # With the third body out, a second nudge is looked at anew.
    with connection.execute_wrapper(Failing(3, "SELECT")), pytest.raises(OperationalError):
        tick(now + 3 * HOUR)

    assert step(ines, said, now, 1).submitted == len(sink.mails) == 3
    assert "submitting" not in _states()


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_noted_about_a_server_stops_nothing(
    ines: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    said = reach(ines, operations, now)
    failing = Failing(2, 'UPDATE "delivery_transport"')
    with connection.execute_wrapper(failing):
        tick(now + HOUR)

    assert failing.failed
    assert step(ines, said, now).submitted == len(sink.mails) == 3


def test_a_server_that_asks_nonsense_at_the_door_is_in_trouble_and_nothing_else_is(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    said = reach(ines, operations, now)
    with Scripted(lambda verb, *_asked: "334 no base64!" if verb == "AUTH" else None, offers="AUTH=CRAM-MD5") as server:
        settings.SMTP = env.smtp(server.url.replace("smtp://", "smtp://hub:right@"))
        tick(now + HOUR)

    assert (step(ines, said, now).queued, set(models.Nudge.objects.values_list("attempts", flat=True))) == (3, {0})
    assert [row.failures for row in models.Transport.objects.all()] == [1]


def _states() -> dict[str, int]:
    states = list(models.Nudge.objects.values_list("state", flat=True))
    return {state: states.count(state) for state in sorted(set(states), reverse=True)}
