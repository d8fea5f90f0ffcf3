"""Sending what is due: one mail's trouble is its own."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import get_user_model

from announcements.delivery import models
from announcements.people import services as people
from announcements.publishing import models as tables
from tests.delivery.mailing import HOUR, reach, sink, step, tick
from tests.journeys.sink import Sink

__all__ = ["sink"]


def test_a_mail_that_cannot_be_made_fails_alone_and_is_logged(
    ines: people.Person, operations: people.Group, sink: Sink, now: datetime, caplog: Any
) -> None:
    poisoned = reach(ines, operations, now, title="Poisoned")
    # No door lets this in any more: east of UTC there is no such moment. Ines and Maya are east, Joao is not.
    tables.Announcement.objects.filter(pk=poisoned.id).update(deadline=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
    sound = reach(ines, operations, now, title="Sound")

    with caplog.at_level(logging.ERROR):
        assert tick(now + HOUR) == 6

    assert (step(ines, poisoned, now).failed, step(ines, poisoned, now).submitted) == (2, 1)
    assert step(ines, sound, now).submitted == 3
    assert sum("could not be made" in line for line in caplog.messages) == 2
    reasons = models.Nudge.objects.filter(announcement_id=poisoned.id, state="failed").values_list("reason", flat=True)
    assert set(reasons) == {"cannot_be_made"}
    assert tick(now + 2 * HOUR) == 0


def test_an_address_that_no_server_is_told_fails_alone(
    ines: people.Person, maya: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    said = reach(ines, operations, now)
    # An address from before addresses were checked.
    get_user_model().objects.filter(pk=maya.id).update(email="máya@northwind.test")

    assert tick(now + HOUR) == 3

    assert (step(ines, said, now).failed, step(ines, said, now).submitted) == (1, 2)
