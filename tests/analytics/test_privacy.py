"""The privacy profile of the workspace is kept where numbers are made, whoever asks by whatever way."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import combinations

import pytest

from announcements.analytics import services as analytics
from announcements.analytics._privacy import SMALLEST, large_enough
from announcements.audit import services as audit
from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.analytics.conftest import Does, publish
from tests.conftest import join

HOUR = timedelta(hours=1)


def profile(olga: people.Person, privacy: people.Privacy, now: datetime) -> None:
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy=privacy), now=now)


@pytest.fixture
def news(ines: people.Person, operations: people.Group, now: datetime) -> publishing.Announcement:
    return publish(by=ines, audience=people.Audience(group_ids=(operations.id,)), now=now, ask=False)


@pytest.mark.parametrize("privacy", ["standard", "works_council"])
def test_where_nothing_was_asked_nobody_is_named(
    privacy: people.Privacy, olga: people.Person, news: publishing.Announcement, now: datetime
) -> None:
    profile(olga, privacy, now)

    with pytest.raises(analytics.NamesNotShown):
        analytics.missing(by=olga.id, announcement_id=news.id, now=now)
    assert not analytics.reach(by=olga.id, announcement_id=news.id, now=now).names


def test_the_open_profile_names_who_has_yet_to_read(
    olga: people.Person, maya: people.Person, news: publishing.Announcement, does: Does, now: datetime
) -> None:
    profile(olga, "open", now)
    does(maya, "read", news)

    named = analytics.missing(by=olga.id, announcement_id=news.id, now=now + HOUR)

    assert [person.name for person in named] == ["Ines Carvalho", "Joao Matias"]
    assert analytics.reach(by=olga.id, announcement_id=news.id, now=now + HOUR).names


def test_a_works_council_tells_reading_facts_of_nobody(
    olga: people.Person, landed: publishing.Announcement, now: datetime
) -> None:
    profile(olga, "works_council", now)

    named = analytics.missing(by=olga.id, announcement_id=landed.id, now=now + HOUR)

    assert [(person.name, person.got_to) for person in named] == [("Ines Carvalho", None), ("Joao Matias", None)]


def test_a_works_council_has_no_reading_times(
    olga: people.Person,
    maya: people.Person,
    joao: people.Person,
    ines: people.Person,
    operations: people.Group,
    does: Does,
    now: datetime,
) -> None:
    for n in range(2):
        person = join(olga, f"N{n} Driver", "Europe/Lisbon", now - HOUR)
        people.add_member(by=olga.id, group_id=operations.id, person_id=person.id, now=now - HOUR)
    notice = publish(by=ines, audience=people.Audience(group_ids=(operations.id,)), now=now)
    does(joao, "read", notice)
    profile(olga, "works_council", now)
    does(maya, "read", notice)

    reach = analytics.reach(by=olga.id, announcement_id=notice.id, now=now + HOUR)
    landed = analytics.overview(by=olga.id, announcement_ids=[notice.id], now=now + HOUR)[notice.id]

    assert (reach.opened, reach.read) == (landed.counts.opened, landed.counts.read) == (2, 0)
    [kept] = [one for one in delivery.facts(announcement_id=notice.id) if one.recipient_id == maya.id]
    assert (kept.opened_at, kept.read_at) == (now + timedelta(minutes=10), None)


def test_a_works_council_is_told_of_fewer_than_five_only_who_confirmed(
    olga: people.Person, landed: publishing.Announcement, now: datetime
) -> None:
    profile(olga, "works_council", now)

    reach = analytics.reach(by=olga.id, announcement_id=landed.id, now=now + HOUR)
    short = analytics.overview(by=olga.id, announcement_ids=[landed.id], now=now + HOUR)[landed.id].counts

    assert reach.few
    assert (reach.displayed, reach.opened, reach.read, reach.acknowledged) == (None, None, None, 1)
    assert (short.displayed, short.opened, short.read, short.acknowledged) == (None, None, None, 1)
    assert {point.opened for point in reach.curve} == {None}
    assert reach.curve[-1].acknowledged == 1
    assert reach.channel_of == "acknowledged"


def test_a_works_council_sees_no_group_of_fewer_than_five_nor_one_that_leaves_fewer(
    olga: people.Person, operations: people.Group, now: datetime
) -> None:
    sales = people.create_group(by=olga.id, name="Sales", kind="function", now=now)
    legal = people.create_group(by=olga.id, name="Legal", kind="function", now=now)
    for n in range(6):
        person = join(olga, f"N{n} Seller", "Europe/Lisbon", now)
        people.add_member(by=olga.id, group_id=sales.id, person_id=person.id, now=now)
    people.add_member(by=olga.id, group_id=legal.id, person_id=olga.id, now=now)
    notice = publish(by=olga, audience=people.Audience(everyone=True), now=now)

    def shown() -> tuple[list[tuple[str, int]], int]:
        reach = analytics.reach(by=olga.id, announcement_id=notice.id, now=now + HOUR)
        return [(group.name, group.recipients) for group in reach.by_group], reach.groups_hidden

    assert shown() == ([("Sales", 6), ("Operations", 3), ("Legal", 1)], 0)
    profile(olga, "works_council", now)
    # Ten people: six in Sales leave four.
    assert shown() == ([], 3)


def shown(
    total: int,
    sizes: dict[int, int],
    parents: dict[int, int] | None = None,
    kinds: dict[int, people.GroupKind] | None = None,
    everyone: bool = True,
) -> list[int]:
    tree = {id: people.Branch(id, str(id), (kinds or {}).get(id, "function"), (parents or {}).get(id)) for id in sizes}
    return sorted(large_enough(sizes={0: total, **sizes}, tree=tree, everyone=everyone))


def test_what_follows_by_subtraction_is_hidden_as_well() -> None:
    assert shown(10, {1: 5}) == [1]
    assert shown(9, {1: 5}) == []
    assert shown(5, {1: 5}) == [1]
    assert shown(23, {1: 10, 2: 10}) == [1]
    assert shown(30, {1: 12, 2: 9}, {2: 1}) == [1]
    assert shown(30, {1: 20, 2: 9, 3: 8}, {2: 1, 3: 1}) == [1, 2]


def test_groups_that_run_across_others_hide_neither_a_few_nor_tell_of_them() -> None:
    functions, across = {1: 9, 2: 8, 3: 3}, {4: 6}
    assert shown(20, functions) == [1]
    assert shown(20, functions | across, kinds={4: "location"}) == [1]
    assert shown(60, {1: 30, 2: 20} | across, kinds={4: "location"}) == [1, 2]
    assert shown(60, {1: 30, 2: 14} | across, kinds={4: "location"}) == [1, 2, 4]


def test_what_went_to_some_groups_is_told_by_them_before_those_that_run_across() -> None:
    functions: dict[int, int] = dict(enumerate((14, 11, 9, 8, 7, 6), start=1))
    places: dict[int, people.GroupKind] = {11: "location", 12: "location"}
    assert shown(55, functions | {11: 34, 12: 21}, kinds=places) == [1, 2, 3, 4, 5, 6]
    assert {11, 12} <= set(shown(55, functions | {11: 34, 12: 21}, kinds=places, everyone=False))


def test_a_few_that_lie_in_two_groups_are_not_told_of() -> None:
    assert shown(20, {1: 12, 2: 11}) == [1]


def test_kinds_that_nest_are_weighed_together() -> None:
    assert shown(40, {1: 10, 2: 7}, {2: 1}, {1: "division"}) == [1]
    assert shown(40, {1: 12, 2: 7}, {2: 1}, {1: "division"}) == [1, 2]


def test_groups_side_by_side_never_tell_of_fewer_than_five() -> None:
    for sizes in combinations(range(1, 14), 3):
        for others in (0, 3, 5):
            total = sum(sizes) + others
            kept = shown(total, dict(enumerate(sizes, start=1)))
            rest = total - sum(sizes[id - 1] for id in kept)
            assert all(sizes[id - 1] >= SMALLEST for id in kept)
            assert rest == 0 or rest >= SMALLEST


def test_each_look_at_names_is_noted_and_told_to_those_on_the_list(
    ines: people.Person,
    olga: people.Person,
    maya: people.Person,
    joao: people.Person,
    news: publishing.Announcement,
    does: Does,
    now: datetime,
) -> None:
    profile(olga, "open", now)
    does(maya, "read", news)
    analytics.missing(by=ines.id, announcement_id=news.id, now=now + HOUR, limit=1)
    analytics.missing(by=ines.id, announcement_id=news.id, now=now + 2 * HOUR, after=("Ines Carvalho", ines.id))

    assert [(look.by, look.at) for look in audit.stored(by=joao.id).looks] == [
        (ines.id, now + HOUR),
        (ines.id, now + 2 * HOUR),
    ]
    assert audit.stored(by=maya.id).looks == ()
