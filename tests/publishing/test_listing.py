"""What one manages is listed by the time of its state, page by page."""

from __future__ import annotations

from datetime import datetime, timedelta

from announcements.people import services as people
from announcements.publishing import services as publishing

DAY = timedelta(days=1)


def through(by: int, now: datetime, state: publishing.Shelf) -> list[int]:
    """Return the ids of a state, taken two by two."""
    found: list[publishing.Announcement] = []
    before: tuple[datetime, int] | None = None
    while page := publishing.mine(by=by, now=now, state=state, before=before, limit=2):
        found += page
        before = (publishing.listed_at(item=page[-1], state=state), page[-1].id)
    return [item.id for item in found]


def copies(draft: publishing.Announcement, now: datetime) -> list[int]:
    return [
        publishing.duplicate(announcement_id=draft.id, by=draft.author_id, now=now + number * timedelta(minutes=1)).id
        for number in range(5)
    ]


def test_what_is_scheduled_comes_the_soonest_first(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    ids = copies(draft, now)
    for id, days in zip(ids, (3, 1, 2, 2, 9), strict=True):
        publishing.schedule(announcement_id=id, by=ines.id, when=publishing.When(now + days * DAY), now=now)

    assert through(ines.id, now, "scheduled") == [ids[1], ids[2], ids[3], ids[0], ids[4]]


def test_what_is_out_comes_as_it_went_out_the_newest_first(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    ids = copies(draft, now)
    for minute, id in enumerate((ids[4], ids[0], ids[2])):
        publishing.publish(announcement_id=id, by=ines.id, now=now + timedelta(hours=1, minutes=minute))

    assert through(ines.id, now + DAY, "published") == [ids[2], ids[0], ids[4]]


def test_drafts_come_by_their_last_change(ines: people.Person, draft: publishing.Announcement, now: datetime) -> None:
    ids = copies(draft, now)
    publishing.revise(announcement_id=ids[1], by=ines.id, draft=publishing.Draft(title="Later"), now=now + DAY)

    assert through(ines.id, now + DAY, "draft") == [
        ids[1],
        ids[4],
        ids[3],
        ids[2],
        *sorted((ids[0], draft.id), reverse=True),
    ]


def test_who_manages_a_group_finds_what_others_say_to_it_once_it_is_out(
    olga: people.Person, ines: people.Person, hugo: people.Person, maya: people.Person, draft: publishing.Announcement, now: datetime
) -> None:  # fmt: skip
    everyone = publishing.Draft(title="Holidays", audience=people.Audience(everyone=True))
    wide = publishing.create(by=olga.id, draft=everyone, now=now)
    publishing.publish(announcement_id=wide.id, by=olga.id, now=now)
    assert publishing.mine(by=hugo.id, now=now) == []
    publishing.schedule(announcement_id=draft.id, by=ines.id, when=publishing.When(now + DAY), now=now)
    assert publishing.mine(by=hugo.id, now=now) == []

    publishing.publish(announcement_id=draft.id, by=ines.id, now=now)

    for state in ("published", None):
        assert [item.id for item in publishing.mine(by=hugo.id, now=now, state=state)] == [draft.id]
    assert publishing.tallies(by=hugo.id, now=now)["published"] == 1
    assert publishing.mine(by=maya.id, now=now) == []
    publishing.withdraw(announcement_id=draft.id, by=ines.id, reason="Wrong dock.", now=now)
    assert [item.id for item in publishing.mine(by=hugo.id, now=now, state="archive")] == [draft.id]


def test_it_goes_with_the_group_also_with_one_above(
    olga: people.Person, hugo: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    customs = people.create_group(by=olga.id, name="Customs", kind="project", parent_id=operations.id, now=now)
    people.add_member(by=olga.id, group_id=customs.id, person_id=maya.id, now=now)
    said = publishing.Draft(title="Papers", audience=people.Audience(group_ids=(customs.id,)))
    item = publishing.create(by=olga.id, draft=said, now=now)
    publishing.publish(announcement_id=item.id, by=olga.id, now=now)
    assert [one.id for one in publishing.mine(by=hugo.id, now=now)] == [item.id]
    assert set(publishing.managed(by=hugo.id, ids=[item.id], now=now)) == {item.id}

    people.end_membership(by=olga.id, group_id=operations.id, person_id=hugo.id, now=now + DAY)

    assert publishing.mine(by=hugo.id, now=now + DAY) == []
