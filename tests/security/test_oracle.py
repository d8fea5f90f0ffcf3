"""Who sees what, in random organizations, compared with an oracle that fits on a page.

Groups nest, one of them moves, memberships start and end, people join late and leave. An announcement goes out at noon;
it is looked at in the evening: feed, page, mail and numbers have to agree with the oracle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis
from django.conf import settings as configured
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from announcements.analytics import services as analytics
from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing

# Hours of a day that ends a little before now, so that pages, which ask the real clock, look at its evening.
DAY = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=24)
START, NOON, EVENING = 1, 12, 24
HOURS = st.integers(START + 1, EVENING - 1).filter(lambda hour: hour != NOON)


def at(hour: int) -> datetime:
    return DAY + timedelta(hours=hour)


@dataclass(frozen=True)
class Stay:
    person: int
    group: int
    manages: bool
    start: int
    end: int  # past the evening: it goes on

    def holds(self, hour: int) -> bool:
        return self.start <= hour < self.end


@dataclass(frozen=True)
class World:
    parents: list[int | None]  # of each group; an earlier group or none
    moved: tuple[int, int | None, int]  # group, new parent, hour
    roles: list[str]
    joined: list[int]
    left: list[int]
    stays: list[Stay]
    everyone: bool
    groups: list[int]
    persons: list[int]
    places: list[str]  # where each person works
    chosen_places: list[str]
    left_out: tuple[list[int], list[int], list[str]]  # groups, persons, places

    # -- the oracle --------------------------------------------------------------------------------------------------

    def above(self, group: int | None, hour: int) -> set[int]:
        chain: set[int] = set()
        while group is not None:
            chain.add(group)
            moved, parent, when = self.moved
            group = parent if group == moved and when <= hour else self.parents[group]
        return chain

    def active(self, person: int, hour: int) -> bool:
        return self.joined[person] <= hour < self.left[person]

    def fits(self, person: int, hour: int, groups: list[int], persons: list[int], places: list[str]) -> bool:
        inside = any(
            stay.person == person and stay.holds(hour) and self.above(stay.group, hour) & set(groups)
            for stay in self.stays
        )
        return inside or person in persons or self.places[person].upper() in places

    def in_audience(self, person: int, hour: int) -> bool:
        chosen = self.everyone or self.fits(person, hour, self.groups, self.persons, self.chosen_places)
        return self.active(person, hour) and chosen and not self.fits(person, hour, *self.left_out)

    def manages(self, person: int) -> bool:
        managed = {stay.group for stay in self.stays if stay.person == person and stay.manages and stay.holds(EVENING)}
        over = any(self.above(group, EVENING) & managed for group in self.groups)
        return self.active(person, EVENING) and (self.roles[person] != "member" or over)

    def reads(self, person: int) -> bool:
        meant = self.in_audience(person, NOON) or self.in_audience(person, EVENING)
        return self.active(person, EVENING) and (meant or self.manages(person))


@st.composite
def worlds(draw: Any) -> World:
    groups, persons = draw(st.integers(1, 5)), draw(st.integers(2, 6))
    parents = [draw(st.none() | st.integers(0, group - 1)) if group else None for group in range(groups)]
    moving = draw(st.integers(0, groups - 1))
    moved = (moving, draw(st.none() | st.integers(0, moving - 1)) if moving else None, draw(HOURS))
    stays: dict[tuple[int, int], Stay] = {}
    for _each in range(draw(st.integers(0, 10))):
        person, group, start = draw(st.integers(0, persons - 1)), draw(st.integers(0, groups - 1)), draw(HOURS)
        end = draw(st.sampled_from([*range(start + 1, EVENING), EVENING + 1]))
        stays[person, group] = Stay(person, group, draw(st.booleans()), start, end)
    some = draw(st.sets(st.integers(0, groups - 1), max_size=2))
    named = draw(st.sets(st.integers(0, persons - 1), max_size=2))
    places = draw(st.sets(st.sampled_from(["PORTO", "MANILA"]), max_size=1))
    left_out = (
        sorted(draw(st.sets(st.integers(0, groups - 1), max_size=1))),
        sorted(draw(st.sets(st.integers(0, persons - 1), max_size=1))),
        draw(st.sampled_from([[], [], ["PORTO"]])),
    )
    joined = [draw(st.sampled_from([START, START, START, 14])) for _ in range(persons)]
    return World(
        parents=parents,
        moved=moved,
        roles=[draw(st.sampled_from(["member", "member", "member", "admin"])) for _ in range(persons)],
        joined=joined,
        left=[draw(st.sampled_from([EVENING + 1, EVENING + 1, max(10, hour + 1), 18])) for hour in joined],
        stays=list(stays.values()),
        everyone=not (some or named or places) or draw(st.integers(0, 9)) == 0,
        groups=sorted(some),
        persons=sorted(named),
        places=[draw(st.sampled_from(["Porto", "porto", "Manila", ""])) for _ in range(persons)],
        chosen_places=sorted(places),
        left_out=left_out,
    )


# -- the same world, made through the doors ------------------------------------------------------------------------------


@dataclass
class Made:
    owner: int
    stranger: int
    persons: list[int]
    announcement: int


def make(world: World, after: Callable[[Made, datetime], None] | None = None) -> Made:
    """Do everything in the order of the clock; call `after` after each step."""
    owner, stranger = (
        people.found(name=name, owner=people.NewPerson(email=f"o@{name}.test", name="O", password="-"), now=at(0)).id
        for name in ("here", "there")
    )
    groups: list[int] = []
    for number, parent in enumerate(world.parents):
        up = None if parent is None else groups[parent]
        groups.append(people.create_group(by=owner, name=f"G{number}", parent_id=up, now=at(0)).id)
    persons = [
        people.invite(by=owner, email=f"p{number}@here.test", name=f"P{number}", now=at(0)).id
        for number in range(len(world.roles))
    ]
    for person, location in zip(persons, world.places, strict=True):
        people.update_person(by=owner, person_id=person, changes=people.PersonChanges(location=location), now=at(0))
    made = Made(owner, stranger, persons, 0)
    steps = [(hour, 0, ("join", person)) for person, hour in enumerate(world.joined)]
    steps += [(stay.start, 1, ("start", stay)) for stay in world.stays]
    steps += [(stay.end, 1, ("end", stay)) for stay in world.stays if stay.end <= EVENING]
    steps += [(world.moved[2], 1, ("move", world.moved)), (NOON, 2, ("publish", None))]
    steps += [(hour, 3, ("leave", person)) for person, hour in enumerate(world.left) if hour <= EVENING]
    for hour, _rank, (what, whom) in sorted(steps, key=lambda step: step[:2]):
        _do(what, whom, world, made, groups, at(hour))
        if after:
            after(made, at(hour))
    return made


def _do(what: str, whom: Any, world: World, made: Made, groups: list[int], now: datetime) -> None:
    by = made.owner
    match what:
        case "join":
            people.accept(person_id=made.persons[whom], password=None, now=now)
            people.change_role(by=by, person_id=made.persons[whom], role=world.roles[whom], now=now)  # type: ignore[arg-type]
        case "start":
            role: Any = "manager" if whom.manages else "member"
            people.add_member(
                by=by, group_id=groups[whom.group], person_id=made.persons[whom.person], role=role, now=now
            )
        case "end":
            people.end_membership(by=by, group_id=groups[whom.group], person_id=made.persons[whom.person], now=now)
        case "move":
            changes = people.GroupChanges(parent_id=0 if whom[1] is None else groups[whom[1]])
            people.update_group(by=by, group_id=groups[whom[0]], changes=changes, now=now)
        case "leave":
            people.deactivate(by=by, person_id=made.persons[whom], now=now)
        case "publish":
            _publish(world, made, groups, now)


def _publish(world: World, made: Made, groups: list[int], now: datetime) -> None:
    def part(chosen: list[int], persons: list[int], places: list[str]) -> dict[str, Any]:
        return {
            "group_ids": tuple(groups[group] for group in chosen),
            "person_ids": tuple(made.persons[person] for person in persons),
            "attributes": tuple(people.Attribute("location", place) for place in places),
        }

    chosen = part(world.groups, world.persons, world.chosen_places)
    audience = people.Audience(everyone=world.everyone, **chosen, except_=people.Except(**part(*world.left_out)))
    draft = publishing.Draft(title="News", body="<p>Text</p>", audience=audience, ask_acknowledge=True)
    made.announcement = publishing.create(by=made.owner, draft=draft, now=now).id
    publishing.publish(announcement_id=made.announcement, by=made.owner, now=now)
    delivery.fan_out(announcement_id=made.announcement, now=now)


store = redis.Redis.from_url(configured.REDIS_URL)


@contextmanager
def forgotten() -> Iterator[None]:
    """Take everything back at the end: ids are used again, so what is kept under them has to go too."""
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        store.flushall()


def signed_in(person_id: int) -> Client:
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=person_id))
    return browser


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(worlds())
def test_everybody_sees_what_the_oracle_says(world: World) -> None:
    meant = [person for person in range(len(world.roles)) if world.in_audience(person, NOON)]
    with forgotten():
        try:
            made = make(world)
        except errors.Invalid as problem:
            assert "audience" in problem.fields and not meant and not world.everyone  # nobody to publish to
            return

        assert {f.recipient_id for f in delivery.facts(announcement_id=made.announcement)} - {made.owner} == {
            made.persons[person] for person in meant
        }
        for person, id in enumerate(made.persons):
            assert _sees(made, id) == _expected(world, person), (person, world)
        assert signed_in(made.stranger).get(f"/api/v1/announcements/{made.announcement}").status_code == 404
        missing = analytics.missing(by=made.owner, announcement_id=made.announcement, now=at(EVENING), limit=99)
        still = {made.persons[person] for person in meant if world.active(person, EVENING)}
        assert {one.person_id for one in missing} - {made.owner} == still


def _sees(made: Made, id: int) -> dict[str, Any]:
    browser = signed_in(id)
    feed = browser.get("/api/v1/feed")
    mine = browser.get("/api/v1/announcements").json() if feed.status_code == 200 else {}
    return {
        "feed": feed.status_code == 200 and bool(feed.json()["items"]),
        "api": browser.get(f"/api/v1/announcements/{made.announcement}").status_code,
        "page": browser.get(f"/a/{made.announcement}").status_code,
        "numbers": browser.get(f"/api/v1/announcements/{made.announcement}/reach").status_code,
        "list": bool(mine.get("results")),
        "search": _found(browser, "search?q=text", "announcements"),
        "archive": _found(browser, "archive", "results"),
    }


def _found(browser: Client, path: str, name: str) -> int:
    answer = browser.get(f"/api/v1/{path}")
    return len(answer.json()[name]) if answer.status_code == 200 else -1


def _expected(world: World, person: int) -> dict[str, Any]:
    if not world.active(person, EVENING):
        return {"feed": False, "api": 401, "page": 302, "numbers": 401, "list": False, "search": -1, "archive": -1}
    return {
        "feed": world.in_audience(person, NOON),
        "api": 200 if world.reads(person) else 404,
        "page": 200 if world.reads(person) else 404,
        "numbers": 200 if world.manages(person) else 404,
        "list": world.manages(person),
        "search": int(world.reads(person)),
        "archive": int(world.reads(person)),
    }
