"""Batches that come at the same time are written in one transaction; what becomes of each is what would have alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DataError, connection, transaction

from announcements.delivery import _recording, events, models
from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.conftest import join
from tests.delivery.conftest import Announce
from tests.threads import line_up

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)
TOO_LARGE = 2**70  # for a column of any database


def receipts(about: int, *facts: tuple[delivery.Fact, datetime]) -> list[delivery.Receipt]:
    return [delivery.Receipt(f"{fact}", about, fact, at, "tab", 1) for fact, at in facts]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nobody go alone, however long they stand in line."""
    monkeypatch.setattr(_recording._together, "patience", 60)


@pytest.fixture
def moved() -> Iterator[list[set[int]]]:
    """Return whose facts moved, each time that it was told."""
    told = list[set[int]]()

    def note(*, moves: Sequence[delivery.Moved], **_: Any) -> None:
        told.append({move.recipient_id for move in moves})

    events.facts_moved.connect(note)
    yield told
    events.facts_moved.disconnect(note)


def meanwhile(
    held: people.Person, now: datetime, *batches: tuple[int, list[delivery.Receipt]]
) -> list[delivery.Recorded | Exception]:
    """Record all of them while somebody's deliveries are held, whose batch is the first; return what became of each, in order."""
    found = dict[int, delivery.Recorded | Exception]()

    def record(place: int) -> None:
        by, given = batches[place]
        try:
            found[place] = delivery.record(by=by, receipts=given, now=now)
        except (DataError, OverflowError) as problem:
            found[place] = problem
        finally:
            connection.close()

    workers = [threading.Thread(target=record, args=(place,)) for place in range(len(batches))]
    with transaction.atomic():
        list(models.Delivery.objects.select_for_update().filter(recipient_id=held.id))
        line_up(_recording._together, workers)
    for worker in workers:
        worker.join()
    return [found[place] for place in range(len(batches))]


def test_batches_that_come_meanwhile_are_written_at_once(
    olga: people.Person,
    maya: people.Person,
    joao: people.Person,
    charlie: people.Person,
    announce: Announce,
    moved: list[set[int]],
    now: datetime,
) -> None:
    notice, news = announce(), announce("News", ask_acknowledge=False)
    later = now + 9 * MINUTE
    moved.clear()

    recorded = meanwhile(
        maya,
        later,
        (maya.id, receipts(notice.id, ("read", later))),
        (joao.id, receipts(notice.id, ("opened", now + MINUTE), ("acknowledged", now + 2 * MINUTE))),
        (joao.id, receipts(notice.id, ("acknowledged", later)) + receipts(news.id, ("acknowledged", later))),
        (maya.id, receipts(news.id, ("displayed", now + 3 * MINUTE))),
        (charlie.id, receipts(notice.id, ("opened", later))),
    )

    assert recorded == [
        delivery.Recorded(accepted=1, unchanged=0, dropped=0),
        delivery.Recorded(accepted=2, unchanged=0, dropped=0),
        delivery.Recorded(accepted=0, unchanged=1, dropped=1),
        delivery.Recorded(accepted=1, unchanged=0, dropped=0),
        delivery.Recorded(accepted=0, unchanged=0, dropped=1),
    ]
    assert moved == [{maya.id}, {maya.id, joao.id}]
    [his] = [row for row in delivery.facts(announcement_id=notice.id) if row.recipient_id == joao.id]
    assert (his.opened_at, his.acknowledged_at) == (now + MINUTE, now + 2 * MINUTE)


def test_a_batch_that_cannot_be_written_fails_alone(
    maya: people.Person, joao: people.Person, notice: publishing.Announcement, moved: list[set[int]], now: datetime
) -> None:
    good = receipts(notice.id, ("opened", now))
    moved.clear()

    first, bad, other = meanwhile(
        maya, now + MINUTE, (maya.id, good), (joao.id, receipts(TOO_LARGE, ("opened", now))), (joao.id, good)
    )

    assert first == other == delivery.Recorded(accepted=1, unchanged=0, dropped=0)
    assert isinstance(bad, Exception) or bad == delivery.Recorded(accepted=0, unchanged=0, dropped=1)
    assert moved == [{maya.id}, {joao.id}]


def test_each_company_has_its_own_privacy_profile_in_one_writing(
    maya: people.Person, joao: people.Person, notice: publishing.Announcement, charlie: people.Person, now: datetime
) -> None:
    cleo = join(charlie, "Cleo", "America/Chicago", now)
    profile = people.WorkspaceChanges(privacy="works_council")
    people.update_workspace(by=charlie.id, changes=profile, now=now)
    draft = publishing.Draft(title="Ours", body="<p>Hello.</p>", audience=people.Audience(everyone=True))
    theirs = publishing.create(by=charlie.id, draft=draft, now=now)
    publishing.publish(announcement_id=theirs.id, by=charlie.id, now=now)
    delivery.fan_out(announcement_id=theirs.id, now=now)

    meanwhile(
        maya,
        now + MINUTE,
        (maya.id, receipts(notice.id, ("read", now))),
        (joao.id, receipts(notice.id, ("read", now))),
        (cleo.id, receipts(theirs.id, ("read", now))),
    )

    def read(about: int, person: people.Person) -> list[tuple[bool, bool]]:
        rows = delivery.facts(announcement_id=about)
        return [(row.opened_at is not None, row.read_at is not None) for row in rows if row.recipient_id == person.id]

    assert read(notice.id, joao) == [(True, True)]
    assert read(theirs.id, cleo) == [(True, False)]
