"""What is found is what may be opened, after every step of random organizations: somebody joins, leaves, is moved, goes."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.publishing import services as publishing
from tests.security.test_oracle import EVENING, Made, World, at, forgotten, make, worlds


def opens(person_id: int, announcement_id: int, now: datetime) -> bool:
    try:
        delivery.readable(by=person_id, announcement_id=announcement_id, now=now)
    except errors.NotFound:
        return False
    return True


def finds(person_id: int, now: datetime) -> bool:
    try:
        found = delivery.search(by=person_id, query="news", now=now)
        listed = delivery.archive(by=person_id, now=now)
    except errors.NotFound:
        return False
    assert [hit.announcement.id for hit in found] == [one.id for one in listed]
    return bool(found)


def agree(made: Made, now: datetime) -> None:
    if made.announcement:
        for person_id in (*made.persons, made.owner, made.stranger):
            assert finds(person_id, now) == opens(person_id, made.announcement, now), person_id


@pytest.mark.django_db
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(worlds(), st.booleans())
def test_what_is_found_is_what_may_be_opened_at_any_time(world: World, withdrawn: bool) -> None:
    with forgotten(), suppress(errors.Invalid):  # nobody to publish to
        made = make(world, after=agree)
        agree(made, at(EVENING))
        if withdrawn:
            evening = at(EVENING)
            publishing.withdraw(announcement_id=made.announcement, by=made.owner, reason="Wrong dock.", now=evening)
            agree(made, evening + timedelta(minutes=1))
