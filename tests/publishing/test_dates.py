"""A deadline and an expiry are dates that every reader's clock can tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing

END_OF_TIME = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
BEGINNING = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))


@pytest.mark.parametrize("field", ["deadline", "expires_at"])
@pytest.mark.parametrize("at", [END_OF_TIME, BEGINNING])
def test_a_date_out_of_reach_is_refused_at_its_field(
    ines: people.Person, operations: people.Group, now: datetime, field: str, at: datetime
) -> None:
    draft = publishing.create(by=ines.id, draft=publishing.Draft(title="Dock 4 closes"), now=now)
    far = publishing.Draft(**{field: at})

    with pytest.raises(errors.Invalid) as refused:
        publishing.revise(announcement_id=draft.id, by=ines.id, draft=far, now=now)

    assert refused.value.fields == {field: ["Choose a date at most five years ahead."]}
    with pytest.raises(errors.Invalid):
        publishing.create(by=ines.id, draft=far, now=now)


def test_a_date_within_five_years_is_kept(ines: people.Person, operations: people.Group, now: datetime) -> None:
    soon = publishing.Draft(deadline=now + timedelta(days=1800))

    assert publishing.create(by=ines.id, draft=soon, now=now).deadline == soon.deadline


def test_a_published_announcement_gets_no_date_out_of_reach(
    ines: people.Person, operations: people.Group, now: datetime
) -> None:
    audience = people.Audience(group_ids=(operations.id,))
    given = publishing.Draft(title="Dock 4 closes", audience=audience, ask_acknowledge=True)
    draft = publishing.create(by=ines.id, draft=given, now=now)
    publishing.publish(announcement_id=draft.id, by=ines.id, now=now)

    with pytest.raises(errors.Invalid, match="five years"):
        publishing.correct(
            announcement_id=draft.id,
            by=ines.id,
            draft=publishing.Draft(deadline=END_OF_TIME),
            change="material",
            now=now,
        )
