"""People move from zone to zone while mail waits for them, in weeks in which clocks change: nobody is woken, and nobody told twice."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from announcements.delivery import models
from announcements.people import services as people
from tests.conftest import join
from tests.delivery.conftest import Announce
from tests.delivery.postbox import Postbox
from tests.delivery.test_year import at_work

# On the 14th clocks change in America, on the 28th in Europe, and on April 4th back in New Zealand.
MONDAY = datetime(2027, 3, 8, tzinfo=UTC)
WEEKS = 4
ZONES = (
    "Pacific/Auckland", "Asia/Kolkata", "Europe/Berlin", "Africa/Casablanca", "America/New_York", "America/St_Johns", "Pacific/Honolulu",
)  # fmt: skip


def test_for_weeks_everybody_is_told_once_and_where_they_are_then(
    olga: people.Person, operations: people.Group, announce: Announce, postbox: Postbox, tick: Callable[[datetime], int], now: datetime
) -> None:  # fmt: skip
    chance, lives = random.Random(6), dict[str, str]()
    persons = [join(olga, f"Traveller{n} Away", ZONES[0], now) for n in range(5)]
    for person in persons:
        people.add_member(by=olga.id, group_id=operations.id, person_id=person.id, now=now)

    for hours in range(0, WEEKS * 7 * 24, 3):
        at = MONDAY + timedelta(hours=hours)
        if hours % (7 * 24) == 0:
            announce("Please confirm this", at=at)
            announce("News", at=at, ask_acknowledge=False, nudge_hours=())
        for person in persons:
            if hours == 0 or chance.random() < 0.1:
                lives[person.email] = chance.choice(ZONES)
                moved = people.ProfileChanges(timezone=lives[person.email])
                people.update_profile(by=person.id, changes=moved, now=at)
        before = len(postbox.recipients)
        tick(at)
        for address in postbox.recipients[before:]:
            assert address not in lives or at_work(at, lives[address]), (at, lives[address])

    ids = [person.id for person in persons]
    nudges = models.Nudge.objects.filter(recipient_id__in=ids, due_at__lt=MONDAY + timedelta(weeks=WEEKS - 1))
    assert set(nudges.values_list("state", "reason")) <= {("submitted", ""), ("skipped", "just_nudged")}
    assert nudges.filter(state="submitted", step=1).count() == len(ids) * (WEEKS - 1)
    digests = Counter(models.Digest.objects.filter(recipient_id__in=ids, state="submitted").values_list("recipient_id"))
    assert set(digests.values()) <= {WEEKS - 1, WEEKS} and len(digests) == len(ids)
    everything = Counter((mail["To"], mail["Message-ID"]) for mail in postbox.mails)
    assert set(everything.values()) == {1}
