"""No nudge and no digest goes out on a public holiday: of the company, or of the groups that name their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from announcements.delivery import models
from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.delivery.conftest import Announce
from tests.delivery.postbox import Postbox

DAY = timedelta(days=1)
Tick = Callable[[datetime], int]
# Independence Restoration Day in Portugal; a working day elsewhere.
TUESDAY_BEFORE = datetime(2026, 11, 30, 10, tzinfo=UTC)
FIRST_OF_DECEMBER = datetime(2026, 12, 1, 10, tzinfo=UTC)


def company(olga: people.Person, calendar: str, now: datetime) -> None:
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(calendar=calendar), now=now)


def due(person: people.Person) -> datetime:
    return models.Nudge.objects.get(recipient_id=person.id).due_at


def test_a_nudge_waits_for_the_day_after_the_companys_holiday(
    olga: people.Person, joao: people.Person, announce: Announce, now: datetime
) -> None:
    company(olga, "PT", now)
    announce(at=TUESDAY_BEFORE, nudge_hours=(24,))

    assert due(joao) == datetime(2026, 12, 2, 9, tzinfo=UTC)  # nine in Lisbon


def test_a_group_has_holidays_of_its_own_and_its_sub_groups_with_it(
    olga: people.Person, maya: people.Person, joao: people.Person, announce: Announce, now: datetime
) -> None:
    about = people.About(calendar="PT")
    portugal = people.create_group(by=olga.id, name="Portugal", kind="location", about=about, now=now)
    porto = people.create_group(by=olga.id, name="Porto", kind="location", parent_id=portugal.id, now=now)
    people.add_member(by=olga.id, group_id=porto.id, person_id=joao.id, now=now)
    announce(at=TUESDAY_BEFORE, nudge_hours=(24,))

    assert due(maya) == FIRST_OF_DECEMBER
    assert due(joao) == datetime(2026, 12, 2, 9, tzinfo=UTC)


def test_when_nudges_would_land_knows_the_holidays_of_groups(
    olga: people.Person, maya: people.Person, joao: people.Person, now: datetime
) -> None:
    people.update_profile(by=maya.id, changes=people.ProfileChanges(timezone="Europe/Lisbon"), now=now)
    about = people.About(calendar="PT")
    portugal = people.create_group(by=olga.id, name="Portugal", kind="location", about=about, now=now)
    porto = people.create_group(by=olga.id, name="Porto", kind="location", parent_id=portugal.id, now=now)
    people.add_member(by=olga.id, group_id=porto.id, person_id=joao.id, now=now)
    audience = people.Audience(person_ids=(maya.id, joao.id))

    (lisbon,) = delivery.landing(
        by=olga.id, audience=audience, when=publishing.When(), nudge_hours=(24,), now=TUESDAY_BEFORE
    )

    assert lisbon.nudges == ((FIRST_OF_DECEMBER, datetime(2026, 12, 2, 9, tzinfo=UTC)),)


def test_a_groups_holidays_stand_in_for_the_companys(
    olga: people.Person, joao: people.Person, operations: people.Group, announce: Announce, now: datetime
) -> None:
    company(olga, "PT", now)
    changes = people.GroupChanges(calendar="NL")
    people.update_group(by=olga.id, group_id=operations.id, changes=changes, now=now)
    announce(at=TUESDAY_BEFORE, nudge_hours=(24,))

    assert due(joao) == FIRST_OF_DECEMBER


def test_holidays_that_are_set_later_hold_back_what_was_planned(
    olga: people.Person, maya: people.Person, announce: Announce, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    announce(at=TUESDAY_BEFORE, nudge_hours=(24,))
    company(olga, "PT", now)

    tick(FIRST_OF_DECEMBER)
    assert postbox.mails == []
    tick(FIRST_OF_DECEMBER + DAY)
    assert maya.email in postbox.recipients


def test_a_digest_on_a_holiday_comes_the_day_after(
    olga: people.Person, maya: people.Person, announce: Announce, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    company(olga, "NL", now)
    delivery.set_preference(by=maya.id, digest="daily", now=now)
    thursday = datetime(2026, 12, 24, 9, tzinfo=UTC)
    announce(at=thursday, ask_acknowledge=False, nudge_hours=())
    tick(thursday)
    for hours in range(0, 24 * 4, 3):  # both days of Christmas, and a weekend with one of them
        tick(datetime(2026, 12, 24, 23, tzinfo=UTC) + timedelta(hours=hours))

    [mail] = postbox.to(maya.email)
    assert mail["Date"].datetime.date().isoformat() == "2026-12-28"


@pytest.mark.parametrize("code", ["XX", "DE-XX", "de", "PT;", "D", "-BY"])
def test_what_is_no_calendar_is_refused_by_name(olga: people.Person, code: str, now: datetime) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        company(olga, code, now)

    assert list(refusal.value.fields) == ["calendar"]
    with pytest.raises(errors.NotFound):
        people.holidays_ahead(calendar=code, now=now)


def test_every_calendar_there_is_may_be_named() -> None:
    found = people.calendars()

    names = {calendar.code: calendar.name for calendar in found}
    assert len(names) == len(found) > 200
    assert names["US"] == "United States"
    [germany] = [calendar for calendar in found if calendar.code == "DE"]
    assert ("DE-BY", "Bayern") in [(region.code, region.name) for region in germany.regions]


def test_the_coming_days_of_a_calendar_are_a_year(now: datetime) -> None:
    found = people.holidays_ahead(calendar="DE-BY", now=now)

    days = [day for day, _ in found]
    assert days == sorted(days)
    assert now.date() <= days[0] < days[-1] <= now.date() + 365 * DAY
    assert "Epiphany" in {name for _, name in found}, "a day of that region"
