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
