"""Nudging by hand and stopping: what an author can do about who is missing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection

from announcements.audit import services as audit
from announcements.delivery import models
from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing
from hub import env
from tests.conftest import join
from tests.delivery.mailing import HOUR, reach, sink, step, tick
from tests.journeys.sink import Sink
from tests.mail_servers import Scripted

__all__ = ["sink"]
DAY = timedelta(days=1)


@pytest.fixture
def hugo(olga: people.Person, operations: people.Group, now: datetime) -> people.Person:
    """Return a member who manages Operations beside Ines."""
    hugo = join(olga, "Hugo Prins", "Europe/Amsterdam", now)
    people.add_member(by=olga.id, group_id=operations.id, person_id=hugo.id, role="manager", now=now)
    return hugo


def test_who_is_missing_is_nudged_at_once_in_their_working_time(
    ines: people.Person, maya: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    said = reach(ines, operations, now)
    delivery.acknowledge(by=maya.id, announcement_id=said.id, version=1, now=now)

    assert delivery.nudge_now(by=ines.id, announcement_id=said.id, now=now).queued == 2
    tick(now)

    assert sorted(sink.recipients) == ["ines@northwind.test", "joao@northwind.test"]


def test_only_those_chosen_are_nudged(
    ines: people.Person, joao: people.Person, charlie: people.Person, operations: people.Group, now: datetime
) -> None:
    said = reach(ines, operations, now)

    chosen = [joao.id, charlie.id]

    assert delivery.nudge_now(by=ines.id, announcement_id=said.id, person_ids=chosen, now=now).queued == 1


def test_nobody_is_nudged_by_hand_twice_a_day(
    ines: people.Person, olga: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    said = reach(ines, operations, now)
    models.Nudge.objects.all().delete()  # the planned ones, which would come between
    queued = []
    for by, at in ((ines, now), (ines, now), (olga, now + HOUR / 2), (olga, now + DAY)):
        queued.append(delivery.nudge_now(by=by.id, announcement_id=said.id, now=at).queued)
        tick(at)

    assert queued == [3, 0, 0, 3]
    by_hand = [s for s in delivery.nudge_plan(by=ines.id, announcement_id=said.id, now=now) if s.step == 0]
    assert [(s.submitted, s.due_first, s.due_last) for s in by_hand] == [(6, now, now + DAY)]


def test_who_was_nudged_in_the_last_day_is_left_out_unless_asked_again(
    ines: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    said = reach(ines, operations, now)
    tick(now + HOUR)  # the planned step
    later = now + 2 * HOUR

    assert delivery.nudge_now(by=ines.id, announcement_id=said.id, now=later) == delivery.Nudged(0, 0, lately=3)
    assert delivery.nudge_now(by=ines.id, announcement_id=said.id, again=True, now=later).queued == 3
    assert (
        delivery.nudge_now(by=ines.id, announcement_id=said.id, again=True, now=later).queued == 0
    )  # they have one waiting
    assert delivery.nudge_preview(by=ines.id, announcement_id=said.id, now=later).on_its_way == 3


def test_who_is_just_being_nudged_by_the_plan_is_left_out(
    ines: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    said = reach(ines, operations, now)
    planned = models.Nudge.objects.filter(announcement_id=said.id, step=1, recipient_id=maya.id)
    planned.update(state="submitting", body_started_at=now + HOUR, leased_until=now + 2 * HOUR)
    later = now + HOUR + timedelta(seconds=5)

    told = delivery.nudge_preview(by=ines.id, announcement_id=said.id, now=later)
    done = delivery.nudge_now(by=ines.id, announcement_id=said.id, now=later)

    assert (told.at_work, told.lately) == (2, 1)
    assert done == delivery.Nudged(queued=2, unreachable=0, lately=1)
    assert not models.Nudge.objects.filter(recipient_id=maya.id, step__gte=100).exists()


def test_whose_nudge_failed_has_had_none(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    said = reach(ines, operations, now, nudge_hours=())
    delivery.nudge_now(by=ines.id, announcement_id=said.id, now=now)
    with Scripted(lambda verb, _whom, _n: "554 5.6.0 no" if verb == "BODY" else None) as server:
        settings.SMTP = env.smtp(server.url)
        tick(now)
    assert step(ines, said, now, 0).failed == 3

    assert delivery.nudge_preview(by=ines.id, announcement_id=said.id, now=now + HOUR).lately == 0
    assert delivery.nudge_now(by=ines.id, announcement_id=said.id, now=now + HOUR).queued == 3


def test_who_is_outside_of_working_hours_may_be_left_out(
    ines: people.Person, operations: people.Group, now: datetime
) -> None:
    said = reach(ines, operations, now)
    evening = now.replace(hour=17, minute=30)  # past six in Amsterdam, before six in Lisbon

    assert delivery.nudge_now(by=ines.id, announcement_id=said.id, outside=False, now=evening).queued == 1
    assert delivery.nudge_now(by=ines.id, announcement_id=said.id, now=evening).queued == 2


def test_before_nudging_each_who_is_missing_is_counted_once(
    ines: people.Person, maya: people.Person, olga: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    for name, zone in (("Bea Costa", "Europe/Lisbon"), ("Cai Lin", "Asia/Manila"), ("Dee Ray", "Asia/Manila")):
        one = join(olga, name, zone, now - DAY)
        people.add_member(by=olga.id, group_id=operations.id, person_id=one.id, now=now - DAY)
    said = reach(ines, operations, now, nudge_hours=())
    models.Suppression.objects.create(
        workspace_id=ines.workspace_id, address=ines.email, reason="bounced", suppressed_at=now
    )
    delivery.nudge_now(by=ines.id, announcement_id=said.id, person_ids=[maya.id], now=now)
    tick(now)
    later = now.replace(hour=15)  # eleven at night in Manila

    told = delivery.nudge_preview(by=ines.id, announcement_id=said.id, now=later)

    assert (told.at_work, told.outside, told.lately, told.on_its_way, told.unreachable) == (2, 2, 1, 0, 1)
    assert told.outside_at == time(9)
    assert told.outside_first == told.outside_last == now.replace(hour=1) + DAY
    done = delivery.nudge_now(by=ines.id, announcement_id=said.id, now=later)
    assert done == delivery.Nudged(queued=told.at_work + told.outside, unreachable=1, lately=1)


def test_asking_who_of_some_is_missing_before_nudging_and_by_it_is_a_look_at_their_names(
    ines: people.Person, olga: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    said = reach(ines, operations, now)

    def looks() -> int:
        return len(audit.entries(by=olga.id, asked=audit.Asked(verb="missing_looked_at")))

    delivery.nudge_preview(by=ines.id, announcement_id=said.id, now=now)
    assert looks() == 0
    delivery.nudge_preview(by=ines.id, announcement_id=said.id, person_ids=[maya.id], now=now)
    assert looks() == 1
    delivery.nudge_now(by=ines.id, announcement_id=said.id, person_ids=[maya.id], now=now)
    assert looks() == 2
    delivery.nudge_now(by=ines.id, announcement_id=said.id, now=now)
    assert looks() == 2


def test_who_has_an_address_that_takes_no_mail_is_counted_apart(
    ines: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    said = reach(ines, operations, now)
    models.Suppression.objects.create(
        workspace_id=maya.workspace_id, address=maya.email, reason="bounced", suppressed_at=now
    )

    done = delivery.nudge_now(by=ines.id, announcement_id=said.id, now=now)

    assert done == delivery.Nudged(queued=2, unreachable=1)
    assert not models.Nudge.objects.filter(recipient_id=maya.id, step__gte=100).exists()


def test_the_manager_of_a_group_neither_nudges_nor_stops_for_all_others(
    ines: people.Person, hugo: people.Person, charlie: people.Person, operations: people.Group, now: datetime
) -> None:
    said = reach(ines, operations, now)

    for act in (delivery.nudge_now, delivery.nudge_preview, delivery.stop_nudges):
        with pytest.raises(publishing.NotAuthor):
            act(by=hugo.id, announcement_id=said.id, now=now)
        with pytest.raises(errors.NotFound):
            act(by=charlie.id, announcement_id=said.id, now=now)
    assert step(hugo, said, now).queued == 4


def test_there_is_nobody_to_nudge_about_what_asks_nothing(
    ines: people.Person, operations: people.Group, now: datetime
) -> None:
    said = reach(ines, operations, now, ask_acknowledge=False, nudge_hours=())

    for act in (delivery.nudge_now, delivery.nudge_preview):
        with pytest.raises(errors.Conflict):
            act(by=ines.id, announcement_id=said.id, now=now)  # type: ignore[operator]  # two doors alike


@pytest.mark.django_db(transaction=True)
def test_two_who_nudge_at_once_nudge_each_person_once(
    ines: people.Person, olga: people.Person, operations: people.Group, now: datetime
) -> None:
    said = reach(ines, operations, now)
    ready = threading.Barrier(2)

    def nudge(by: people.Person) -> int:
        try:
            connection.ensure_connection()
            ready.wait(10)
            return delivery.nudge_now(by=by.id, announcement_id=said.id, now=now).queued
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        queued = list(pool.map(nudge, (ines, olga)))

    assert sorted(queued) == [0, 3]
    assert step(ines, said, now, 0).queued == 3
