"""The page of an announcement, for whoever it was not meant for but who wrote it."""

from __future__ import annotations

from datetime import datetime

import pytest

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.web.conftest import signed_in
from tests.web.test_pages import text

pytestmark = pytest.mark.django_db


def test_an_author_outside_of_the_audience_sees_whom_it_is_for(
    olga: people.Person, operations: people.Group, at: datetime
) -> None:
    draft = publishing.Draft(title="New badges", audience=people.Audience(group_ids=(operations.id,)))
    item = publishing.create(by=olga.id, draft=draft, now=at)
    publishing.publish(announcement_id=item.id, by=olga.id, now=at)
    delivery.fan_out(announcement_id=item.id, now=at)

    assert "to Operations" in text(signed_in(olga).get(f"/a/{item.id}"))
