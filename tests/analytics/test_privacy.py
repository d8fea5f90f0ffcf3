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
    cells: dict[tuple[int, ...], int], kinds: dict[int, people.GroupKind] | None = None, everyone: bool = True
) -> list[int]:
    """Return which groups are shown where so many people are in exactly these."""
    ids = {id for cell in cells for id in cell}
    branches = [people.Branch(id, str(id), (kinds or {}).get(id, "function"), None) for id in ids]
    sets = {frozenset(cell): many for cell, many in cells.items()}
    return sorted(large_enough(cells=sets, branches=branches, everyone=everyone))


def test_what_follows_by_subtraction_is_hidden_as_well() -> None:
    assert shown({(1,): 5, (): 5}) == [1]
    assert shown({(1,): 5, (): 4}) == []
    assert shown({(1,): 5}) == [1]
    assert shown({(1,): 10, (2,): 9, (): 3}) == [1]
    assert shown({(1, 2): 9, (1,): 3, (): 18}) == [1]
    assert shown({(1, 2): 9, (1, 3): 7, (1,): 5, (): 10}) == [1, 2, 3]


def test_a_few_that_lie_in_two_groups_are_not_told_of() -> None:
    assert shown({(1,): 9, (1, 2): 3, (2,): 8}) == [1]
    assert shown({(1,): 9, (1, 2): 5, (2,): 8}) == [1, 2]


def test_kinds_are_weighed_together() -> None:
    assert shown({(1, 2): 7, (1,): 3, (): 30}, {1: "location"}) == [2]
    assert shown({(1, 2): 7, (1,): 3, (3,): 30}, {1: "location"}, everyone=False) == [1, 3]
    assert shown({(1, 2): 7, (1,): 5, (): 28}, {1: "location"}) == [1, 2]


def test_groups_that_run_across_others_are_shown_though_few_are_in_both() -> None:
    places: dict[int, people.GroupKind] = dict.fromkeys(range(11, 14), "location")
    across = {(function, place): 3 for function in range(1, 5) for place in places}

    assert shown(across, places) == [1, 2, 3, 4, 11, 12, 13]
    # All who are at place 11 but for two are in function 1, and nobody else is: the two follow.
    assert 11 not in shown({(1, 11): 9, (2, 11): 2, (2, 12): 12, (3, 12): 12}, places)


def test_what_is_told_by_no_single_difference_is_not_told_either() -> None:
    # 1 and 2 less 11 and 12 are three people.
    cells = {(1, 11): 8, (1, 12): 8, (2, 11): 8, (2,): 3, (3,): 9, (3, 13): 9}
    kinds: dict[int, people.GroupKind] = dict.fromkeys(range(11, 14), "location")

    assert shown(cells) != [1, 2, 3, 11, 12, 13]
    assert shown(cells, kinds) == [1, 2, 3, 11, 13]


def test_groups_side_by_side_never_tell_of_fewer_than_five() -> None:
    for sizes in combinations(range(1, 14), 3):
        for others in (0, 3, 5):
            kept = shown({(): others, **{(id,): many for id, many in enumerate(sizes, start=1)}})
            rest = others + sum(many for id, many in enumerate(sizes, start=1) if id not in kept)
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
