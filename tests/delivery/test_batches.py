"""Mail that is claimed many at once: what was looked up does not grow old, what is not begun is given back, no step overtakes another."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from announcements.delivery import _claims, models
from announcements.delivery import services as delivery
from announcements.people import services as people
from hub import env
from tests.delivery.mailing import HOUR, reach, sink, step, tick
from tests.journeys.sink import Sink
from tests.mail_servers import Scripted

__all__ = ["sink"]
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("passes", [3 * SECOND, -1800 * SECOND], ids=["time passes", "the clock is set back"])
def test_who_confirms_while_others_are_mailed_is_left_alone(
    ines: people.Person,
    maya: people.Person,
    joao: people.Person,
    operations: people.Group,
    sink: Sink,
    now: datetime,
    passes: timedelta,
) -> None:
    said = reach(ines, operations, now)
    at = now + HOUR

    def clock() -> datetime:
        """Let everybody confirm once the first mail is out, and some time pass."""
        nonlocal at
        if len(sink.mails) == 1 and at == now + HOUR:
            for person in (ines, maya, joao):
                delivery.acknowledge(by=person.id, announcement_id=said.id, version=1, now=at)
            at += passes
        return at

    assert delivery.tick(now=at, clock=clock) == 3

    assert len(sink.mails) == 1
    assert set(models.Nudge.objects.exclude(state="submitted").values_list("state", "reason")) == {
        ("skipped", "acknowledged")
    }


def test_what_a_tick_does_not_get_to_is_given_back_as_it_was(
    ines: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    reach(ines, operations, now)
    moments = iter(now + HOUR + timedelta(seconds=n * 3) for n in range(100))

    settled = delivery.tick(now=now + HOUR, clock=lambda: next(moments))

    waiting = models.Nudge.objects.filter(state="queued", leased_until=None, attempts=0, due_at=now + HOUR)
    assert waiting.count() == 3 - settled > 0


# One is asked for with what would have been the body of the one before.
@pytest.mark.parametrize(("at_once", "asked"), [(1, 2), (3, 3)])
def test_who_lost_a_claim_leaves_all_of_it_to_whoever_has_it_now(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime, at_once: int, asked: int
) -> None:
    settings.MAIL_AT_ONCE = at_once
    reach(ines, operations, now)
    later = now + HOUR + timedelta(minutes=5)

    def clock() -> datetime:
        """Let the lease run out, and another worker claim, before the first may begin."""
        if server.counts["MAIL"] and not models.Nudge.objects.filter(leased_until__gt=later).exists():
            delivery.sweep(now=later)
            _claims.claim(models.Nudge, list(models.Nudge.objects.values_list("pk", flat=True)), later)
        return now + HOUR

    with Scripted() as server:
        settings.SMTP = env.smtp(server.url)
        delivery.tick(now=now + HOUR, clock=clock)

    assert (server.counts["MAIL"], server.mails) == (asked, [])
    assert set(models.Nudge.objects.values_list("state", "attempts")) == {("submitting", 1)}


def test_no_step_goes_out_while_another_worker_is_at_an_earlier_one(
    ines: people.Person, maya: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    said = reach(ines, operations, now, nudge_hours=(1.0, 2.0))
    at = now + 3 * HOUR
    (first,) = models.Nudge.objects.filter(recipient_id=maya.id, step=1)
    (held,) = _claims.claim(models.Nudge, [first.pk], at)
    tick(at)
    assert maya.email not in sink.recipients
    assert models.Nudge.objects.get(recipient_id=maya.id, step=2).state == "queued"

    _claims.release([held])
    tick(at)

    assert sink.recipients.count(maya.email) == 1
    assert step(ines, said, now, 2).skipped == 3


def test_two_workers_share_what_is_due_and_claim_nothing_twice(
    ines: people.Person, operations: people.Group, now: datetime
) -> None:
    reach(ines, operations, now)
    ids = list(models.Nudge.objects.order_by("id").values_list("pk", flat=True))

    mine = _claims.claim(models.Nudge, ids[:2], now + HOUR)
    theirs = _claims.claim(models.Nudge, ids, now + HOUR)

    assert [row.id for row in mine + theirs] == ids


def test_a_mail_more_is_one_statement_more(
    ines: people.Person, operations: people.Group, sink: Sink, now: datetime, settings: Any
) -> None:
    """It says what the server said of a mail and that the body of the next begins; the rest is asked once for all."""

    def asked(*whom: int) -> int:
        made = reach(ines, operations, now, nudge_hours=())
        delivery.nudge_now(by=ines.id, announcement_id=made.id, person_ids=list(whom), now=now)
        tick(now - HOUR)  # digests are planned before anybody counts
        with CaptureQueriesContext(connection) as counted:
            assert tick(now) == len(whom)
        return sum(not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")) for one in counted)

    everybody = [person.id for person in people.people(by=ines.id, group_id=operations.id)]
    asked(*everybody)

    assert asked(*everybody) - asked(everybody[0]) == len(everybody) - 1
