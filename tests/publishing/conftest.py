"""A draft of Ines's to Operations, and more people to look at it."""

from __future__ import annotations

from datetime import datetime

import pytest

from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.conftest import join


@pytest.fixture
def adam(olga: people.Person, now: datetime) -> people.Person:
    """Return an admin who manages no group."""
    adam = join(olga, "Adam Novak", "Europe/Amsterdam", now)
    return people.change_role(by=olga.id, person_id=adam.id, role="admin", now=now)


@pytest.fixture
def hugo(olga: people.Person, operations: people.Group, now: datetime) -> people.Person:
    """Return a member who manages Operations beside Ines."""
    hugo = join(olga, "Hugo Prins", "Europe/Amsterdam", now)
    people.add_member(by=olga.id, group_id=operations.id, person_id=hugo.id, role="manager", now=now)
    return hugo


@pytest.fixture
def to_operations(operations: people.Group) -> people.Audience:
    return people.Audience(group_ids=(operations.id,))


@pytest.fixture
def draft(ines: people.Person, to_operations: people.Audience, now: datetime) -> publishing.Announcement:
    said = publishing.Draft(
        title="Dock 4 closes", summary="Use dock 6.", body="<p>From Monday on.</p>", audience=to_operations
    )
    return publishing.create(by=ines.id, draft=said, now=now)


@pytest.fixture
def notice(ines: people.Person, draft: publishing.Announcement, now: datetime) -> publishing.Announcement:
    return publishing.publish(announcement_id=draft.id, by=ines.id, now=now)
