"""Two workers fold, count anew and record at once; the numbers are those of the facts all the same. PostgreSQL alone has two at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection

from announcements.analytics import models
from announcements.analytics import services as analytics
from announcements.delivery import services as delivery
from announcements.people import services as people
from tests.analytics.conftest import publish
from tests.conftest import join

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="one writer at a time: make test-postgres"),
]
FACTS: tuple[delivery.Fact, ...] = ("displayed", "opened", "read", "acknowledged")
MANY = 12


def together(*acts: Callable[[], object]) -> None:
    """Do all of it at once, each on a connection of its own; fail with the first that fails."""
    begin, failed = threading.Barrier(len(acts)), list[BaseException]()

    def work(act: Callable[[], object]) -> None:
        try:
            begin.wait()
            act()
        except BaseException as problem:  # noqa: BLE001  it is raised below, in the test's own thread
            failed.append(problem)
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=(act,)) for act in acts]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if failed:
        raise failed[0]


@pytest.fixture
def read_by_many(olga: people.Person, now: datetime) -> tuple[int, list[int]]:
    """Return an announcement to everyone that many people have opened, of which nothing is folded in yet."""
    persons = [join(olga, f"N{n} Reader", "Europe/Lisbon", now).id for n in range(MANY)]
    item = publish(by=olga, audience=people.Audience(everyone=True), now=now)
    for person_id in persons:
        reads(person_id, item.id, "opened", now)
    return item.id, persons


def reads(person_id: int, announcement_id: int, fact: delivery.Fact, now: datetime) -> None:
    at = now + timedelta(minutes=30)
    receipt = delivery.Receipt(f"{person_id}-{fact}", announcement_id, fact, at, "tab", 1)
    delivery.record(by=person_id, receipts=[receipt], now=at)


def test_what_two_workers_fold_at_once_is_counted_once(
    read_by_many: tuple[int, list[int]], olga: people.Person, now: datetime
) -> None:
    about, _persons = read_by_many

    together(*[lambda: analytics.fold(workspace_id=olga.workspace_id)] * 3)

    tally = models.Tally.objects.get(announcement_id=about, group_id=0)
    assert (tally.recipients, tally.opened) == (MANY + 1, MANY)
    assert not models.Move.objects.exists()


def test_counting_anew_while_another_folds_and_people_read_loses_and_doubles_nothing(
    read_by_many: tuple[int, list[int]], olga: people.Person, now: datetime
) -> None:
    about, persons = read_by_many

    def all_read(some: list[int]) -> None:
        for person_id in some:
            for fact in FACTS:
                reads(person_id, about, fact, now)

    def fold_often() -> None:
        for _n in range(20):
            analytics.fold(workspace_id=olga.workspace_id)

    together(
        lambda: all_read(persons[::2]),
        lambda: all_read(persons[1::2]),
        fold_often,
        lambda: [analytics.check(announcement_id=about, now=now) for _n in range(4)],
    )

    reach = analytics.reach(by=olga.id, announcement_id=about, now=now + timedelta(hours=1))
    assert (reach.recipients, reach.opened, reach.read, reach.acknowledged) == (MANY + 1, MANY, MANY, MANY)
    assert sum(models.Pace.objects.filter(group_id=0).values_list("many", flat=True)) == MANY
    assert analytics.check(announcement_id=about, now=now)


def test_two_who_count_anew_at_once_agree(
    read_by_many: tuple[int, list[int]], olga: people.Person, now: datetime
) -> None:
    about, _persons = read_by_many
    models.Kept.objects.update(stale=True)

    together(*[lambda: analytics.count_anew(announcement_id=about, now=now)] * 2)

    assert models.Tally.objects.get(announcement_id=about, group_id=0).opened == MANY
    assert analytics.check(announcement_id=about, now=now)
