"""The demo company is complete, believable, and sends nobody an old nudge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from announcements.analytics import services as analytics
from announcements.delivery import services as delivery
from announcements.kernel import text
from announcements.management.northwind import cast, story, texts
from announcements.people import services as people
from announcements.publishing import services as publishing

# The Wednesday of the pictures, late enough for everybody to have been at work that day.
NOW = datetime(2026, 11, 18, 22, 40, tzinfo=UTC)
Demo = dict[str, story.SignIn]


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Demo]:
    """Build the company once for all tests here, and take it back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield {who.name: who for who in story.build(now=NOW)}
        transaction.set_rollback(True)


@pytest.fixture
def ines(demo: Demo) -> int:
    return demo["Ines Carvalho"].person_id


@pytest.fixture
def posted(ines: int) -> list[publishing.Announcement]:
    return publishing.mine(by=ines, limit=100)


def the(posted: list[publishing.Announcement], words: str) -> publishing.Announcement:
    (found,) = [announcement for announcement in posted if words in announcement.title]
    return found


def test_a_hundred_and_sixty_four_people_work_in_four_functions_and_four_places(ines: int) -> None:
    groups = {group.name: group for group in people.groups(by=ines)}
    functions = {name: groups[name].people for name in cast.SEATS}
    places = {name: groups[name].people for name in cast.ZONES}

    assert functions == {"Operations": 58, "Customer Care": 34, "Commercial": 31, "Product & Engineering": 41}
    assert places == {"Rotterdam": 52, "Manila": 41, "Porto": 38, "Chicago": 33}
    everybody = people.people(by=ines, limit=200)
    assert len(everybody) == 164
    assert Counter(person.role for person in everybody) == {"member": 161, "admin": 2, "owner": 1}
    assert {person.timezone for person in everybody} == set(cast.ZONES.values())


def test_three_months_of_announcements_are_there(posted: list[publishing.Announcement]) -> None:
    states = Counter(announcement.state(NOW) for announcement in posted)
    oldest = min(a.published_at for a in posted if a.published_at)

    assert states == {"published": 46, "draft": 3, "withdrawn": 1, "expired": 1}
    assert timedelta(days=80) < NOW - oldest < timedelta(days=100)
    assert not [a.title for a in posted if "{" in a.title + a.summary + a.body]
    assert len({a.author_id for a in posted}) >= 8


def test_the_numbers_are_those_of_the_pictures(ines: int, posted: list[publishing.Announcement]) -> None:
    codes = the(posted, "six-digit HS code")

    reach = analytics.reach(by=ines, announcement_id=codes.id, now=NOW)

    assert (reach.recipients, reach.displayed, reach.opened, reach.read, reach.acknowledged) == (123, 121, 109, 98, 92)
    assert {group.name: (group.acknowledged, group.recipients) for group in reach.by_group} == {
        "Operations": (47, 58),
        "Customer Care": (22, 34),
        "Commercial": (23, 31),
    }


def test_what_is_waiting_for_maya_is_what_the_pictures_show(demo: Demo) -> None:
    feed = delivery.feed(by=demo["Maya Lindqvist"].person_id, now=NOW)

    waiting = [item.title for item in feed.items if item.required and not item.acknowledged_at]
    assert waiting == [
        "From 1 December, no EU-bound load leaves without a six-digit HS code",
        "Travel and expenses: one card, one policy",
    ]


def test_reading_is_fast_at_first_and_has_a_tail(ines: int, posted: list[publishing.Announcement]) -> None:
    story_of_ferry = the(posted, "saved the Friday ferry")

    curve = analytics.reach(by=ines, announcement_id=story_of_ferry.id, now=NOW).curve

    first_day = max(point.opened for point in curve if point.at - curve[0].at <= timedelta(hours=24))
    assert 0.4 < first_day / curve[-1].opened < 0.95
    assert curve[-1].opened < 164


def test_hardly_anybody_reads_on_a_weekend(ines: int, posted: list[publishing.Announcement]) -> None:
    facts = [f for a in posted if a.published_at for f in delivery.facts(announcement_id=a.id)]
    days = Counter(f.opened_at.weekday() for f in facts if f.opened_at)

    assert days[5] + days[6] < 0.05 * days.total()
    assert all(f.opened_at is None or f.delivered_at <= f.opened_at <= NOW for f in facts)


def test_no_nudge_of_the_past_is_left_to_be_mailed_and_some_are_still_to_come(
    ines: int, posted: list[publishing.Announcement]
) -> None:
    travel = the(posted, "Travel and expenses")

    assert delivery.claim(limit=10, now=NOW) == []
    assert sum(step.queued for step in delivery.nudge_plan(by=ines, announcement_id=travel.id)) > 100
    codes = the(posted, "six-digit HS code")
    assert delivery.nudge_plan(by=ines, announcement_id=codes.id)[0].submitted > 20


def test_whoever_is_named_can_sign_in(demo: Demo) -> None:
    for who in demo.values():
        person = authenticate(email=who.email, password=who.password)
        assert person is not None and person.pk == who.person_id


def test_a_second_company_is_refused_in_one_line(demo: Demo) -> None:
    with pytest.raises(CommandError, match="empty database"):
        call_command("demo", stdout=StringIO())


def test_every_text_keeps_the_limits_and_names_only_who_exists() -> None:
    known = {row[0] for row in cast.NAMED} | set(cast.SEATS) | set(cast.ZONES)
    known |= {"Everyone", "Shipment tracking 2", "People managers", "On call this week"}

    for written in texts.texts():
        title = written.title.format_map(texts.months(NOW.date()))
        assert len(title) <= 120
        assert len(written.head["summary"]) <= 280
        assert {written.head["by"], *written.words("to"), *written.words("missing")} <= known
        assert text.count_words(text.from_markdown(written.body)) >= 10


def test_the_months_in_the_texts_follow_the_day() -> None:
    assert texts.months(datetime(2027, 1, 5, tzinfo=UTC).date()) == {
        "month": "January",
        "last_month": "December",
        "next_month": "February",
    }
    friday = texts.instant(NOW.date(), -3, NOW.time(), "UTC")
    assert friday.strftime("%A %H:%M") == "Friday 22:40"
