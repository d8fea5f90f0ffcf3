"""Roll-ups that are kept as facts arrive say what the facts say, whatever happened in whatever order."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from announcements.analytics import models, tasks
from announcements.analytics import services as analytics
from announcements.analytics._shares import step
from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.analytics.conftest import Does, publish
from tests.conftest import join

MINUTE = timedelta(minutes=1)
FACTS: tuple[delivery.Fact, ...] = ("displayed", "opened", "read", "acknowledged")
CHANNELS: tuple[delivery.Channel, ...] = ("tab", "page", "extension", "mail")


class Company:
    """Somebody does something, again and again, as a seed has it."""

    def __init__(self, seed: int, olga: people.Person, operations: people.Group, now: datetime) -> None:
        self.random, self.olga, self.operations, self.now = random.Random(seed), olga, operations, now
        self.changing = seed % 2  # after a material change all is counted anew: of half the companies nothing is
        self.persons = [join(olga, f"N{n} Reader", "Europe/Lisbon", now).id for n in range(6)]
        customs = people.create_group(by=olga.id, name="Customs", kind="function", parent_id=operations.id, now=now)
        self.groups = [operations.id, customs.id]
        people.add_member(by=olga.id, group_id=customs.id, person_id=self.persons[0], now=now)
        for person_id in self.persons[1:4]:
            people.add_member(by=olga.id, group_id=self.random.choice(self.groups), person_id=person_id, now=now)
        self.out = [
            self.publish(people.Audience(everyone=True)),
            self.publish(people.Audience(group_ids=(customs.id,))),
        ]

    def publish(self, audience: people.Audience) -> publishing.Announcement:
        return publish(by=self.olga, audience=audience, now=self.now)

    def act(self) -> None:
        self.now += timedelta(minutes=self.random.randrange(1, 300))
        acts: list[Callable[[int, int], object]] = [
            *[self.reads] * 6, self.takes_back, self.comes_or_goes, self.moves, self.folds, *[self.changes] * self.changing,
        ]  # fmt: skip
        one = self.random.choice(self.out)
        with suppress(errors.Refused):  # not every act is possible at every moment
            self.random.choice(acts)(self.random.choice(self.persons), one.id)

    def reads(self, person_id: int, announcement_id: int) -> None:
        receipts = [
            delivery.Receipt(
                str(self.random.random()),
                announcement_id,
                self.random.choice(FACTS),
                self.now - timedelta(minutes=self.random.randrange(-100, 900)),
                self.random.choice(CHANNELS),
                publishing.get(announcement_id=announcement_id).version,
            )
            for _n in range(3)
        ]
        delivery.record(by=person_id, receipts=[*receipts, receipts[0]], now=self.now)

    def takes_back(self, person_id: int, announcement_id: int) -> None:
        delivery.unacknowledge(by=person_id, announcement_id=announcement_id, now=self.now)

    def comes_or_goes(self, person_id: int, _announcement_id: int) -> None:
        active = people.person(person_id=person_id).state == "active"
        change = people.deactivate if active else people.reactivate
        change(by=self.olga.id, person_id=person_id, now=self.now)

    def moves(self, person_id: int, _announcement_id: int) -> None:
        people.add_member(by=self.olga.id, group_id=self.operations.id, person_id=person_id, now=self.now)

    def changes(self, _person_id: int, announcement_id: int) -> None:
        new = publishing.Draft(body=f"<p>{self.now}</p>", deadline=self.now + timedelta(hours=9))
        publishing.correct(announcement_id=announcement_id, by=self.olga.id, draft=new, change="material", now=self.now)

    def folds(self, _person_id: int, _announcement_id: int) -> None:
        tasks.tick()


def counted(facts: list[delivery.DeliveryFacts]) -> tuple[int, ...]:
    return (len(facts), *(sum(getattr(f, f"{fact}_at") is not None for f in facts) for fact in FACTS))


def taken(facts: list[delivery.DeliveryFacts], known: dict[int, people.Person]) -> dict[str, int]:
    """Return how many read within how many working minutes."""
    read = [(known[f.recipient_id].working_time, f.delivered_at, f.read_at) for f in facts if f.read_at]
    return Counter(str(step(clock.between(delivered, at))) for clock, delivered, at in read)


def on_wall(facts: list[delivery.DeliveryFacts]) -> dict[str, int]:
    """Return how many read within how many minutes of any kind, up to eight days."""
    return Counter(str(step(f.read_at - f.delivered_at, most=8 * 24 * 60)) for f in facts if f.read_at)


def by_minutes(announcement_id: int, pace: str) -> dict[int, int]:
    tally = models.Tally.objects.filter(announcement_id=announcement_id, group_id=0).first()
    return {int(minutes): many for minutes, many in getattr(tally, pace).items()} if tally else {}


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_the_numbers_are_those_of_the_facts(
    seed: int, olga: people.Person, operations: people.Group, now: datetime
) -> None:
    company = Company(seed, olga, operations, now)
    for _n in range(60):
        company.act()

    for one in company.out:
        reach = analytics.reach(by=olga.id, announcement_id=one.id, now=company.now)
        everybody = delivery.facts(announcement_id=one.id)
        known = people.get_many(ids=[f.recipient_id for f in everybody])
        here = [f for f in everybody if known[f.recipient_id].state != "deactivated"]
        belonging = people.groups_of(person_ids=[f.recipient_id for f in here], at=one.published_at or now)
        at = company.now

        assert (reach.recipients, reach.displayed, reach.opened, reach.read, reach.acknowledged) == counted(here)
        assert reach.deactivated == len(everybody) - len(here)
        assert reach.by_channel == Counter(f.acknowledged_via for f in here if f.acknowledged_at)
        assert all(
            (point.opened, point.acknowledged)
            == (
                sum(f.opened_at is not None and f.opened_at <= point.at for f in here),
                sum(f.acknowledged_at is not None and f.acknowledged_at <= point.at for f in here),
            )
            for point in reach.curve
        )
        for group in reach.by_group:
            inside = [f for f in here if group.group_id in belonging[f.recipient_id]]
            assert (group.recipients, group.displayed, group.opened, group.read, group.acknowledged) == counted(inside)
        due = models.Kept.objects.get(announcement_id=one.id).due_at
        tally = models.Tally.objects.filter(announcement_id=one.id, group_id=0).first()
        assert (tally.on_time if tally else 0) == sum(
            bool(f.acknowledged_at and due and f.acknowledged_at <= due) for f in here
        )
        assert (tally.pace if tally else {}) == taken(here, known)
        assert (tally.wall if tally else {}) == on_wall(here)
        assert analytics.check(announcement_id=one.id, now=at)
    for pace, column in (("pace", "many"), ("wall", "wall")):
        weeks = models.Pace.objects.filter(group_id=0, **{f"{column}__gt": 0}).values_list("minutes", column)
        assert dict(weeks) == sum((Counter(by_minutes(one.id, pace)) for one in company.out), Counter())
    assert of_weeks() == of_announcements([one.id for one in company.out])


TOLD = ("asked", "on_time", "confirmed", "recipients", "minutes", "at_work", "waiting")


def of_weeks() -> Counter[tuple[object, ...]]:
    """Return what the sums by week say of each group, and of what was sent."""
    found = Counter[tuple[object, ...]]()
    for row in models.Sum.objects.values():
        found.update({("sum", row["week"], row["group_id"], row["shown"], name): row[name] for name in TOLD})
    for row in models.Sent.objects.values():
        where = ("sent", row["week"], row["group_id"], row["shown"])
        found.update({(*where, name): row[name] for name in ("announcements", "recipients", "acknowledged")})
    for row in models.Length.objects.values():
        found["length", row["week"], row["minutes"]] += row["announcements"]
    return +found


def of_announcements(ids: list[int]) -> Counter[tuple[object, ...]]:
    """Return the same, added up from the roll-ups of each."""
    found = Counter[tuple[object, ...]]()
    for kept in models.Kept.objects.filter(announcement_id__in=ids):
        for tally in models.Tally.objects.filter(announcement=kept):
            where, many = (kept.week, tally.group_id, tally.shown), tally.recipients
            told = {
                "recipients": many,
                "minutes": many * kept.minutes,
                "at_work": tally.at_work,
                "waiting": many - tally.read,
            }
            told |= {"asked": many, "on_time": tally.on_time, "confirmed": tally.acknowledged} if kept.due_at else {}
            found.update({("sum", *where, name): count for name, count in told.items()})
            if many and kept.everyone == (tally.group_id == 0):
                told = {"announcements": 1, "recipients": many, "acknowledged": tally.acknowledged}
                found.update({("sent", *where, name): count for name, count in told.items()})
            if many and tally.group_id == 0:
                found["length", kept.week, kept.minutes] += 1
    return +found


def test_what_was_never_counted_is_counted_by_the_sweep(
    olga: people.Person, landed: publishing.Announcement, now: datetime
) -> None:
    before = analytics.reach(by=olga.id, announcement_id=landed.id, now=now)
    for table in (models.Kept, models.Tally, models.Hour, models.Move):
        table.objects.all().delete()  # type: ignore[attr-defined]  # each has rows

    analytics.sweep(now=now)

    assert models.Tally.objects.get(announcement_id=landed.id, group_id=0).acknowledged == 1
    assert analytics.reach(by=olga.id, announcement_id=landed.id, now=now) == before


def test_numbers_that_drifted_are_found_within_a_day_and_made_anew(
    olga: people.Person, landed: publishing.Announcement, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    analytics.reach(by=olga.id, announcement_id=landed.id, now=now)
    models.Tally.objects.filter(announcement_id=landed.id, group_id=0).update(opened=99)

    analytics.sweep(now=now + timedelta(hours=23))
    assert models.Tally.objects.get(announcement_id=landed.id, group_id=0).opened == 99
    analytics.sweep(now=now + timedelta(hours=25))

    assert models.Tally.objects.get(announcement_id=landed.id, group_id=0).opened == 1
    assert f"announcement {landed.id} had drifted" in caplog.text


def test_what_is_read_while_numbers_are_checked_is_no_drift(
    olga: people.Person, joao: people.Person, landed: publishing.Announcement, does: Does, now: datetime
) -> None:
    analytics.fold(workspace_id=olga.workspace_id)
    meanwhile = iter([lambda: does(joao, "opened", landed)])

    def somebody_reads(execute: Any, sql: str, *told: Any) -> Any:
        found = execute(sql, *told)
        if sql.startswith("SELECT") and f'FROM "{models.Tally._meta.db_table}"' in sql:
            for read in meanwhile:
                read()
        return found

    with connection.execute_wrapper(somebody_reads):
        assert analytics.check(announcement_id=landed.id, now=now)
    assert next(meanwhile, None) is None


def test_the_tick_folds_in_what_was_noted(
    maya: people.Person, notice: publishing.Announcement, does: Does, now: datetime
) -> None:
    does(maya, "opened", notice)
    assert models.Move.objects.exists()

    tasks.tick()

    assert not models.Move.objects.exists()
    assert models.Tally.objects.get(announcement_id=notice.id, group_id=0).opened == 1
