"""What lists said of people is let go once it cannot be undone any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings

from announcements.kernel import errors
from announcements.people import services as people
from announcements.roster import services as roster
from announcements.roster import tasks
from tests.roster.conftest import worked

Bring = Callable[..., roster.Import]
LIST = "name,email,title,salary\nMaya Lindqvist,maya@northwind.test,Planner,51000\nBen K,ben@northwind.test,,48000\n"
WEEK = timedelta(days=7)


@pytest.fixture
def done(bring: Bring, olga: people.Person, maya: people.Person, now: datetime) -> roster.Import:
    """Return an import that is done: it updated Maya and added Ben."""
    one = bring(LIST)
    roster.start(by=olga.id, import_id=one.id, now=now)
    worked(one.id, now)
    return one


def forgotten(now: datetime, most: int = 1000) -> None:
    """Let go whatever is over."""
    for import_id in roster.over(now=now):
        while roster.forget(import_id=import_id, most=most, now=now):
            pass


def test_after_seven_days_a_list_says_nothing_of_anybody_and_its_counts_stay(
    done: roster.Import, olga: people.Person, maya: people.Person, now: datetime
) -> None:
    forgotten(now + WEEK - timedelta(seconds=1))
    assert roster.stored(by=maya.id).rows

    forgotten(now + WEEK)

    one = roster.get(by=olga.id, import_id=done.id)
    assert (one.stage, one.counts["new"], one.counts["updated"], one.rows) == ("imported", 1, 1, 2)
    assert (one.forgotten_at, one.done, one.total) == (now + WEEK, 2, 2)
    assert roster.stored(by=maya.id).rows == ()
    assert roster.rows(by=olga.id, import_id=done.id) == []
    assert [kept.id for kept in roster.imports(by=olga.id)] == [done.id]
    assert people.person(person_id=maya.id).title == "Planner"


def test_letting_go_that_was_killed_between_batches_goes_on_and_nothing_is_undone_by_halves(
    done: roster.Import, olga: people.Person, maya: people.Person, now: datetime
) -> None:
    late = now + WEEK
    assert roster.forget(import_id=done.id, most=1, now=late)
    with pytest.raises(roster.NotNow):
        roster.undo(by=olga.id, import_id=done.id, now=late)
    assert roster.get(by=olga.id, import_id=done.id).counts["new"] == 1

    forgotten(late + timedelta(hours=1), most=1)

    assert roster.over(now=late + timedelta(days=30)) == []
    assert roster.rows(by=olga.id, import_id=done.id) == []
    assert not roster.forget(import_id=done.id, now=late + timedelta(days=30))


def test_a_list_that_was_never_imported_goes_altogether(
    bring: Bring, olga: people.Person, maya: people.Person, now: datetime
) -> None:
    checked = bring(LIST)
    unreadable = bring(b"\x00\x01")

    forgotten(now + WEEK)

    assert roster.imports(by=olga.id) == []
    assert roster.stored(by=maya.id).rows == ()
    for one in (checked, unreadable):
        with pytest.raises(errors.NotFound):
            roster.get(by=olga.id, import_id=one.id)


def test_an_undone_one_can_be_looked_at_for_seven_days_more(
    done: roster.Import, olga: people.Person, now: datetime
) -> None:
    undoing = now + timedelta(days=5)
    roster.undo(by=olga.id, import_id=done.id, now=undoing)
    worked(done.id, undoing)

    forgotten(now + WEEK)
    assert roster.rows(by=olga.id, import_id=done.id)

    forgotten(undoing + WEEK)
    one = roster.get(by=olga.id, import_id=done.id)
    assert (one.stage, one.kept, one.forgotten_at) == ("undone", 0, undoing + WEEK)


def test_one_that_waits_for_a_worker_is_never_let_go(bring: Bring, olga: people.Person, now: datetime) -> None:
    one = bring(LIST)
    roster.start(by=olga.id, import_id=one.id, now=now)
    assert roster.work(import_id=one.id, most=1, now=now)

    forgotten(now + 2 * WEEK)
    worked(one.id, now + 2 * WEEK)

    assert roster.get(by=olga.id, import_id=one.id).done == 2


def test_the_beat_lets_them_go(
    done: roster.Import, olga: people.Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks.forget, "delay", lambda **ids: queued.append(ids))
    with time_machine.travel(now + WEEK, tick=False):
        tasks.sweep()
        while queued:
            tasks.forget(**queued.pop())

    assert roster.get(by=olga.id, import_id=done.id).forgotten_at == now + WEEK
    assert any(one["task"] == tasks.sweep.name for one in settings.CELERY_BEAT_SCHEDULE.values())
