"""A feed that is kept in Redis ends when what it shows does, and when its reader's rights do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from announcements.delivery import _kept, models
from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.delivery.mailing import HOUR, reach

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def said(ines: people.Person, operations: people.Group, now: datetime) -> publishing.Announcement:
    return reach(ines, operations, now, expires_at=now + HOUR)


def _items(person: people.Person, now: datetime) -> list[dict[str, Any]]:
    standing = delivery.Standing(person.epoch)
    page = delivery.feed_page(person_id=person.id, workspace_id=person.workspace_id, standing=standing, now=now)
    items: list[dict[str, Any]] = orjson.loads(page.body)["items"]
    return items


def test_what_expires_is_gone_at_that_moment(maya: people.Person, said: publishing.Announcement, now: datetime) -> None:
    assert [len(_items(maya, at)) for at in (now, now + HOUR - timedelta(seconds=1), now + HOUR)] == [1, 1, 0]


def test_nothing_that_was_kept_outlives_the_restoring_of_a_backup(
    maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    assert len(_items(maya, now)) == 1
    models.Delivery.objects.all().delete()  # a database from before
    assert len(_items(maya, now)) == 1

    delivery.hold_mail(now=now)

    assert _items(maya, now) == []


def test_mail_is_held_for_a_restored_backup_while_redis_is_stopped(
    olga: people.Person, without_redis: tuple[Callable[[], None], Callable[[], None]], now: datetime
) -> None:
    away, _back = without_redis
    away()

    delivery.hold_mail(now=now)

    assert delivery.sending(by=olga.id, now=now).state == "held"


def test_new_names_of_author_and_group_are_shown_at_once(
    olga: people.Person,
    ines: people.Person,
    maya: people.Person,
    operations: people.Group,
    said: publishing.Announcement,
    now: datetime,
) -> None:
    assert _items(maya, now)[0]["author_name"] == "Ines Carvalho"

    people.update_profile(by=ines.id, changes=people.ProfileChanges(name="Ines Moreira", title="Lead"), now=now)
    people.update_group(by=olga.id, group_id=operations.id, changes=people.GroupChanges(name="Docks"), now=now)

    (item,) = _items(maya, now)
    assert (item["author_name"], item["author_title"], item["groups"]) == ("Ines Moreira", "Lead", ["Docks"])


def test_a_group_made_meanwhile_is_shown_with_the_first_announcement_to_it(
    olga: people.Person, maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    assert _items(maya, now)[0]["groups"] == ["Operations"]

    oslo = people.create_group(by=olga.id, name="Oslo", kind="location", now=now)
    people.add_member(by=olga.id, group_id=oslo.id, person_id=maya.id, now=now)
    reach(olga, oslo, now)

    assert sorted(item["groups"] for item in _items(maya, now)) == [["Operations"], ["Oslo"]]


def test_what_one_reader_is_shown_is_not_looked_up_again_for_the_next(
    maya: people.Person, joao: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    mine = _items(maya, now)

    with CaptureQueriesContext(connection) as asked:
        theirs = _items(joao, now)

    assert theirs == mine
    assert not [one["sql"] for one in asked if "publishing_" in one["sql"] or "people_group" in one["sql"]]


def test_a_correction_is_shown_to_the_next_reader_also_when_redis_was_emptied_meanwhile(
    ines: people.Person, maya: people.Person, joao: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    for title in ("Dock 5 closes", "Dock 6 closes"):
        publishing.correct(
            announcement_id=said.id, by=ines.id, draft=publishing.Draft(title=title), change="typo", now=now
        )
        assert _items(maya, now)[0]["title"] == title
        _kept.store().flushall()

        assert _items(joao, now)[0]["title"] == title


def test_nobody_is_shown_what_did_not_reach_them_by_what_was_looked_up_for_others(
    olga: people.Person, maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    assert _items(maya, now)

    assert _items(olga, now) == []


def test_a_deactivation_while_the_standing_is_looked_up_ends_the_feed(
    olga: people.Person, maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    def deactivate() -> None:
        people.deactivate(by=olga.id, person_id=maya.id, now=now)
        connection.close()

    with _after_looking_up(maya, deactivate):
        _items(maya, now)

    with pytest.raises(errors.NotFound):
        _items(maya, now)


def _after_looking_up(person: people.Person, act: Callable[[], None]) -> Any:
    """Act in a thread of its own, once, when the person has just been read."""
    left = [act]

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if left and 'FROM "people_person"' in sql:
            beside = threading.Thread(target=left.pop())
            beside.start()
            beside.join()
        return result

    return connection.execute_wrapper(watch)


def test_a_deactivation_while_redis_is_away_ends_the_feed(
    olga: people.Person, maya: people.Person, said: publishing.Announcement, now: datetime, without_redis: Any
) -> None:
    away, back = without_redis
    assert _items(maya, now)

    away()
    assert _items(maya, now)
    people.deactivate(by=olga.id, person_id=maya.id, now=now)
    back()

    with pytest.raises(errors.NotFound):
        _items(maya, now)


def test_a_feed_that_is_wanted_only_as_it_is_kept_is_not_made_while_redis_is_away(
    maya: people.Person, without_redis: tuple[Callable[[], None], Callable[[], None]], now: datetime
) -> None:
    away, _back = without_redis
    away()

    with pytest.raises(errors.Busy):
        delivery.feed_page(
            person_id=maya.id, workspace_id=maya.workspace_id, standing=delivery.Standing(maya.epoch), now=now, only_kept=True
        )  # fmt: skip
