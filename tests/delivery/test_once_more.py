"""A first nudge of which nobody knows whether it arrived may be sent once more, where the operator says so, and no other mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from announcements.delivery import models
from announcements.delivery import services as delivery
from announcements.people import services as people
from hub import env
from tests.delivery.mailing import HOUR, reach, sink, step, tick
from tests.journeys.sink import Sink
from tests.mail_servers import CUT, Scripted

__all__ = ["sink"]
Answers = Callable[[str, str, int], str | None]


@pytest.fixture(autouse=True)
def once_more(settings: Any) -> None:
    settings.MAIL_FIRST_AGAIN = True


def ticks(settings: Any, answers: Answers, now: datetime) -> list[tuple[str, bytes]]:
    """Send what is due by one server, hour after hour; return what it took."""
    with Scripted(answers) as server:
        settings.SMTP = env.smtp(server.url)
        for hour in range(1, 8):
            tick(now + hour * HOUR)
    return server.mails


def test_a_first_nudge_that_was_cut_off_goes_once_more_as_the_same_mail(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    said = reach(ines, operations, now)

    mails = ticks(settings, lambda verb, _whom, n: CUT if (verb, n) == ("BODY", 2) else None, now)

    assert sorted(Counter(recipient for recipient, _data in mails).values()) == [1, 1, 2]
    ids = {data.partition(b"Message-ID: ")[2].partition(b"\r\n")[0] for _recipient, data in mails}
    assert len(ids) == 3
    assert (step(ines, said, now).submitted, step(ines, said, now).uncertain) == (3, 0)


def test_it_is_never_sent_a_third_time_whatever_was_said_to_the_second(
    ines: people.Person, maya: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    reach(ines, operations, now)
    bodies: Counter[str] = Counter()
    asked: Counter[str] = Counter()

    def answers(verb: str, recipient: str, _n: int) -> str | None:
        """Cut off every body of hers, and put her off between them."""
        asked[recipient] += verb == "RCPT"
        bodies[recipient] += verb == "BODY"
        if recipient != maya.email:
            return None
        return CUT if verb == "BODY" else "450 busy" if verb == "RCPT" and asked[recipient] % 2 == 0 else None

    ticks(settings, answers, now)

    assert bodies[maya.email] == 2
    assert models.Nudge.objects.get(recipient_id=maya.id).state == "uncertain"


def test_what_a_dead_worker_had_begun_goes_once_more(
    ines: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    said = reach(ines, operations, now)
    begun = models.Nudge.objects.all()
    held = {"state": "submitting", "leased_until": now, "body_started_at": now, "attempts": 1}
    begun.update(**held)

    assert delivery.sweep(now=now + HOUR).returned == 3
    tick(now + HOUR)
    assert step(ines, said, now).submitted == len(sink.mails) == 3

    begun.update(**held, reason="sent_again")
    assert delivery.sweep(now=now + HOUR).uncertain == 3


def test_a_later_nudge_and_a_digest_stay_uncertain(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    reach(ines, operations, now)
    models.Nudge.objects.update(step=2)
    models.Digest.objects.create(
        recipient_id=ines.id, workspace_id=ines.workspace_id, period="2026-W47", due_at=now + timedelta(minutes=1)
    )

    mails = ticks(settings, lambda verb, _whom, _n: CUT if verb == "BODY" else None, now)

    assert set(models.Nudge.objects.values_list("state", flat=True)) == {"uncertain"}
    assert models.Digest.objects.get(period="2026-W47").state == "uncertain"
    assert len(mails) == 4
