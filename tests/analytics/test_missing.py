"""Who is missing is named where they were asked, and nowhere else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client

from announcements.analytics import _missing
from announcements.analytics import services as analytics
from announcements.delivery import models
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.analytics.conftest import Does, publish
from tests.analytics.pages import rows


def test_the_missing_are_named_with_how_far_they_got(
    ines: people.Person, joao: people.Person, landed: publishing.Announcement, now: datetime
) -> None:
    missing = analytics.missing(by=ines.id, announcement_id=landed.id, now=now + timedelta(hours=5))

    assert [(person.name, person.got_to) for person in missing] == [
        ("Ines Carvalho", "nothing"),
        ("Joao Matias", "displayed"),
    ]
    last = missing[-1]
    assert (last.person_id, last.groups, last.timezone) == (joao.id, ("Operations",), "Europe/Lisbon")
    assert last.local_time.isoformat() == "2026-11-16T14:00:00+00:00"
    assert last.last_nudge_at is None


def test_whoever_confirms_is_missing_no_longer(
    ines: people.Person, joao: people.Person, landed: publishing.Announcement, does: Does, now: datetime
) -> None:
    does(ines, "acknowledged", landed)
    does(joao, "acknowledged", landed, channel="page", minutes=60)

    assert analytics.missing(by=ines.id, announcement_id=landed.id, now=now + timedelta(hours=5)) == []


def test_the_missing_come_in_pages(ines: people.Person, notice: publishing.Announcement, now: datetime) -> None:
    first = analytics.missing(by=ines.id, announcement_id=notice.id, now=now, limit=2)
    after = (first[-1].name, first[-1].person_id)
    second = analytics.missing(by=ines.id, announcement_id=notice.id, now=now, after=after, limit=2)

    assert [person.name for person in [*first, *second]] == ["Ines Carvalho", "Joao Matias", "Maya Lindqvist"]


def test_however_many_are_missing_they_come_by_name_and_once(
    ines: people.Person, maya: people.Person, joao: people.Person, notice: publishing.Announcement, does: Does,
    now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    few = analytics.missing(by=ines.id, announcement_id=notice.id, now=now)
    monkeypatch.setattr(_missing, "FEW", 1)
    monkeypatch.setattr(_missing, "AT_ONCE", 2)

    assert analytics.missing(by=ines.id, announcement_id=notice.id, now=now) == few
    second = analytics.missing(
        by=ines.id, announcement_id=notice.id, now=now, after=("Ines Carvalho", ines.id), limit=1
    )
    assert [person.name for person in second] == ["Joao Matias"]
    does(joao, "acknowledged", notice)
    late = analytics.missing(by=ines.id, announcement_id=notice.id, now=now + timedelta(hours=1))
    assert [person.name for person in late] == ["Ines Carvalho", "Maya Lindqvist"]


def test_nobody_is_named_where_nothing_was_asked(ines: people.Person, operations: people.Group, now: datetime) -> None:
    news = publish(by=ines, audience=people.Audience(group_ids=(operations.id,)), now=now, ask=False)

    with pytest.raises(analytics.NamesNotShown):
        analytics.missing(by=ines.id, announcement_id=news.id, now=now)


def test_the_missing_of_one_group_are_looked_through_on_the_page(
    olga: people.Person, joao: people.Person, operations: people.Group, now: datetime
) -> None:
    docks = people.create_group(by=olga.id, name="Docks", kind="project", now=now - timedelta(hours=1))
    people.add_member(by=olga.id, group_id=docks.id, person_id=joao.id, now=now - timedelta(hours=1))
    item = publish(by=olga, audience=people.Audience(group_ids=(operations.id, docks.id)), now=now)
    browser = Client()

    with time_machine.travel(now + timedelta(hours=1)):
        browser.force_login(get_user_model().objects.get(pk=olga.id))
        answer = browser.get(f"/a/{item.id}/analytics?group_id={docks.id}")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert [row[1] for row in rows(page[page.index('id="missing-title"') :], "table")] == ["JM Joao Matias"]


@pytest.mark.parametrize("few", [1000, 1])
def test_the_missing_are_asked_for_by_how_far_they_got_group_and_name(
    ines: people.Person, olga: people.Person, joao: people.Person, landed: publishing.Announcement, now: datetime,
    monkeypatch: pytest.MonkeyPatch, few: int,
) -> None:  # fmt: skip
    monkeypatch.setattr(_missing, "FEW", few)
    docks = people.create_group(by=olga.id, name="Docks", kind="project", now=now - timedelta(hours=1))
    people.add_member(by=olga.id, group_id=docks.id, person_id=joao.id, now=now - timedelta(hours=1))
    people.add_member(by=olga.id, group_id=docks.id, person_id=ines.id, now=now + timedelta(hours=1))
    later = now + timedelta(hours=5)

    def found(**among: Any) -> list[str]:
        asked = analytics.Among(**among)
        return [one.name for one in analytics.missing(by=ines.id, announcement_id=landed.id, now=later, among=asked)]

    assert found() == ["Ines Carvalho", "Joao Matias"]
    assert found(got_to="nothing") == ["Ines Carvalho"]
    assert found(got_to="displayed") == ["Joao Matias"]
    assert found(got_to="opened") == found(got_to="read") == []
    assert found(group_id=docks.id) == ["Joao Matias"]  # as it was when it was published
    assert found(search="carva") == ["Ines Carvalho"]
    assert found(search="maya") == []
    assert found(unreachable=True) == []
    models.Suppression.objects.create(
        workspace_id=joao.workspace_id, address=joao.email, reason="bounced", suppressed_at=later
    )
    assert found(unreachable=True) == ["Joao Matias"]


def test_how_far_somebody_got_is_not_asked_for_where_it_is_told_of_nobody(
    ines: people.Person, olga: people.Person, landed: publishing.Announcement, now: datetime
) -> None:
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy="works_council"), now=now)

    with pytest.raises(errors.Invalid):
        analytics.missing(by=ines.id, announcement_id=landed.id, now=now, among=analytics.Among(got_to="nothing"))
