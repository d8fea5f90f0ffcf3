"""What has just reached a reader is put into the feed that is kept of them; anything else has their feed made anew from rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from announcements.delivery import _fanout, _generations, _kept
from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.delivery.mailing import HOUR, publish, reach
from tests.delivery.test_fan_out import Killed, at_batch, dies
from tests.delivery.test_own_clocks import IN_LISBON, MINUTE, going  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db(transaction=True)


def page(person: people.Person, now: datetime) -> delivery.FeedPage:
    standing = delivery.Standing(person.epoch)
    return delivery.feed_page(person_id=person.id, workspace_id=person.workspace_id, standing=standing, now=now)


def titles(person: people.Person, now: datetime) -> list[str]:
    return [item["title"] for item in orjson.loads(page(person, now).body)["items"]]


def asked_of(act: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        act()
    return [one["sql"] for one in asked]


@pytest.fixture
def said(ines: people.Person, maya: people.Person, operations: people.Group, now: datetime) -> publishing.Announcement:
    """Return what stands in a feed that is kept of Maya."""
    said = reach(ines, operations, now)
    page(maya, now)
    return said


def test_news_is_shown_without_asking_the_database_for_its_reader(
    ines: people.Person,
    maya: people.Person,
    joao: people.Person,
    operations: people.Group,
    said: publishing.Announcement,
    now: datetime,
) -> None:
    page(joao, now)
    reach(ines, operations, now + HOUR, title="Dock 5 closes")
    titles(joao, now + HOUR)  # what is the same for all is looked up for the first who asks

    assert asked_of(lambda: page(maya, now + HOUR)) == []
    assert titles(maya, now + HOUR) == titles(joao, now + HOUR)
    assert sorted(titles(maya, now + HOUR)) == ["Dock 4 closes", "Dock 5 closes"]


@pytest.mark.parametrize(
    "news", [{"ask_acknowledge": False, "nudge_hours": ()}, {}, {"deadline": datetime(2026, 11, 20, tzinfo=UTC)}]
)
def test_a_feed_with_news_is_the_one_that_rows_make(
    ines: people.Person,
    maya: people.Person,
    operations: people.Group,
    said: publishing.Announcement,
    news: dict[str, Any],
    now: datetime,
) -> None:
    at = now + timedelta(hours=1, microseconds=271_828)
    reach(ines, operations, at, title="Older news", ask_acknowledge=False, nudge_hours=())
    reach(ines, operations, at, title="Dock 5 closes", **news)

    added = page(maya, at)
    _kept.store().flushall()

    assert added == page(maya, at)
    assert len(titles(maya, at)) == 3


def test_news_for_a_reader_whose_clock_is_behind_waits_for_it_in_their_kept_feed(
    joao: people.Person, now: datetime, request: pytest.FixtureRequest
) -> None:
    page(joao, now)
    request.getfixturevalue("going")

    assert titles(joao, IN_LISBON - MINUTE) == []
    assert asked_of(lambda: page(joao, IN_LISBON - MINUTE)) == []
    assert titles(joao, IN_LISBON) == ["Dock 4 closes"]


def test_what_its_reader_does_with_news_is_shown_at_once(
    ines: people.Person, maya: people.Person, operations: people.Group, said: publishing.Announcement, now: datetime
) -> None:
    new = reach(ines, operations, now, title="Dock 5 closes")
    assert titles(maya, now)[0] == "Dock 5 closes"

    delivery.acknowledge(by=maya.id, announcement_id=new.id, version=1, now=now)

    first, second = orjson.loads(page(maya, now).body)["items"]
    assert (first["title"], first["acknowledged_at"]) == ("Dock 4 closes", None)
    assert second["acknowledged_at"]


def test_who_is_asked_again_owes_it_in_their_kept_feed_too(
    ines: people.Person, maya: people.Person, operations: people.Group, said: publishing.Announcement, now: datetime
) -> None:
    delivery.acknowledge(by=maya.id, announcement_id=said.id, version=1, now=now)
    page(maya, now)

    draft = publishing.Draft(title="Dock 6 closes")
    publishing.correct(announcement_id=said.id, by=ines.id, draft=draft, change="material", now=now)

    (item,) = orjson.loads(page(maya, now).body)["items"]
    assert (item["title"], item["acknowledged_at"]) == ("Dock 6 closes", None)


def test_news_that_was_withdrawn_before_anybody_asked_is_shown_to_nobody(
    ines: people.Person, maya: people.Person, operations: people.Group, said: publishing.Announcement, now: datetime
) -> None:
    new = reach(ines, operations, now, title="Dock 5 closes")
    publishing.withdraw(announcement_id=new.id, by=ines.id, reason="Wrong dock.", now=now)

    assert titles(maya, now) == ["Dock 4 closes"]


def test_who_asks_between_the_commit_and_the_word_of_it_has_it_once(
    ines: people.Person, maya: people.Person, operations: people.Group, said: publishing.Announcement, now: datetime
) -> None:
    new = publish(ines, operations, now, title="Dock 5 closes")
    _kept.store().delete(f"feed:own:{maya.id}", f"feed:t:{maya.id}")
    between: list[list[str]] = []
    with transaction.atomic():
        transaction.on_commit(lambda: between.append(titles(maya, now)))
        delivery.fan_out(announcement_id=new.id, now=now)

    assert sorted(between[0]) == sorted(titles(maya, now)) == ["Dock 4 closes", "Dock 5 closes"]


def test_whom_a_worker_that_died_reached_and_did_not_tell_is_told_by_the_next(
    ines: people.Person,
    maya: people.Person,
    joao: people.Person,
    operations: people.Group,
    said: publishing.Announcement,
    without_redis: Any,
    monkeypatch: pytest.MonkeyPatch,
    now: datetime,
) -> None:
    page(joao, now)
    away, back = without_redis
    new = publish(ines, operations, now, title="Dock 5 closes")
    monkeypatch.setattr(_fanout, "BATCH", 1)
    away()
    with at_batch(3, dies), pytest.raises(Killed):
        delivery.fan_out(announcement_id=new.id, now=now)
    monkeypatch.setattr(_generations, "_owed", set())  # it died with the worker
    back()
    assert titles(maya, now) == titles(joao, now) == ["Dock 4 closes"]

    delivery.fan_out(announcement_id=new.id, now=now)

    assert len(titles(maya, now)) == len(titles(joao, now)) == 2


def test_news_that_could_not_be_told_is_shown_once_redis_is_back(
    ines: people.Person,
    maya: people.Person,
    operations: people.Group,
    said: publishing.Announcement,
    without_redis: Any,
    now: datetime,
) -> None:
    away, back = without_redis
    away()
    reach(ines, operations, now, title="Dock 5 closes")
    back()

    assert sorted(titles(maya, now)) == ["Dock 4 closes", "Dock 5 closes"]


def test_who_asks_seldom_has_no_heap_of_news_in_redis_and_misses_none(
    ines: people.Person,
    maya: people.Person,
    operations: people.Group,
    said: publishing.Announcement,
    monkeypatch: pytest.MonkeyPatch,
    now: datetime,
) -> None:
    monkeypatch.setattr(_generations, "LONGEST", 100)
    for n in range(12):
        reach(ines, operations, now, title=f"Dock {n + 5} closes")

        assert _kept.store().strlen(_generations.of_reader(maya.id)) <= 100

    assert len(titles(maya, now)) == 13


def test_news_keeps_the_feed_of_nobody_whose_rights_have_ended(
    olga: people.Person,
    ines: people.Person,
    maya: people.Person,
    operations: people.Group,
    said: publishing.Announcement,
    now: datetime,
) -> None:
    people.deactivate(by=olga.id, person_id=maya.id, now=now)
    reach(ines, operations, now, title="Dock 5 closes")

    with pytest.raises(errors.NotFound):
        page(maya, now)
