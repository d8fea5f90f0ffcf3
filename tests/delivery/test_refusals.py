"""What could not go out by itself is told to whoever counts on it, once, with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as ours

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from hub import env
from tests.conftest import join
from tests.journeys.sink import Sink

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with Sink() as server:
        settings.SMTP = env.smtp(server.url)
        yield server


@pytest.fixture
def waiting(ines: people.Person, operations: people.Group, now: datetime) -> int:
    """Return the id of what Ines has scheduled for in an hour, to be confirmed within two."""
    said = publishing.Draft(
        title="Dock 4 closes",
        audience=people.Audience(group_ids=(operations.id,)),
        ask_acknowledge=True,
        deadline=now + 2 * HOUR,
    )
    item = publishing.create(by=ines.id, draft=said, now=now)
    publishing.schedule(announcement_id=item.id, by=ines.id, when=publishing.When(now + HOUR), now=now)
    return item.id


def leave(now: datetime) -> None:
    for letter_id in delivery.due_letters(now=now):
        assert delivery.send_letter(letter_id=letter_id, now=now)


def test_the_author_is_told_why_and_what_to_do(
    olga: people.Person, ines: people.Person, operations: people.Group, waiting: int, sink: Sink, now: datetime
) -> None:
    people.end_membership(by=olga.id, group_id=operations.id, person_id=ines.id, now=now)

    assert not publishing.go_out(announcement_id=waiting, now=now + HOUR)
    assert not publishing.go_out(announcement_id=waiting, now=now + HOUR)
    leave(now + HOUR)

    [mail] = sink.mails
    [mine] = sink.to(ines.email)
    assert mine["Subject"] == "Not sent: Dock 4 closes"
    words = mine.get_body(("plain",)).get_content()
    assert "Who scheduled it may not publish to this audience any more." in words
    assert f"{ours.BASE_URL}/a/{waiting}/edit" in words
    assert "ask an admin to publish it" in words
    assert "It is a draft again" in words


def test_whoever_scheduled_it_is_told_too(
    olga: people.Person, ines: people.Person, waiting: int, sink: Sink, now: datetime
) -> None:
    publishing.schedule(announcement_id=waiting, by=olga.id, when=publishing.When(now + HOUR), now=now)

    assert not publishing.go_out(announcement_id=waiting, now=now + 3 * HOUR)
    leave(now + 3 * HOUR)

    assert [len(sink.to(person.email)) for person in (olga, ines)] == [1, 1]
    assert "still to come" in sink.to(olga.email)[0].get_body(("plain",)).get_content()


def test_an_audience_of_nobody_is_told_and_who_left_gets_no_mail(
    olga: people.Person, sink: Sink, now: datetime, caplog: Any
) -> None:
    nils = join(olga, "Nils Aune", "Europe/Oslo", now)
    people.change_role(by=olga.id, person_id=nils.id, role="admin", now=now)
    kira = join(olga, "Kira Holm", "Europe/Oslo", now)
    said = publishing.Draft(title="For Kira", audience=people.Audience(person_ids=(kira.id,)))
    item = publishing.create(by=nils.id, draft=said, now=now)
    publishing.schedule(announcement_id=item.id, by=nils.id, when=publishing.When(now + HOUR), now=now)
    for person in (kira, nils):
        people.deactivate(by=olga.id, person_id=person.id, now=now)

    assert not publishing.go_out(announcement_id=item.id, now=now + HOUR)
    leave(now + HOUR)

    assert sink.mails == []
    assert "nobody who wrote it is here to be told" in caplog.text
    assert publishing.get(announcement_id=item.id).refused


def test_it_waits_for_days_where_no_mail_server_takes_it(
    ines: people.Person, waiting: int, sink: Sink, now: datetime
) -> None:
    assert not publishing.go_out(announcement_id=waiting, now=now + 3 * HOUR)

    leave(now + 3 * DAY)

    assert len(sink.to(ines.email)) == 1


def test_what_goes_out_is_told_to_nobody(waiting: int, now: datetime) -> None:
    assert publishing.go_out(announcement_id=waiting, now=now + HOUR)

    assert delivery.due_letters(now=now + DAY) == []
