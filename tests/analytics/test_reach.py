"""Whoever may manage an announcement sees how it landed, in numbers that add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from announcements.analytics import services as analytics
from announcements.delivery import models as delivery_models
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.analytics.conftest import Does, publish
from tests.conftest import join


@pytest.fixture
def later(now: datetime) -> datetime:
    return now + timedelta(hours=5)


def numbers(counts: analytics.Counts | analytics.Reach | analytics.GroupReach) -> tuple[int, int, int, int, int]:
    return (counts.recipients, counts.displayed, counts.opened, counts.read, counts.acknowledged)


def test_a_confirmation_implies_reading_and_opening(
    ines: people.Person, landed: publishing.Announcement, later: datetime
) -> None:
    reach = analytics.reach(by=ines.id, announcement_id=landed.id, now=later)

    assert (reach.recipients, reach.opened, reach.read, reach.acknowledged) == (3, 1, 1, 1)
    assert reach.by_channel == {"tab": 1}
    assert reach.deactivated == 0
    assert (reach.progress.total, reach.progress.done) == (3, 3)


def test_reach_by_group_and_overview_agree(
    ines: people.Person, operations: people.Group, landed: publishing.Announcement, later: datetime
) -> None:
    reach = analytics.reach(by=ines.id, announcement_id=landed.id, now=later)
    (group,) = reach.by_group
    overview = analytics.overview(by=ines.id, announcement_ids=[landed.id], now=later)

    assert (group.group_id, group.name) == (operations.id, "Operations")
    assert numbers(group) == numbers(reach) == numbers(overview[landed.id].counts)


def test_somebody_in_a_sub_group_counts_in_the_group_above_once(
    olga: people.Person, maya: people.Person, operations: people.Group, now: datetime, later: datetime
) -> None:
    customs = people.create_group(by=olga.id, name="Customs", kind="function", parent_id=operations.id, now=now)
    people.add_member(by=olga.id, group_id=customs.id, person_id=maya.id, now=now)
    both = people.Audience(group_ids=(operations.id, customs.id))
    notice = publish(by=olga, audience=both, now=now)

    reach = analytics.reach(by=olga.id, announcement_id=notice.id, now=later)

    assert reach.recipients == 3
    assert [(group.name, group.recipients) for group in reach.by_group] == [("Operations", 3), ("Customs", 1)]


def test_an_announcement_to_everyone_is_split_by_function(
    olga: people.Person, operations: people.Group, maya: people.Person, does: Does, now: datetime, later: datetime
) -> None:
    notice = publish(by=olga, audience=people.Audience(everyone=True), now=now)
    does(maya, "opened", notice, channel="page")

    reach = analytics.reach(by=olga.id, announcement_id=notice.id, now=later)

    assert reach.recipients == 4
    assert [(group.name, group.recipients, group.opened) for group in reach.by_group] == [("Operations", 3, 1)]


def test_moving_and_closing_groups_changes_neither_audience_nor_numbers(
    olga: people.Person, maya: people.Person, operations: people.Group, does: Does, now: datetime, later: datetime
) -> None:
    europe = people.create_group(by=olga.id, name="Europe", kind="division", now=now)
    asia = people.create_group(by=olga.id, name="Asia", kind="division", now=now)
    customs = people.create_group(by=olga.id, name="Customs", kind="function", parent_id=operations.id, now=now)
    people.add_member(by=olga.id, group_id=customs.id, person_id=olga.id, now=now)
    people.reorganize(by=olga.id, changes=[people.Move(operations.id, europe.id)], now=now)
    notices = [
        publish(by=olga, audience=people.Audience(group_ids=(europe.id, customs.id)), now=now),
        publish(by=olga, audience=people.Audience(everyone=True), now=now),
    ]
    for notice in notices:
        does(maya, "acknowledged", notice)
    before = [analytics.reach(by=olga.id, announcement_id=one.id, now=later) for one in notices]

    changes: list[people.Change] = [
        people.Move(operations.id, asia.id),
        people.Move(customs.id, None),
        people.End(operations.id, maya.id),
        people.Close(europe.id),
        people.Close(customs.id),
    ]
    people.reorganize(by=olga.id, changes=changes, now=later)

    after = [analytics.reach(by=olga.id, announcement_id=one.id, now=later) for one in notices]
    assert after == before
    assert [(g.name, g.recipients, g.acknowledged) for g in after[0].by_group] == [("Europe", 4, 1), ("Customs", 1, 0)]
    assert [(g.name, g.recipients, g.acknowledged) for g in after[1].by_group] == [("Europe", 4, 1)]


def test_a_reorganisation_changes_no_past_number(
    olga: people.Person,
    joao: people.Person,
    operations: people.Group,
    landed: publishing.Announcement,
    later: datetime,
) -> None:
    people.end_membership(by=olga.id, group_id=operations.id, person_id=joao.id, now=later)

    reach = analytics.reach(by=olga.id, announcement_id=landed.id, now=later)

    assert reach.by_group[0].recipients == 3


def test_somebody_deactivated_leaves_every_denominator(
    olga: people.Person, joao: people.Person, landed: publishing.Announcement, later: datetime
) -> None:
    people.deactivate(by=olga.id, person_id=joao.id, now=later)

    reach = analytics.reach(by=olga.id, announcement_id=landed.id, now=later)
    missing = analytics.missing(by=olga.id, announcement_id=landed.id, now=later)
    overview = analytics.overview(by=olga.id, announcement_ids=[landed.id], now=later)

    assert (reach.recipients, reach.deactivated, reach.by_group[0].recipients) == (2, 1, 2)
    assert [person.name for person in missing] == ["Ines Carvalho"]
    assert overview[landed.id].counts.recipients == 2


def test_the_curve_rises_from_publishing_to_now_and_ends_at_the_totals(
    ines: people.Person, joao: people.Person, landed: publishing.Announcement, does: Does, now: datetime
) -> None:
    does(joao, "acknowledged", landed, minutes=150)

    reach = analytics.reach(by=ines.id, announcement_id=landed.id, now=now + timedelta(hours=4))

    assert [(point.at - now, point.acknowledged) for point in reach.curve] == [
        (timedelta(0), 0),
        (timedelta(hours=1), 1),
        (timedelta(hours=2), 1),
        (timedelta(hours=3), 2),
        (timedelta(hours=4), 2),
    ]


def test_a_year_later_the_curve_is_still_short(
    ines: people.Person, joao: people.Person, landed: publishing.Announcement, does: Does, now: datetime
) -> None:
    does(joao, "acknowledged", landed, minutes=60 * 24 * 360)

    reach = analytics.reach(by=ines.id, announcement_id=landed.id, now=now + timedelta(days=365))

    assert len(reach.curve) < 110
    assert (reach.curve[-1].opened, reach.curve[-1].acknowledged) == (2, 2)


@pytest.mark.parametrize("who", ["maya", "charlie"])
def test_a_reader_and_a_stranger_find_no_numbers(
    who: str, request: pytest.FixtureRequest, landed: publishing.Announcement, later: datetime
) -> None:
    person = request.getfixturevalue(who)

    with pytest.raises(errors.NotFound):
        analytics.reach(by=person.id, announcement_id=landed.id, now=later)
    with pytest.raises(errors.NotFound):
        analytics.missing(by=person.id, announcement_id=landed.id, now=later)
    assert analytics.overview(by=person.id, announcement_ids=[landed.id], now=later) == {}


def test_a_manager_of_the_audience_sees_what_others_sent_there(
    olga: people.Person, ines: people.Person, operations: people.Group, now: datetime, later: datetime
) -> None:
    notice = publish(by=olga, audience=people.Audience(group_ids=(operations.id,)), now=now)

    assert analytics.reach(by=ines.id, announcement_id=notice.id, now=later).recipients == 3
    assert set(analytics.overview(by=ines.id, announcement_ids=[notice.id], now=later)) == {notice.id}


def test_a_draft_has_nothing_to_count(ines: people.Person, operations: people.Group, later: datetime) -> None:
    audience = people.Audience(group_ids=(operations.id,))
    draft = publishing.create(by=ines.id, draft=publishing.Draft(title="Soon", audience=audience), now=later)

    with pytest.raises(publishing.NotPublished):
        analytics.reach(by=ines.id, announcement_id=draft.id, now=later)
    assert analytics.overview(by=ines.id, announcement_ids=[draft.id], now=later) == {}


def test_the_number_of_queries_does_not_grow_with_the_audience(
    olga: people.Person,
    landed: publishing.Announcement,
    now: datetime,
    later: datetime,
) -> None:
    def queries(announcement: publishing.Announcement) -> int:
        with CaptureQueriesContext(connection) as captured:
            analytics.reach(by=olga.id, announcement_id=announcement.id, now=later)
            analytics.missing(by=olga.id, announcement_id=announcement.id, now=later)
        return len(captured)

    few = queries(landed)
    for n in range(20):
        join(olga, f"N{n} Reader", "Europe/Lisbon", now)
    many = publish(by=olga, audience=people.Audience(everyone=True), now=now)

    assert analytics.reach(by=olga.id, announcement_id=many.id, now=later).recipients == 24
    assert queries(many) <= few


def test_who_joined_later_is_counted_apart(
    ines: people.Person, olga: people.Person, operations: people.Group, landed: publishing.Announcement, now: datetime
) -> None:
    newcomer = join(olga, "Nadia Okafor", "Europe/Lisbon", now + timedelta(hours=1))
    later = now + timedelta(hours=5)
    before = analytics.reach(by=ines.id, announcement_id=landed.id, now=later, joined_later=True)
    people.add_member(by=olga.id, group_id=operations.id, person_id=newcomer.id, now=now + timedelta(hours=2))

    after = analytics.reach(by=ines.id, announcement_id=landed.id, now=later, joined_later=True)

    assert (before.joined_later, after.joined_later) == (0, 1)
    assert replace(after, joined_later=0) == before
    assert analytics.reach(by=ines.id, announcement_id=landed.id, now=later).joined_later is None
    people.deactivate(by=olga.id, person_id=newcomer.id, now=now + timedelta(hours=3))
    gone = analytics.reach(by=ines.id, announcement_id=landed.id, now=later, joined_later=True)
    assert gone.joined_later == 0


def test_who_was_away_from_the_company_when_it_went_out_and_came_back_joined_later(
    olga: people.Person, maya: people.Person, operations: people.Group, now: datetime, later: datetime
) -> None:
    people.deactivate(by=olga.id, person_id=maya.id, now=now - timedelta(hours=1))
    notice = publish(by=olga, audience=people.Audience(group_ids=(operations.id,)), now=now)
    people.reactivate(by=olga.id, person_id=maya.id, now=now + timedelta(hours=1))

    reach = analytics.reach(by=olga.id, announcement_id=notice.id, now=later, joined_later=True)

    assert (reach.recipients, reach.joined_later) == (2, 1)


def test_who_moved_to_where_it_was_meant_for_joined_later_and_who_moved_away_takes_nobodys_place(
    olga: people.Person, maya: people.Person, joao: people.Person, now: datetime, later: datetime
) -> None:
    def moves(person: people.Person, to: str) -> None:
        people.update_person(by=olga.id, person_id=person.id, changes=people.PersonChanges(location=to), now=now)

    moves(joao, "Oslo")
    oslo = people.Audience(attributes=(people.Attribute("location", "Oslo"),))
    notice = publish(by=olga, audience=oslo, now=now)
    moves(maya, "Oslo")
    moves(joao, "Porto")

    reach = analytics.reach(by=olga.id, announcement_id=notice.id, now=later, joined_later=True)

    assert (reach.recipients, reach.joined_later) == (1, 1)


def test_who_joined_later_is_counted_where_it_went_out_before_recipients_were_kept(
    olga: people.Person, joao: people.Person, maya: people.Person, now: datetime, later: datetime
) -> None:
    notice = publish(by=olga, audience=people.Audience(person_ids=(joao.id, olga.id)), now=now)
    everybody = publish(by=olga, audience=people.Audience(everyone=True), now=now)
    join(olga, "Nadia Okafor", "Europe/Lisbon", now + timedelta(hours=1))
    ids = (notice.id, everybody.id)
    kept = dict(delivery_models.FanOut.objects.values_list("announcement_id", "recipients"))
    delivery_models.FanOut.objects.update(recipients=None)

    found = [analytics.reach(by=olga.id, announcement_id=id, now=later, joined_later=True).joined_later for id in ids]

    assert found == [0, 1]
    assert dict(delivery_models.FanOut.objects.values_list("announcement_id", "recipients")) == kept
    assert all(kept.values())


def test_nobody_joined_later_while_it_is_going_out(olga: people.Person, maya: people.Person, now: datetime) -> None:
    draft = publishing.Draft(title="Dock 4", body="<p>x</p>", audience=people.Audience(everyone=True))
    made = publishing.create(by=olga.id, draft=draft, now=now)
    publishing.publish(announcement_id=made.id, by=olga.id, now=now)

    reach = analytics.reach(by=olga.id, announcement_id=made.id, now=now, joined_later=True)

    assert (reach.progress.finished_at, reach.joined_later) == (None, 0)
