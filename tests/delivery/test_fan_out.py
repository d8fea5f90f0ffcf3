"""Everybody who was meant is reached once, however often it is begun, and wherever it was cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from announcements.delivery import _fanout
from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.conftest import join
from tests.delivery.conftest import Announce

HOUR = timedelta(hours=1)


class Killed(BaseException):
    """The worker is gone."""


@contextmanager
def at_batch(n: int, happens: Callable[[], None]) -> Iterator[None]:
    """Let something happen when the n-th batch is written."""
    seen = 0

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        if sql.startswith("INSERT") and '"delivery_delivery"' in sql:
            seen += 1
            if seen == n:
                happens()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield


def dies() -> None:
    raise Killed


def reached(announcement: publishing.Announcement) -> list[str]:
    ids = [facts.recipient_id for facts in delivery.facts(announcement_id=announcement.id)]
    return sorted(person.name.split()[0] for person in people.get_many(ids=ids).values())


def test_it_reaches_those_it_is_meant_for_and_plans_their_nudges(
    ines: people.Person, notice: publishing.Announcement, now: datetime
) -> None:
    assert reached(notice) == ["Ines", "Joao", "Maya"]
    assert delivery.progress(announcement_id=notice.id) == delivery.Progress(total=3, done=3, finished_at=now)
    steps = delivery.nudge_plan(by=ines.id, announcement_id=notice.id, now=now)
    assert [(step.step, step.queued) for step in steps] == [(1, 3), (2, 3), (3, 3)]


def test_a_second_run_changes_nothing(ines: people.Person, notice: publishing.Announcement, now: datetime) -> None:
    facts = delivery.facts(announcement_id=notice.id)
    plan = delivery.nudge_plan(by=ines.id, announcement_id=notice.id, now=now)

    delivery.fan_out(announcement_id=notice.id, now=now + HOUR)

    assert delivery.facts(announcement_id=notice.id) == facts
    assert delivery.nudge_plan(by=ines.id, announcement_id=notice.id, now=now) == plan
    assert delivery.progress(announcement_id=notice.id).finished_at == now


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_a_run_that_is_cut_goes_on_where_it_stopped(
    ines: people.Person, announce: Announce, batch: int, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr(_fanout, "BATCH", 1)
    notice = announce(fan_out=False)
    with at_batch(batch, dies), pytest.raises(Killed):
        delivery.fan_out(announcement_id=notice.id, now=now)

    assert delivery.progress(announcement_id=notice.id) == delivery.Progress(total=3, done=batch - 1, finished_at=None)
    assert delivery.sweep(now=now + HOUR).fan_outs == (notice.id,)
    delivery.fan_out(announcement_id=notice.id, now=now + HOUR)

    assert reached(notice) == ["Ines", "Joao", "Maya"]
    times = [facts.delivered_at for facts in delivery.facts(announcement_id=notice.id)]
    assert times == (batch - 1) * [now] + (4 - batch) * [now + HOUR]
    plan = delivery.nudge_plan(by=ines.id, announcement_id=notice.id, now=now)
    assert [step.queued for step in plan] == [3, 3, 3]
    assert delivery.sweep(now=now + 2 * HOUR).fan_outs == ()


def test_it_reaches_the_same_people_after_a_reorganisation(
    olga: people.Person,
    maya: people.Person,
    joao: people.Person,
    operations: people.Group,
    announce: Announce,
    now: datetime,
) -> None:
    notice = announce(fan_out=False)
    soon = now + timedelta(minutes=1)
    people.end_membership(by=olga.id, group_id=operations.id, person_id=maya.id, now=soon)
    people.deactivate(by=olga.id, person_id=joao.id, now=soon)
    nadia = join(olga, "Nadia Okafor", "Africa/Lagos", soon)
    people.add_member(by=olga.id, group_id=operations.id, person_id=nadia.id, now=soon)

    delivery.fan_out(announcement_id=notice.id, now=now + HOUR)

    assert reached(notice) == ["Ines", "Joao", "Maya"]


def test_what_was_withdrawn_before_it_went_out_nudges_nobody(
    ines: people.Person, maya: people.Person, announce: Announce, now: datetime
) -> None:
    notice = announce(fan_out=False)
    publishing.withdraw(announcement_id=notice.id, by=ines.id, reason="Wrong dock.", now=now)

    delivery.fan_out(announcement_id=notice.id, now=now)

    assert delivery.nudge_plan(by=ines.id, announcement_id=notice.id, now=now) == []
    assert delivery.feed(by=maya.id, now=now).items == ()


@pytest.mark.django_db(transaction=True)
def test_who_is_reached_after_a_material_change_is_asked_for_the_new_version(
    ines: people.Person, maya: people.Person, joao: people.Person, announce: Announce,
    monkeypatch: pytest.MonkeyPatch, now: datetime,
) -> None:  # fmt: skip
    monkeypatch.setattr(_fanout, "BATCH", 1)
    notice = announce(fan_out=False)

    def change() -> None:
        new = publishing.Draft(body="<p>From Tuesday on.</p>")
        publishing.correct(announcement_id=notice.id, by=ines.id, draft=new, change="material", now=now)

    with at_batch(1, lambda: transaction.on_commit(change)):
        delivery.fan_out(announcement_id=notice.id, now=now)

    for person in (ines, maya, joao):
        with pytest.raises(delivery.OlderVersion):
            delivery.acknowledge(by=person.id, announcement_id=notice.id, version=1, now=now)


def test_what_was_never_published_is_not_fanned_out(ines: people.Person, operations: Any, now: datetime) -> None:
    draft = publishing.create(by=ines.id, draft=publishing.Draft(), now=now)

    with pytest.raises(errors.NotFound):
        delivery.fan_out(announcement_id=draft.id, now=now)
    with pytest.raises(errors.NotFound):
        delivery.progress(announcement_id=draft.id)
