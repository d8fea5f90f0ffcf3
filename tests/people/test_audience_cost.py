"""What choosing an audience costs: as many looks at the people, however much is asked of them."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext

from announcements.kernel.ids import spans
from announcements.people import services as people


def looks(olga: people.Person, audience: people.Audience, now: datetime) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        people.resolve(workspace_id=olga.workspace_id, audience=audience, at=now)
    return len(asked)


def test_many_attributes_cost_as_many_looks_as_one(olga: people.Person, maya: people.Person, now: datetime) -> None:
    zone = people.Attribute("timezone", "Europe/Amsterdam")
    others = (people.Attribute("location", "Porto"), people.Attribute("title", "Driver"))
    one = people.Audience(attributes=(zone,))
    many = people.Audience(attributes=(zone, *others), except_=people.Except(attributes=others))

    assert people.resolve(workspace_id=olga.workspace_id, audience=many, at=now) == sorted([olga.id, maya.id])
    assert looks(olga, many, now) == looks(olga, one, now)


def test_who_is_meant_besides_others_is_counted_by_an_index_alone(olga: people.Person, now: datetime) -> None:
    if connection.vendor != "sqlite":  # PostgreSQL reads a table whole while it is small
        return
    everyone = people.Audience(everyone=True)
    with CaptureQueriesContext(connection) as asked:
        known = spans([olga.id])
        people.audience_size(workspace_id=olga.workspace_id, audience=everyone, at=now, besides=known)
    (question,) = asked.captured_queries

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {question['sql']}")
        plan = str(cursor.fetchall())

    assert "COVERING INDEX person_here" in plan
