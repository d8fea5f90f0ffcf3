"""What leaves the house of random organizations: mail, files of numbers and names, and the zip of all announcements.

The same worlds and the same oracle as in test_oracle.py. Every second person has confirmed by the evening; the others are missing.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as told

from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people
from announcements.porting import services as porting
from tests.delivery.postbox import Postbox
from tests.security.test_oracle import EVENING, NOON, Made, World, at, forgotten, make, signed_in, worlds

OWNER = "o@here.test"


@pytest.fixture(scope="module")
def server() -> Iterator[Postbox]:
    with Postbox() as server:
        yield server


@pytest.fixture
def postbox(server: Postbox, settings: Any) -> Postbox:
    settings.SMTP = {"host": "127.0.0.1", "port": server.port, "user": "", "password": "", "tls": ""}
    return server


def email(person: int) -> str:
    return f"p{person}@here.test"


def confirmed(person: int) -> bool:
    return person % 2 == 0


def here(world: World) -> list[int]:
    """Return whom it was meant for and who is still active."""
    everybody = range(len(world.roles))
    return [one for one in everybody if world.in_audience(one, NOON) and world.active(one, EVENING)]


@pytest.mark.django_db
@told(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(worlds())
def test_what_leaves_the_house_goes_to_whom_the_oracle_says(postbox: Postbox, world: World) -> None:
    with forgotten():
        try:
            made = make(world)
        except errors.Invalid:
            return  # there is nobody to publish to
        for person in here(world):
            if confirmed(person):
                delivery.acknowledge(
                    by=made.persons[person], announcement_id=made.announcement, version=1, now=at(EVENING)
                )

        assert missing_by_owner(made) - {OWNER} == {email(one) for one in here(world) if not confirmed(one)}
        assert numbers(made) == expected_numbers(world)
        for person, id in enumerate(made.persons):
            assert asked_for(made, id) == expected_files(world, person), (person, world)
        assert zipped(made.owner) == ["News"]
        assert zipped(made.stranger) == []
        assert mailed(made, postbox) - {OWNER} == {email(one) for one in here(world) if not confirmed(one)}


def mailed(made: Made, postbox: Postbox) -> set[str]:
    """Nudge who is missing, let the next days' digests go too, and return who got mail; each says it, and to one alone."""
    postbox.empty()
    delivery.nudge_now(by=made.owner, announcement_id=made.announcement, now=at(EVENING))
    monday = at(EVENING) + timedelta(days=14 - at(EVENING).weekday())
    moment = monday.replace(hour=10, minute=0)
    for _each in range(3):
        delivery.tick(now=moment, clock=lambda: moment)
    for mail, recipient in zip(postbox.mails, postbox.recipients, strict=True):
        text = mail.as_string()
        assert mail["To"].addresses[0].addr_spec == recipient
        assert "News" in text
        assert not {address for address in (*map(email, range(9)), "o@there.test") if address in text} - {recipient}
    return set(postbox.recipients)


def rows(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode().lstrip("\ufeff"))))


def missing_by_owner(made: Made) -> set[str]:
    answer = signed_in(made.owner).get(f"/api/v1/announcements/{made.announcement}/missing.csv")
    known = people.get_many(ids=[int(row["person_id"]) for row in rows(answer)])
    return {person.email for person in known.values()}


def numbers(made: Made) -> dict[str, tuple[int, int]]:
    """Return of everybody and of each group how many it reached, and how many confirmed; the owner is left out."""
    answer = signed_in(made.owner).get(f"/api/v1/announcements/{made.announcement}/reach.csv")
    owners = any(one.recipient_id == made.owner for one in delivery.facts(announcement_id=made.announcement))
    counted = {
        row["name"]: (int(row["recipients"]), int(row["acknowledged"]))
        for row in rows(answer)
        if row["of"] in {"everybody", "group"}
    }
    everybody = counted.pop("")
    return counted | {"": (everybody[0] - owners, everybody[1])}


def expected_numbers(world: World) -> dict[str, tuple[int, int]]:
    def count(some: list[int]) -> tuple[int, int]:
        return len(some), sum(map(confirmed, some))

    def inside(group: int) -> list[int]:
        return [
            person
            for person in here(world)
            if any(s.person == person and s.holds(NOON) and group in world.above(s.group, NOON) for s in world.stays)
        ]

    shown = world.groups or [group for group in range(len(world.parents)) if world.above(group, NOON) == {group}]
    return {f"G{group}": count(inside(group)) for group in shown if inside(group)} | {"": count(here(world))}


def asked_for(made: Made, id: int) -> dict[str, int]:
    browser = signed_in(id)
    about = f"/api/v1/announcements/{made.announcement}"
    ask: dict[str, Callable[[], Any]] = {
        "missing": lambda: browser.get(f"{about}/missing.csv"),
        "reach": lambda: browser.get(f"{about}/reach.csv"),
        "zip": lambda: browser.post("/api/v1/exports", {"kind": "announcements"}, "application/json"),
        "people": lambda: browser.get("/api/v1/people/export"),
        "mail": lambda: browser.get("/api/v1/mail-log/export"),
        "trail": lambda: browser.get("/api/v1/audit/export"),
    }
    return {name: asking().status_code for name, asking in ask.items()}


def expected_files(world: World, person: int) -> dict[str, int]:
    names = ("missing", "reach", "zip", "people", "mail", "trail")
    if not world.active(person, EVENING):
        return dict.fromkeys(names, 401)
    managed, admin = 200 if world.manages(person) else 404, world.roles[person] != "member"
    whole = dict.fromkeys(("people", "mail"), 200 if admin else 403)
    return {"missing": managed, "reach": managed, "zip": 201 if admin else 403, "trail": 403} | whole


def zipped(by: int) -> list[str]:
    """Return the titles of all that somebody takes along."""
    now = datetime.now(UTC)
    asked = porting.ask(by=by, now=now)
    assert porting.make(export_id=asked.id, clock=lambda: now)
    with porting.take(by=by, export_id=asked.id, now=now).content as file, zipfile.ZipFile(file) as archive:
        return [title for name in archive.namelist() if name.endswith(".md") for title in titles(archive.read(name))]


def titles(markdown: bytes) -> list[str]:
    return [line.partition(":")[2].strip(' "') for line in markdown.decode().splitlines() if line.startswith("title:")]
