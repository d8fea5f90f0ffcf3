"""The demo company: believable, made once, and open to whoever wants to look around.

It is made once for all of these tests, through the API, and undone before the first of them looks at what was gathered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client, override_settings

from announcements.delivery import services as delivery
from announcements.management.northwind import story
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests import walls

DAY = timedelta(days=1)


@dataclass(slots=True)
class Demo:
    """What the doors say of it; `first` and `second` are the answers to making it and to making it again."""

    at: datetime
    first: Any
    second: Any
    before: Any
    after: Any
    persons: dict[int, people.Person] = field(default_factory=dict)
    groups: list[people.Group] = field(default_factory=list)
    newcomers: set[int] = field(default_factory=set)
    published: list[publishing.Announcement] = field(default_factory=list)
    facts: dict[int, list[delivery.DeliveryFacts]] = field(default_factory=dict)
    printed: str = ""
    signed_in: list[str] = field(default_factory=list)

    @property
    def rows(self) -> list[delivery.DeliveryFacts]:
        return [row for rows in self.facts.values() for row in rows]

    def look(self) -> None:
        """Gather what there is, through the doors."""
        sign_ins = self.first.json()["sign_ins"]
        owner = people.get_by_email(emails=[sign_ins[0]["email"]])[sign_ins[0]["email"]]
        self.persons = {person.id: person for person in people.people(by=owner.id, limit=1000)}
        self.groups = people.groups(by=owner.id)
        new = next(group for group in self.groups if group.name == "New joiners")
        self.newcomers = {person.id for person, _ in people.members(by=owner.id, group_id=new.id)}
        everything = publishing.mine(by=owner.id, now=self.at, limit=1000)
        self.published = [item for item in everything if item.published_at]
        self.facts = delivery.facts_many(announcement_ids=[item.id for item in self.published])
        out = StringIO()
        call_command("demo", stdout=out)
        self.printed = out.getvalue()
        self.signed_in = [s["email"] for s in sign_ins if authenticate(email=s["email"], password=s["password"])]


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Demo]:
    def ask(method: str, path: str) -> Any:
        return getattr(Client(), method)(f"/api/v1/{path}", content_type="application/json")

    catcher = override_settings(MAIL_CATCHER=str(tmp_path_factory.mktemp("mail")))
    with django_db_blocker.unblock(), catcher, transaction.atomic(), connection.execute_wrapper(walls.watch):
        before, first = ask("get", "hub").json(), ask("post", "demo")
        made = Demo(datetime.now(UTC), first, ask("post", "demo"), before, ask("get", "hub").json())
        made.look()
        with pytest.raises(story.NotEmpty):
            story.build(now=made.at)
        transaction.set_rollback(True)
    yield made


def test_it_has_four_functions_in_four_places(demo: Demo) -> None:
    tops = [group for group in demo.groups if group.kind == "function" and group.parent_id is None]
    places = [group for group in demo.groups if group.kind == "location"]

    states = Counter(person.state for person in demo.persons.values())
    assert states == {"active": 164, "invited": 2, "waiting": 1}
    assert len({person.timezone for person in demo.persons.values()}) == 4
    assert [len(tops), len(places)] == [4, 4]
    assert sum(group.people for group in tops) == sum(group.people for group in places) == 164


def test_it_has_been_writing_for_three_months(demo: Demo) -> None:
    ages = sorted((demo.at - item.published_at).days for item in demo.published if item.published_at)

    assert 75 <= ages[-1] <= 100
    assert ages[0] <= 4
    assert max(later - earlier for earlier, later in zip(ages, ages[1:], strict=False)) <= 14
    assert {item.kind for item in demo.published} == {"update", "news", "story", "decision", "policy"}
    assert [item.state(demo.at) for item in demo.published].count("withdrawn") >= 1


def test_who_only_reads_finds_waiting_what_the_story_keeps_from_them(demo: Demo) -> None:
    maya = next(person for person in demo.persons.values() if person.name == "Maya Lindqvist")
    standing = [item for item in demo.published if item.ask_acknowledge and item.state(demo.at) == "published"]

    owed = {
        item.title
        for item in standing
        for row in demo.facts[item.id]
        if row.recipient_id == maya.id and not row.acknowledged_at
    }

    assert len(owed) == 2
    assert any("HS code" in title for title in owed) and "Travel and expenses: one card, one policy" in owed


def test_two_of_its_texts_show_a_picture(demo: Demo) -> None:
    shown = {item.title: item.body for item in demo.published if "<img" in item.body}

    assert len(shown) == 2
    assert all('src="/api/v1/images/' in body and 'alt="' in body for body in shown.values())


def test_reading_goes_one_way(demo: Demo) -> None:
    for row in demo.rows:
        times = [row.delivered_at, row.displayed_at, row.opened_at, row.read_at, row.acknowledged_at]
        known = [time for time in times if time]
        assert known == sorted(known), "nobody reads before it is there, or confirms before reading"
        assert times == known + [None] * (5 - len(known)), "each fact implies those before it"
        assert known[-1] <= demo.at


def test_fewer_get_further(demo: Demo) -> None:
    for item in demo.published:
        rows = demo.facts[item.id]
        reached = [
            sum(getattr(row, f"{fact}_at") is not None for row in rows) for fact in ("displayed", "opened", "read")
        ]
        assert [len(rows), *reached] == sorted([len(rows), *reached], reverse=True), item.title
        if not item.ask_acknowledge:
            assert not any(row.acknowledged_at for row in rows), item.title


def test_most_confirm_in_time_and_some_after_being_nudged(demo: Demo) -> None:
    asked = [a for a in demo.published if a.ask_acknowledge and a.published_at and a.published_at < demo.at - 14 * DAY]
    rows = [row for item in asked for row in demo.facts[item.id]]

    def share(within: timedelta) -> float:
        return sum(bool(r.acknowledged_at and r.acknowledged_at - r.delivered_at <= within) for r in rows) / len(rows)

    first_day, third_day, all_along = share(DAY), share(3 * DAY), share(100 * DAY)
    assert 0.2 < first_day < third_day < all_along
    assert 0.8 < all_along < 1
    assert {row.acknowledged_via for row in rows} >= {"tab", "page", "mail"}


def test_whoever_confirmed_by_mail_had_been_nudged_and_nobody_who_had_confirmed_was(demo: Demo) -> None:
    asked = [item for item in demo.published if item.ask_acknowledge]
    rows = [row for item in asked for row in demo.facts[item.id] if row.acknowledged_at]
    by_mail = [row for row in rows if row.acknowledged_via == "mail"]

    assert len(by_mail) > 50
    for row in by_mail:
        assert row.nudge_state == "submitted"
        assert row.last_nudge_at
        assert row.acknowledged_at
        assert row.delivered_at < row.last_nudge_at <= row.acknowledged_at
    assert not any(row.nudge_state == "queued" for row in rows)


def test_who_never_confirmed_what_is_old_was_nudged_when_it_was_due(demo: Demo) -> None:
    asked = [a for a in demo.published if a.ask_acknowledge and a.published_at and a.state(demo.at) == "published"]
    old = [a for a in asked if a.published_at and a.published_at < demo.at - 14 * DAY]
    missing = [row for item in old for row in demo.facts[item.id] if row.acknowledged_at is None]

    assert missing
    for row in missing:
        assert row.nudge_state == "submitted"
        assert row.last_nudge_at
        assert row.last_nudge_at - row.delivered_at < 14 * DAY


def test_people_read_while_they_work(demo: Demo) -> None:
    def at_work(fact: Callable[[delivery.DeliveryFacts], datetime | None]) -> float:
        told = [demo.persons[row.recipient_id].working_time.is_working(at) for row in demo.rows if (at := fact(row))]
        return sum(told) / len(told)

    assert at_work(lambda row: row.displayed_at) > 0.9
    assert at_work(lambda row: row.opened_at) > 0.85


def test_newcomers_have_nothing_from_before_they_came(demo: Demo) -> None:
    assert len(demo.newcomers) == 7
    oldest = min(row.delivered_at for row in demo.rows if row.recipient_id in demo.newcomers)
    assert demo.at - oldest <= 21 * DAY


def test_it_is_offered_and_made_once(demo: Demo) -> None:
    assert (demo.before["demo_offered"], demo.before["founded"]) == (True, False)
    assert demo.first.status_code == 201
    assert (demo.second.status_code, demo.second.json()["code"]) == (409, "not_empty")
    assert (demo.after["founded"], demo.after["demo_offered"]) == (True, False)
    assert demo.after["sign_ins"] == demo.first.json()["sign_ins"]


def test_the_command_says_who_may_sign_in_and_they_may(demo: Demo) -> None:
    sign_ins = demo.first.json()["sign_ins"]

    assert len(sign_ins) == 5
    assert {"ines.carvalho@northwind.example", "joao.matias@northwind.example"} <= set(demo.signed_in)
    assert demo.signed_in == [s["email"] for s in sign_ins]
    for s in sign_ins:
        [line] = [line for line in demo.printed.splitlines() if s["email"] in line]
        assert s["password"] in line
        assert s["name"] in line


@pytest.mark.django_db
def test_beside_a_company_of_ones_own_the_command_makes_nothing(olga: people.Person) -> None:
    with pytest.raises(CommandError, match="needs an empty database"):
        call_command("demo")

    assert [person.name for person in people.people(by=olga.id)] == ["Olga Berg"]
