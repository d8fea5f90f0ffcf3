"""The cast and the clock that the tests share.

Ines writes, Maya and Joao read, Olga owns the workspace, Charlie is a stranger from another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import hypothesis
import pytest
import redis
from django.conf import settings
from django.db import connection

from announcements.people import services as people
from tests import walls
from tests.browser import chromium, play
from tests.emptying import unguarded
from tests.languages import speaks

__all__ = ["chromium", "play", "speaks"]

# A Monday, 10:00 in Amsterdam, 09:00 UTC.
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
PASSWORD = "a calm long password"

# A busy machine is slow, and not wrong. An example that fails is told as it was found: making it smaller takes longer than a test may.
# To have that done for one test: --hypothesis-profile=default --timeout=0.
FOUND = (hypothesis.Phase.explicit, hypothesis.Phase.reuse, hypothesis.Phase.generate)
hypothesis.settings.register_profile("patient", deadline=None, phases=FOUND)
hypothesis.settings.load_profile("patient")


@pytest.fixture
def now() -> datetime:
    return MONDAY


@pytest.fixture(scope="session", autouse=True)
def _emptied() -> Iterator[None]:
    """Let the database be emptied between tests, although entries of the trail cannot be deleted."""
    with unguarded(type(connection.ops).execute_sql_flush):
        yield


@pytest.fixture(autouse=True)
def _empty_redis() -> Iterator[None]:
    yield
    redis.Redis.from_url(settings.REDIS_URL).flushall()


@pytest.fixture(autouse=True)
def _walls() -> Iterator[None]:
    """Fail any query that reaches into another capability's tables."""
    with connection.execute_wrapper(walls.watch):
        yield


@pytest.fixture
def olga(db: None, now: datetime) -> people.Person:
    """Return the owner of Northwind."""
    owner = people.NewPerson(
        email="olga@northwind.test", name="Olga Berg", password=PASSWORD, timezone="Europe/Amsterdam"
    )
    return people.found(name="Northwind", owner=owner, now=now)


def join(owner: people.Person, name: str, timezone: str, now: datetime) -> people.Person:
    """Bring somebody into the owner's workspace, able to sign in with PASSWORD."""
    email = f"{name.split()[0].lower()}@northwind.test"
    invited = people.invite(by=owner.id, email=email, name=name, timezone=timezone, now=now)
    return people.accept(person_id=invited.id, password=PASSWORD, now=now)


@pytest.fixture
def ines(olga: people.Person, now: datetime) -> people.Person:
    """Return a member who manages Operations: the author."""
    return join(olga, "Ines Carvalho", "Europe/Amsterdam", now)


@pytest.fixture
def maya(olga: people.Person, now: datetime) -> people.Person:
    return join(olga, "Maya Lindqvist", "Europe/Amsterdam", now)


@pytest.fixture
def joao(olga: people.Person, now: datetime) -> people.Person:
    return join(olga, "Joao Matias", "Europe/Lisbon", now)


@pytest.fixture
def operations(
    olga: people.Person, ines: people.Person, maya: people.Person, joao: people.Person, now: datetime
) -> people.Group:
    """Return the group Operations: Ines manages it, Maya and Joao are in it."""
    group = people.create_group(by=olga.id, name="Operations", kind="function", now=now)
    people.add_member(by=olga.id, group_id=group.id, person_id=ines.id, role="manager", now=now)
    for person in (maya, joao):
        people.add_member(by=olga.id, group_id=group.id, person_id=person.id, now=now)
    return people.group(by=olga.id, group_id=group.id)


@pytest.fixture
def charlie(db: None, now: datetime) -> people.Person:
    """Return the owner of another workspace: the stranger."""
    owner = people.NewPerson(
        email="charlie@southgate.test", name="Charlie Poe", password=PASSWORD, timezone="America/Chicago"
    )
    return people.found(name="Southgate", owner=owner, now=now)
