"""Nudging by hand is asked once more, with what it would do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client

from announcements.delivery import models
from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from announcements.web.nudging import told
from tests.analytics.pages import words
from tests.api.conftest import api
from tests.conftest import join
from tests.delivery.mailing import reach

__all__ = ["api"]


@pytest.fixture
def said(ines: people.Person, operations: people.Group, olga: people.Person, now: datetime) -> publishing.Announcement:
    """Return what four people are missing on, one of whom is in Manila."""
    one = join(olga, "Cai Lin", "Asia/Manila", now - timedelta(days=1))
    people.add_member(by=olga.id, group_id=operations.id, person_id=one.id, now=now - timedelta(days=1))
    return reach(ines, operations, now)


@pytest.fixture(autouse=True)
def _afternoon(now: datetime) -> Iterator[None]:
    """Let it be the afternoon, when it is night in Manila."""
    with time_machine.travel(now.replace(hour=15), tick=False):
        yield


def signed_in(person: people.Person) -> Client:
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=person.id))
    return browser


def by_hand() -> set[int]:
    return set(models.Nudge.objects.filter(step__gte=100).values_list("recipient_id", flat=True))


def test_nothing_goes_out_before_it_was_asked_once_more(
    ines: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    models.Nudge.objects.filter(step=1, recipient_id=ines.id).update(state="submitted", submitted_at=now)
    browser = signed_in(ines)

    page = words(browser.get(f"/a/{said.id}/nudge").content.decode())

    assert "2 are at work now" in page
    assert "One is outside of working hours" in page
    assert "at 09:00 their time." in page
    assert "For you that is Tuesday, 01:00." in page or "For you that is Tuesday, 02:00." in page
    assert "One was nudged in the last 24 hours They are left out." in page
    assert not by_hand()

    answer = browser.post(f"/a/{said.id}/nudge", {"outside": "on"}, follow=True)
    assert (
        "3 people are nudged, each within their working hours. One had a nudge in the last 24 hours and is left out."
        in words(answer.content.decode())
    )
    assert len(by_hand()) == 3


def test_what_became_of_very_many_is_told_as_they_were_asked_about() -> None:
    page = told({"queued": 1234, "lately": 2345, "unreachable": 3456})

    assert "1,234 people are nudged" in page
    assert "2,345 had a nudge in the last 24 hours" in page
    assert "No mail reaches 3,456 people" in page


def test_who_is_nudged_is_chosen_by_ticks(ines: people.Person, said: publishing.Announcement, now: datetime) -> None:
    models.Nudge.objects.filter(step=1, recipient_id=ines.id).update(state="submitted", submitted_at=now)
    browser = signed_in(ines)

    browser.post(f"/a/{said.id}/nudge", {"again": "on"})

    missing = delivery.facts(announcement_id=said.id)
    assert by_hand() == {one.recipient_id for one in missing} - {max(one.recipient_id for one in missing)}
    assert ines.id in by_hand()


def test_those_chosen_alone_are_asked_about(
    ines: people.Person, maya: people.Person, said: publishing.Announcement
) -> None:
    browser = signed_in(ines)

    page = browser.get(f"/a/{said.id}/nudge?person={maya.id}&chosen=1").content.decode()
    assert "Nudge the one chosen?" in words(page)
    assert "One is at work now" in words(page)
    browser.post(f"/a/{said.id}/nudge", {"person": maya.id, "outside": "on"})
    assert by_hand() == {maya.id}

    nobody = browser.get(f"/a/{said.id}/nudge?chosen=1", follow=True)
    assert "Choose whom to nudge first." in words(nobody.content.decode())


@pytest.mark.parametrize("person", ["", "maya", "-1", "9" * 30])
def test_a_choice_that_makes_no_sense_is_never_everybody(
    ines: people.Person, said: publishing.Announcement, person: str
) -> None:
    browser = signed_in(ines)

    asked = browser.get(f"/a/{said.id}/nudge", {"person": person}, follow=True)
    done = browser.post(f"/a/{said.id}/nudge", {"person": person, "outside": "on"}, follow=True)

    for page in (asked, done):
        assert "Choose whom to nudge first." in words(page.content.decode())
    assert not by_hand()


def test_a_client_is_told_beforehand_too(
    api: Any, ines: people.Person, maya: people.Person, said: publishing.Announcement
) -> None:
    told = api(ines).get(f"announcements/{said.id}/nudges/preview").json()
    of_one = api(ines).get(f"announcements/{said.id}/nudges/preview?person_ids={maya.id}").json()
    done = api(ines).post(f"announcements/{said.id}/nudges", {"outside": False}).json()

    assert {name: told[name] for name in ("at_work", "outside", "outside_at", "lately", "on_its_way", "unreachable")} == {
        "at_work": 3, "outside": 1, "outside_at": "09:00", "lately": 0, "on_its_way": 0, "unreachable": 0,
    }  # fmt: skip
    assert (of_one["at_work"], of_one["outside"]) == (1, 0)
    assert done == {"queued": 3, "unreachable": 0, "lately": 0}
