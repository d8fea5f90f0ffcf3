"""Nudging by hand is asked once more, with what it would do."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client

from announcements.delivery import models
from announcements.delivery import services as delivery
from announcements.delivery._gate import fingerprint
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


def test_a_client_is_told_why_nobody_is_nudged_as_its_page_tells_it(
    api: Any, ines: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    publishing.withdraw(announcement_id=said.id, by=ines.id, reason="No longer so.", now=now)

    asked = api(ines).get(f"announcements/{said.id}/nudges/preview")
    done = api(ines).post(f"announcements/{said.id}/nudges", {})

    for answer in (asked, done):
        assert answer.status_code == 409
        assert answer.json()["detail"] == "It was withdrawn, so nobody is asked to confirm it any more."


def test_what_became_of_very_many_is_told_as_they_were_asked_about() -> None:
    page = told({"queued": 1234, "lately": 2345, "unreachable": 3456, "never_at_work": 4567, "mail": "paused"})

    assert "Mail does not go out just now: nudges wait until it does." in page
    assert "4,567 cannot be reached by mail: no working days." in page
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


def test_where_all_who_are_chosen_were_nudged_lately_the_tick_to_nudge_them_again_is_set(
    ines: people.Person, maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    models.Nudge.objects.filter(recipient_id=maya.id).update(state="submitted", submitted_at=now)
    browser = signed_in(ines)

    alone = browser.get(f"/a/{said.id}/nudge?person={maya.id}").content.decode()
    among = browser.get(f"/a/{said.id}/nudge?person={maya.id}&person={ines.id}").content.decode()

    assert 'id="again" data-many="1" checked' in alone
    assert "One was nudged in the last 24 hours They are nudged again" in words(alone)
    assert 'id="again" data-many="1">' in among
    assert "One was nudged in the last 24 hours They are left out." in words(among)


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
    assert done == {"queued": 3, "unreachable": 0, "lately": 0, "never_at_work": 0, "mail": "sending"}


def test_who_has_no_working_days_is_counted_apart_and_is_not_nudged(
    api: Any, ines: people.Person, maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    people.update_profile(by=maya.id, changes=people.ProfileChanges(work_days=()), now=now)
    browser = signed_in(ines)

    told = api(ines).get(f"announcements/{said.id}/nudges/preview").json()
    page = words(browser.get(f"/a/{said.id}/nudge").content.decode())
    alone = words(browser.get(f"/a/{said.id}/nudge?person={maya.id}").content.decode())
    done = browser.post(f"/a/{said.id}/nudge", {"outside": "on"}, follow=True).content.decode()

    assert (told["at_work"], told["outside"], told["never_at_work"]) == (2, 1, 1)
    assert "One cannot be reached by mail: no working days" in page
    assert "One cannot be reached by mail: no working days" in alone
    assert "One cannot be reached by mail: no working days." in words(done)
    assert len(by_hand()) == 3
    assert maya.id not in by_hand()


def test_under_a_works_council_who_has_no_working_days_is_as_anybody_whom_no_mail_reaches(
    api: Any, ines: people.Person, maya: people.Person, joao: people.Person, olga: people.Person,
    said: publishing.Announcement, now: datetime,
) -> None:  # fmt: skip
    browser = signed_in(ines)
    browser.post(f"/a/{said.id}/nudge", {"person": [maya.id, joao.id], "outside": "on"})
    people.update_profile(by=maya.id, changes=people.ProfileChanges(work_days=()), now=now)
    stopped = {"workspace_id": joao.workspace_id, "address": joao.email, "reason": "bounced", "suppressed_at": now}
    models.Suppression.objects.create(**stopped)
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy="works_council"), now=now)

    of_one, of_other = (
        api(ines).get(f"announcements/{said.id}/nudges/preview?person_ids={one.id}").json() for one in (maya, joao)
    )
    listed = api(ines).get(f"announcements/{said.id}/missing").json()["results"]
    unreached = api(ines).get(f"announcements/{said.id}/missing?unreachable=true").json()["results"]
    names = ("suppressed", "nudge_at", "planned_nudge_at")
    rows = {one["person_id"]: tuple(one[name] for name in names) for one in listed}
    table = words(browser.get(f"/a/{said.id}/analytics").content.decode())
    page = words(browser.get(f"/a/{said.id}/nudge?person={maya.id}").content.decode())
    done = words(browser.post(f"/a/{said.id}/nudge", {"outside": "on"}, follow=True).content.decode())

    assert of_one == of_other
    assert (of_one["never_at_work"], of_one["on_its_way"], of_one["unreachable"]) == (0, 0, 1)
    assert rows[maya.id] == rows[joao.id] == ("unreachable", None, None)
    assert {one["person_id"] for one in unreached} == {maya.id, joao.id}
    assert table.count("no mail reaches them") == 2
    assert "No mail reaches one They meet it on their new tab. Why is told of nobody." in page
    assert "No mail reaches 2 people who are missing." in done
    assert not [told for told in (table, page, done) if "working days" in told or "address" in told]


@pytest.mark.parametrize(
    ("trouble", "mail", "said_so"),
    [
        ("pause", "paused", "Mail is paused. Nudges wait until an admin resumes it"),
        ("hold", "held", "Mail is held since a backup was restored. Nudges wait"),
        ("rest", "resting", "The mail server takes nothing just now. Nudges wait until it does"),
    ],
)
def test_that_nudges_would_wait_is_said_before_and_after(
    api: Any, ines: people.Person, olga: people.Person, said: publishing.Announcement, now: datetime,
    trouble: str, mail: str, said_so: str,
) -> None:  # fmt: skip
    if trouble == "pause":
        delivery.pause_sending(by=olga.id, now=now)
    elif trouble == "hold":
        delivery.hold_mail(now=now)
    else:
        used = {"server": fingerprint(None), "failures": 1, "failing_since": now, "rests_until": now.replace(hour=16)}
        models.Transport.objects.create(workspace_id=0, **used)
    browser = signed_in(ines)

    told = api(ines).get(f"announcements/{said.id}/nudges/preview").json()
    page = words(browser.get(f"/a/{said.id}/nudge").content.decode())
    done = words(browser.post(f"/a/{said.id}/nudge", {"outside": "on"}, follow=True).content.decode())

    assert told["mail"] == mail
    assert said_so in page
    assert "They get the mail once mail goes out again" in page
    assert "They get the mail at once." not in page
    assert ("It is asked again: today, " in page) == (trouble == "rest")
    assert "Mail does not go out just now: nudges wait until it does." in done


def test_a_nudge_that_is_planned_is_told_among_the_missing(
    api: Any, ines: people.Person, maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    manila = max(one.recipient_id for one in delivery.facts(announcement_id=said.id))
    models.Nudge.objects.filter(recipient_id=ines.id).update(state="submitted", submitted_at=now)
    browser = signed_in(ines)
    browser.post(f"/a/{said.id}/nudge", {"person": [manila, maya.id], "outside": "on"})

    listed = api(ines).get(f"announcements/{said.id}/missing").json()["results"]
    planned = {one["person_id"]: one["planned_nudge_at"] for one in listed}
    page = browser.get(f"/a/{said.id}/analytics").content.decode()
    file = browser.get(f"/api/v1/announcements/{said.id}/missing.csv").content.decode("utf-8-sig")
    table = {row["person_id"]: row["planned_nudge_at"] for row in csv.DictReader(io.StringIO(file))}

    assert planned[manila] == "2026-11-17T09:00:00+08:00"
    assert planned[ines.id] is None
    assert "planned for Tue 17 Nov, 09:00, their time" in words(page)
    assert "on its way" in words(page)
    assert table[str(manila)] == "2026-11-17 09:00:00+08:00"
    assert f"?person={manila}" not in page
    assert f"?person={ines.id}" in page


def test_a_nudge_that_comes_by_itself_is_told_among_the_missing_and_no_other_is_offered_for_then(
    api: Any, ines: people.Person, maya: people.Person, joao: people.Person, said: publishing.Announcement, now: datetime,
) -> None:  # fmt: skip
    manila = max(one.recipient_id for one in delivery.facts(announcement_id=said.id))
    own = models.Nudge.objects.filter(announcement_id=said.id)
    own.update(due_at=datetime.fromisoformat("2026-11-18T09:00:00+00:00"))
    own.filter(recipient_id=manila).update(due_at=datetime.fromisoformat("2026-11-17T09:00:00+08:00"))
    stopped = {"workspace_id": joao.workspace_id, "address": joao.email, "reason": "bounced", "suppressed_at": now}
    models.Suppression.objects.create(**stopped)
    browser = signed_in(ines)

    listed = api(ines).get(f"announcements/{said.id}/missing").json()["results"]
    planned = {one["person_id"]: one["planned_nudge_at"] for one in listed}
    page = browser.get(f"/a/{said.id}/analytics").content.decode()
    file = browser.get(f"/api/v1/announcements/{said.id}/missing.csv").content.decode("utf-8-sig")
    table = {row["person_id"]: row["planned_nudge_at"] for row in csv.DictReader(io.StringIO(file))}

    assert planned[manila] == "2026-11-17T09:00:00+08:00"
    assert datetime.fromisoformat(planned[maya.id]) == datetime.fromisoformat("2026-11-18T09:00:00+00:00")
    assert planned[joao.id] is None
    assert "Nudge: planned for Tue 17 Nov, 09:00, their time" in words(page)
    assert "Last nudge: planned" not in words(page)
    assert table[str(manila)] == "2026-11-17 09:00:00+08:00"
    assert f"?person={manila}" not in page
    assert f"?person={maya.id}" in page

    publishing.withdraw(announcement_id=said.id, by=ines.id, reason="No longer so.", now=now)
    over = api(ines).get(f"announcements/{said.id}/missing").json()["results"]
    assert {one["planned_nudge_at"] for one in over} == {None}


def test_all_that_is_still_to_come_is_told_after_somebody_was_nudged_by_hand(
    ines: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    manila = max(one.recipient_id for one in delivery.facts(announcement_id=said.id))
    models.Nudge.objects.update(due_at=now + timedelta(days=1))
    browser = signed_in(ines)
    browser.post(f"/a/{said.id}/nudge", {"person": manila, "outside": "on"})

    page = words(browser.get(f"/a/{said.id}").content.decode())
    analytics = words(browser.get(f"/a/{said.id}/analytics").content.decode())

    # One by hand tonight, and the four that come by themselves tomorrow morning.
    assert "Nudges to come 5 nudges from Tuesday, 02:00 until Tuesday, 10:00, each in working hours." in page
    assert "Nudges go out from Tuesday, 02:00 until Tuesday, 10:00." in analytics
