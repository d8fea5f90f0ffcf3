"""What a company learns about itself: how soon people read, how much they get, whether it leaves them room to work."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test.utils import CaptureQueriesContext

from announcements.analytics import models
from announcements.analytics import services as analytics
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.analytics.conftest import Does, publish
from tests.conftest import join

DAY = timedelta(days=1)
EVERYONE = people.Audience(everyone=True)


def seen(by: people.Person, at: datetime, kind: analytics.AlignmentBy = "function") -> analytics.Alignment:
    return analytics.alignment(by=by.id, weeks=4, kind=kind, now=at)


def median(found: analytics.Times | None) -> int | None:
    return found.median if found else None


def test_time_until_read_is_counted_in_the_readers_working_hours(
    olga: people.Person, maya: people.Person, joao: people.Person, operations: people.Group, does: Does, now: datetime
) -> None:
    notice = publish(by=olga, audience=people.Audience(group_ids=(operations.id,)), now=now)
    does(maya, "read", notice, minutes=25)
    does(joao, "read", notice, minutes=24 * 60)  # his day had nine hours from then on

    [group] = seen(olga, now + 15 * DAY).groups

    assert group.times == analytics.Times(
        read=2, waiting=1, quarter=30, median=9 * 60, three_quarters=None, nine_tenths=None,
        wall=analytics.OnWall(median=24 * 60, nine_tenths=None),
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_what_was_read_before_the_wall_was_counted_is_told_by_it_too_however_old(
    transactional_db: None, olga: people.Person, maya: people.Person, does: Does, now: datetime
) -> None:
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(retention_days=365), now=now)
    does(maya, "read", publish(by=olga, audience=EVERYONE, now=now), minutes=25)
    seen(olga, now + DAY)
    later = now + 200 * DAY
    leaf = MigrationExecutor(connection).loader.graph.leaf_nodes("analytics")
    try:
        MigrationExecutor(connection).migrate([("analytics", "0006_by_the_wall")])
        models.Tally.objects.update(wall={})  # as the version before kept them
        models.Pace.objects.update(wall=0)
    finally:
        MigrationExecutor(connection).migrate(leaf)

    analytics.sweep(now=later)

    times = analytics.alignment(by=olga.id, weeks=52, kind="function", now=later).times
    assert times
    assert times.wall == analytics.OnWall(median=30, nine_tenths=None)


def test_who_has_yet_to_read_is_no_reason_to_call_the_others_slow(
    olga: people.Person, maya: people.Person, joao: people.Person, operations: people.Group, does: Does, now: datetime
) -> None:
    first = publish(by=olga, audience=people.Audience(group_ids=(operations.id,)), now=now)
    for person in (maya, joao):
        does(person, "read", first, minutes=55)
    later = now + 9 * DAY
    publish(by=olga, audience=EVERYONE, now=later)  # a moment ago: it says nothing yet about an hour

    assert median(seen(olga, later + timedelta(minutes=10)).times) == 60
    assert median(seen(olga, later + 10 * DAY).times) is None  # five of seven have not read in forty hours


def test_the_weeks_before_are_told_beside(
    olga: people.Person, maya: people.Person, operations: people.Group, does: Does, now: datetime
) -> None:
    notice = publish(by=olga, audience=people.Audience(person_ids=(maya.id,)), now=now)
    does(maya, "read", notice, minutes=40)

    found = seen(olga, now + 28 * DAY)

    assert (found.times, median(found.times_before)) == (None, 45)


def test_what_was_withdrawn_says_nothing_of_how_soon_people_read(
    olga: people.Person, maya: people.Person, does: Does, now: datetime
) -> None:
    notice = publish(by=olga, audience=EVERYONE, now=now)
    does(maya, "read", notice, minutes=10)
    seen(olga, now + DAY)

    publishing.withdraw(announcement_id=notice.id, by=olga.id, reason="Wrong dock.", now=now + DAY)

    assert seen(olga, now + 2 * DAY).times is None
    assert sum(models.Pace.objects.values_list("many", flat=True)) == 0


def test_a_works_council_is_told_no_reading_times(
    olga: people.Person, maya: people.Person, does: Does, now: datetime
) -> None:
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy="works_council"), now=now)
    notice = publish(by=olga, audience=EVERYONE, now=now)
    does(maya, "read", notice)

    assert seen(olga, now + DAY).times is None


def test_reader_load_is_what_reached_a_person_in_a_week(
    olga: people.Person, ines: people.Person, operations: people.Group, now: datetime
) -> None:
    for _n in range(3):
        publish(by=olga, audience=EVERYONE, now=now)
    publish(by=ines, audience=people.Audience(group_ids=(operations.id,)), now=now)

    found = seen(olga, now + DAY)

    assert found.load == analytics.Load(items=round((3 * 4 + 3) / 4 / 4, 1), minutes=round((3 * 4 + 3) / 4 / 4, 1))
    assert found.groups[0].load == analytics.Load(items=1.0, minutes=1.0)
    assert [week.items for week in found.loads] == [0, 0, 0, round(15 / 4, 1)]


def test_a_works_council_is_not_told_that_nothing_reached_a_small_group(
    olga: people.Person, operations: people.Group, now: datetime
) -> None:
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy="works_council"), now=now)
    publish(by=olga, audience=EVERYONE, now=now)

    found = seen(olga, now + DAY)

    assert (found.groups[0].load, found.load) == (None, analytics.Load(items=0.2, minutes=0.2))


def test_who_comes_back_shows_a_works_council_no_group_until_it_is_weighed_anew(
    olga: people.Person, maya: people.Person, now: datetime
) -> None:
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy="works_council"), now=now)
    sales = people.create_group(by=olga.id, name="Sales", kind="function", now=now)
    others = [join(olga, f"N{n} Other", "Europe/Lisbon", now) for n in range(12)]
    for person in others[:6]:
        people.add_member(by=olga.id, group_id=sales.id, person_id=person.id, now=now)
    for _n in range(8):
        publish(by=olga, audience=EVERYONE, now=now)

    def items() -> float:
        found = next(group.load for group in seen(olga, now + DAY).groups if group.name == "Sales")
        assert found
        return found.items

    analytics.stand(workspace_id=olga.workspace_id)
    assert items() == 8 / 4
    people.deactivate(by=olga.id, person_id=others[-1].id, now=now)
    assert items() == 8 / 4
    people.reactivate(by=olga.id, person_id=others[-1].id, now=now)
    assert items() == round(5 / 4, 1)  # as many as are weighed while somebody waits
    analytics.stand(workspace_id=olga.workspace_id)
    assert items() == 8 / 4


def test_health_tells_room_to_work_length_what_asks_and_what_travels(
    olga: people.Person, ines: people.Person, operations: people.Group, now: datetime
) -> None:
    own = people.Audience(group_ids=(operations.id,))
    publish(by=ines, audience=own, now=now + DAY - timedelta(minutes=30))  # before nine in Lisbon
    publish(by=ines, audience=own, now=now, ask=False)
    publish(by=olga, audience=EVERYONE, now=now, ask=False)

    assert seen(olga, now + 2 * DAY).health == analytics.Health(
        recipients=10, at_work=9, announcements=3, minutes=1, asking=1, across=1
    )


def test_by_topic_everybody_is_told_of_each_kind_of_announcement(
    olga: people.Person, maya: people.Person, does: Does, now: datetime
) -> None:
    notice = publish(by=olga, audience=EVERYONE, now=now)
    does(maya, "acknowledged", notice, minutes=20)
    policy = publishing.create(
        by=olga.id,
        draft=publishing.Draft(
            title="Travel", summary="One card.", body="<p>One.</p>", audience=EVERYONE, kind="policy"
        ),
        now=now,
    )
    publishing.publish(announcement_id=policy.id, by=olga.id, now=now)

    found = seen(olga, now + 8 * DAY, "topic")

    [topic] = found.groups
    assert (topic.name, topic.group_id, topic.whole.asked, topic.whole.on_time) == ("update", 0, 2, 1)
    assert (found.whole.asked, median(topic.times), median(found.times)) == (2, 30, 30)
    assert topic.times == found.times


def test_managers_are_told_of_their_groups_and_not_of_the_company(
    olga: people.Person, ines: people.Person, maya: people.Person, operations: people.Group, does: Does, now: datetime
) -> None:
    does(maya, "read", publish(by=olga, audience=EVERYONE, now=now))

    found = seen(ines, now + DAY, "topic")

    assert [group.name for group in found.groups] == ["Operations"]
    assert found.groups[0].times is not None
    assert (found.times, found.load, found.health, found.loads) == (None, None, None, ())


@pytest.mark.parametrize("kind", ["function", "topic"])
def test_a_year_of_announcements_is_as_many_queries_as_one(
    kind: analytics.AlignmentBy, olga: people.Person, operations: people.Group, now: datetime
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            seen(olga, now + 2 * DAY, kind)
        return len(asked)

    publish(by=olga, audience=EVERYONE, now=now)
    seen(olga, now + DAY, kind)
    before = queries()
    for n in range(10):
        publish(by=olga, audience=EVERYONE, now=now + n * timedelta(hours=2))
    seen(olga, now + DAY, kind)

    assert queries() == before
