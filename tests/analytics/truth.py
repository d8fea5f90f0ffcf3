"""A company whose readers are known: a seed writes who truly met, opened, read and confirmed what, and what noise is around it.

What is true is written down here, in plain lists; nothing of the product is asked for it.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.conftest import join

FACTS: tuple[delivery.Fact, ...] = ("displayed", "opened", "read", "acknowledged")
CHANNELS: tuple[delivery.Channel, ...] = ("tab", "page", "extension")
ZONES = ("Europe/Lisbon", "Asia/Manila", "America/Chicago")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass
class Reader:
    """Somebody, and what groups they are in."""

    person: people.Person
    groups: set[str]
    zone: str

    def minutes(self, start: datetime, end: datetime) -> int:
        """Return how many minutes between two instants they were at work: counted one by one, from nine to six, Monday to Friday."""
        return sum(_working(self.zone, start, int((end - start) / MINUTE)))


@cache
def _working(zone: str, start: datetime, many: int) -> list[bool]:
    """Return of each of so many minutes whether one is at work there."""
    moments = ((start + n * MINUTE).astimezone(ZoneInfo(zone)) for n in range(many))
    return [at.weekday() < 5 and 9 <= at.hour < 18 for at in moments]


@dataclass
class Said:
    """An announcement, for whom it is, and what each of them truly did: when, and where."""

    item: publishing.Announcement
    at: datetime
    author: Reader
    readers: list[Reader]
    everyone: bool
    until: datetime
    did: dict[int, dict[delivery.Fact, tuple[datetime, delivery.Channel]]] = field(default_factory=dict)

    def those(self, fact: delivery.Fact, group: str | None = None, until: datetime | None = None) -> list[Reader]:
        """Return who truly did it, of all or of a group, by a moment."""
        return [
            reader
            for reader in self.of(group)
            if fact in self.did[reader.person.id] and (until is None or self.did[reader.person.id][fact][0] <= until)
        ]

    def due(self, now: datetime) -> bool:
        """Tell whether nobody can confirm it in time any more."""
        return self.until <= now

    def of(self, group: str | None) -> list[Reader]:
        """Return for whom it is, of all or of a group."""
        return [reader for reader in self.readers if group is None or group in reader.groups]


class World:
    """Made by a seed, over the three weeks until now."""

    def __init__(self, seed: int, olga: people.Person, now: datetime) -> None:
        self.chance, self.now = random.Random(seed), now
        self.began = now - 22 * DAY
        self.groups = {
            name: people.create_group(by=olga.id, name=name, kind="function", now=self.began)
            for name in ("Operations", "Sales", "Care")
        }
        self.readers = [Reader(olga, set(), olga.timezone), *(self._hired(olga, n) for n in range(14))]
        self.said = [self._publish(n) for n in range(7)]
        for said in self.said:
            self._live(said)

    def _hired(self, olga: people.Person, n: int) -> Reader:
        zone = ZONES[n % 3]
        person = join(olga, f"R{n} Reader", zone, self.began)
        # Some are in two groups, some in none.
        names = set(self.chance.sample(sorted(self.groups), self.chance.choice((0, 1, 1, 1, 2))))
        for name in sorted(names):
            people.add_member(by=olga.id, group_id=self.groups[name].id, person_id=person.id, now=self.began)
        return Reader(person, names, zone)

    def _publish(self, n: int) -> Said:
        at = self.began + DAY + n * timedelta(days=2, hours=5)
        until = at + (9 if n == 6 else 3) * DAY  # the last one is not due by now
        everyone, olga = n % 3 == 0, self.readers[0]
        name = sorted(self.groups)[n % 3]
        audience = people.Audience(everyone=True) if everyone else people.Audience(group_ids=(self.groups[name].id,))
        draft = publishing.Draft(
            title=f"Dock {n}", summary="Use dock 6.", body="<p>From Monday on.</p>" * (1 + n * 60), audience=audience,
            ask_acknowledge=n % 2 == 0, deadline=until if n % 2 == 0 else None, nudge_hours=(),
        )  # fmt: skip
        made = publishing.create(by=olga.person.id, draft=draft, now=at)
        item = publishing.publish(announcement_id=made.id, by=olga.person.id, now=at)
        delivery.fan_out(announcement_id=item.id, now=at)
        return Said(item, at, olga, [r for r in self.readers if everyone or name in r.groups], everyone, until)

    def _live(self, said: Said) -> None:
        """Decide what is true, and send it as the world does."""
        for reader in said.readers:
            truth = said.did[reader.person.id] = self._truth(said)
            batches = list(self._reports(said, truth))
            self.chance.shuffle(batches)
            for batch, arrives in batches:
                delivery.record(by=reader.person.id, receipts=batch, now=min(arrives, self.now))
            if batches and self.chance.random() < 0.5:  # the same once more, days later
                delivery.record(by=reader.person.id, receipts=batches[0][0], now=self.now)

    def _truth(self, said: Said) -> dict[delivery.Fact, tuple[datetime, delivery.Channel]]:
        facts = FACTS[: self.chance.choice((0, 1, 2, 3, 4, 4))]
        if not said.item.ask_acknowledge:
            facts = facts[:3]
        at, channel = said.at, self.chance.choice(CHANNELS)
        did = dict[delivery.Fact, tuple[datetime, delivery.Channel]]()
        for fact in facts:
            later = self.chance.choice((0, 1, 7, 90, 700, 2000)) * MINUTE
            at, channel = at + later, self.chance.choice(CHANNELS) if later else channel  # at once is in one place
            if at > self.now:
                break
            did[fact] = (at, channel)
        return did

    def _reports(
        self, said: Said, truth: dict[delivery.Fact, tuple[datetime, delivery.Channel]]
    ) -> Iterable[tuple[list[delivery.Receipt], datetime]]:
        """Return batches with when they arrive: late, double, out of order, by clocks that are wrong."""
        for fact, (at, channel) in truth.items():
            receipt = self._receipt(said, fact, at, channel)
            again = self._receipt(said, fact, at + self.chance.randrange(1, 500) * MINUTE, self.chance.choice(CHANNELS))
            late = at + self.chance.choice((0, 0, 1, 60 * 24 * 4)) * MINUTE
            how = self.chance.random()
            if how < 0.2:  # a clock that is days ahead, told at once
                receipt = self._receipt(said, fact, at + 3 * DAY, channel)
                yield [receipt], at
            elif how < 0.4 and at == said.at:  # and one that is behind
                yield [self._receipt(said, fact, at - 2 * DAY, channel)], late
            else:
                yield [receipt, receipt], late
            yield [again, self._of_another(again)], max(again.at, late)

    def _of_another(self, receipt: delivery.Receipt) -> delivery.Receipt:
        """Return it about what was never published: nobody is meant by that."""
        return delivery.Receipt(str(uuid.uuid4()), 10**9, receipt.fact, receipt.at, receipt.channel, receipt.version)

    def _receipt(self, said: Said, fact: delivery.Fact, at: datetime, channel: delivery.Channel) -> delivery.Receipt:
        return delivery.Receipt(str(uuid.UUID(int=self.chance.getrandbits(128))), said.item.id, fact, at, channel, 1)


def middle(times: list[int], waiting: list[int], part: float = 0.5) -> int | None:
    """Return the median, or after how long another part had, by Kaplan and Meier, as a textbook writes it down."""
    still = 1.0
    for at in sorted(set(times)):
        risk = sum(each >= at for each in [*times, *waiting])
        still *= 1 - times.count(at) / risk
        if still <= 1 - part + 1e-9:
            return at
    return None


def on_the_ruler(minutes: int) -> int:
    """Return minutes as they are told: to a quarter of an hour in the first eight hours, then to an hour, and after forty to a day."""
    width = 15 if minutes <= 8 * 60 else 60 if minutes <= 40 * 60 else 24 * 60
    return -(-minutes // width) * width
