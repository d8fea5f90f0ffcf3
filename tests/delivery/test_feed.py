"""The feed: required reading that is owed, by deadline, then the newest; kept only while nothing has changed."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from announcements.delivery import _own
from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.kernel.prepared import Prepared
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.conftest import join
from tests.delivery.conftest import Announce

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def titles(person: people.Person, at: datetime) -> list[str]:
    return [item.title for item in delivery.feed(by=person.id, now=at).items]


def kept(person: people.Person, at: datetime) -> list[str]:
    standing = delivery.Standing(person.epoch)
    page = delivery.feed_page(person_id=person.id, workspace_id=person.workspace_id, standing=standing, now=at)
    return [item["title"] for item in json.loads(page.body)["items"]]


def test_what_is_owed_comes_first_by_deadline_then_the_newest(
    maya: people.Person, announce: Announce, now: datetime
) -> None:
    announce("Owed without a deadline")
    announce("News", at=now + HOUR, ask_acknowledge=False)
    announce("Owed by Friday", at=now + 2 * HOUR, deadline=now + 4 * DAY)
    announce("Owed by Wednesday", at=now + 3 * HOUR, deadline=now + 2 * DAY)
    announce("Newer news", at=now + 4 * HOUR, ask_acknowledge=False)
    done = announce("Confirmed", at=now + 5 * HOUR, deadline=now + DAY)
    delivery.acknowledge(by=maya.id, announcement_id=done.id, version=1, now=now + 6 * HOUR)

    assert titles(maya, now + 7 * HOUR) == [
        "Owed by Wednesday",
        "Owed by Friday",
        "Owed without a deadline",
        "Confirmed",
        "Newer news",
        "News",
    ]


def test_what_is_owed_stays_however_much_came_since(
    maya: people.Person, announce: Announce, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_own, "PAST", 3)
    monkeypatch.setattr(_own, "_latest", Prepared(_own._somebodys))
    for n in range(3):
        announce(f"Owed {n}", at=now + n * HOUR)
    announce("Over by now", at=now + 3 * HOUR, expires_at=now + DAY)
    done = announce("Confirmed", at=now + 4 * HOUR)
    delivery.acknowledge(by=maya.id, announcement_id=done.id, version=1, now=now + 5 * HOUR)
    for n in range(6):
        announce(f"News {n}", at=now + (6 + n) * HOUR, ask_acknowledge=False)

    found = delivery.feed(by=maya.id, now=now + 2 * DAY, limit=2)

    assert [item.title for item in found.items] == ["Owed 2", "Owed 1", "Owed 0"]
    assert titles(maya, now + 2 * DAY) == ["Owed 2", "Owed 1", "Owed 0", "News 5", "News 4", "News 3"]


def test_an_item_says_all_that_the_tab_shows(
    ines: people.Person, maya: people.Person, joao: people.Person, notice: publishing.Announcement, now: datetime
) -> None:
    delivery.acknowledge(by=joao.id, announcement_id=notice.id, version=1, now=now + HOUR)

    [item] = delivery.feed(by=maya.id, now=now + HOUR).items

    assert (item.title, item.summary, item.kind, item.minutes) == ("Dock 4 closes", "Use dock 6.", "update", 1)
    assert (item.author_id, item.author_name, item.groups) == (ines.id, "Ines Carvalho", ("Operations",))
    assert (item.required, item.confirmed, item.recipients) == (True, 1, 3)
    assert (item.published_at, item.displayed_at, item.acknowledged_at) == (now, None, None)


def test_it_asks_the_database_as_often_for_many_as_for_one(
    maya: people.Person, announce: Announce, now: datetime
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            delivery.feed(by=maya.id, now=now + DAY)
        return len(asked)

    announce()
    one = queries()
    for n in range(6):
        announce(f"News {n}", at=now + n * HOUR)

    assert queries() == one <= 6


def test_what_is_withdrawn_leaves_every_feed(
    ines: people.Person, maya: people.Person, joao: people.Person, notice: publishing.Announcement, now: datetime
) -> None:
    publishing.withdraw(announcement_id=notice.id, by=ines.id, reason="Wrong dock.", now=now + HOUR)

    assert titles(maya, now + HOUR) == titles(joao, now + HOUR) == []


def test_what_expires_leaves_every_feed(maya: people.Person, announce: Announce, now: datetime) -> None:
    announce("For a day", expires_at=now + DAY)

    assert titles(maya, now + DAY - HOUR) == ["For a day"]
    assert titles(maya, now + DAY) == []


def test_who_joins_later_has_it_not_in_their_feed_and_may_read_it(
    olga: people.Person, operations: people.Group, notice: publishing.Announcement, now: datetime
) -> None:
    nadia = join(olga, "Nadia Okafor", "Africa/Lagos", now + DAY)
    with pytest.raises(errors.NotFound):
        delivery.readable(by=nadia.id, announcement_id=notice.id, now=now + DAY)

    people.add_member(by=olga.id, group_id=operations.id, person_id=nadia.id, now=now + DAY)

    assert titles(nadia, now + DAY) == []
    assert delivery.readable(by=nadia.id, announcement_id=notice.id, now=now + DAY).delivery is None


def test_who_was_meant_may_read_it_after_leaving_the_group(
    olga: people.Person, maya: people.Person, operations: people.Group, notice: publishing.Announcement, now: datetime
) -> None:
    people.end_membership(by=olga.id, group_id=operations.id, person_id=maya.id, now=now + HOUR)

    readable = delivery.readable(by=maya.id, announcement_id=notice.id, now=now + DAY)

    assert readable.announcement.title == "Dock 4 closes"
    assert readable.delivery
    assert readable.delivery.delivered_at == now


def test_strangers_and_drafts_are_not_found(
    olga: people.Person,
    ines: people.Person,
    maya: people.Person,
    charlie: people.Person,
    notice: publishing.Announcement,
    now: datetime,
) -> None:
    draft = publishing.create(by=ines.id, draft=publishing.Draft(title="Soon"), now=now)
    people.deactivate(by=olga.id, person_id=maya.id, now=now)

    for person, item in ((charlie, notice), (maya, notice), (ines, draft), (olga, draft)):
        with pytest.raises(errors.NotFound):
            delivery.readable(by=person.id, announcement_id=item.id, now=now)


@pytest.mark.django_db(transaction=True)
def test_the_kept_feed_shows_what_was_just_published_corrected_confirmed_or_withdrawn(
    ines: people.Person, maya: people.Person, announce: Announce, now: datetime
) -> None:
    def entity() -> str:
        standing = delivery.Standing(maya.epoch)
        return delivery.feed_page(person_id=maya.id, workspace_id=maya.workspace_id, standing=standing, now=now).etag

    seen = [entity()]
    notice = announce()
    seen.append(entity())
    new = publishing.Draft(title="Dock 4 is closing")
    publishing.correct(announcement_id=notice.id, by=ines.id, draft=new, change="typo", now=now)
    seen.append(entity())
    delivery.acknowledge(by=maya.id, announcement_id=notice.id, version=2, now=now)
    seen.append(entity())
    publishing.withdraw(announcement_id=notice.id, by=ines.id, reason="Wrong dock.", now=now)
    seen.append(entity())

    assert len(set(seen)) == 4
    assert seen[0] == seen[-1]


def test_a_kept_feed_is_answered_without_the_database(
    maya: people.Person, notice: publishing.Announcement, now: datetime, django_assert_num_queries: Any
) -> None:
    first = kept(maya, now)

    with django_assert_num_queries(0):
        assert kept(maya, now) == first == ["Dock 4 closes"]


def test_a_kept_feed_lets_go_of_what_expires(maya: people.Person, announce: Announce, now: datetime) -> None:
    announce("For an hour", expires_at=now + HOUR)
    announce("For two hours", expires_at=now + 2 * HOUR)

    assert len(kept(maya, now + HOUR - timedelta(seconds=1))) == 2
    assert kept(maya, now + HOUR) == ["For two hours"]
    assert kept(maya, now + 2 * HOUR) == []


def test_a_feed_is_nobodys_whose_epoch_has_passed(
    olga: people.Person, maya: people.Person, notice: publishing.Announcement, now: datetime
) -> None:
    people.deactivate(by=olga.id, person_id=maya.id, now=now)

    with pytest.raises(errors.NotFound):
        kept(maya, now)
