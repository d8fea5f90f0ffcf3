"""Who may do what with an announcement: each act, asked by everybody there is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.conftest import join

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
Act = Callable[[int, int, datetime], object]

ON_A_DRAFT: dict[str, Act] = {
    "revise": lambda id, by, now: publishing.revise(
        announcement_id=id, by=by, draft=publishing.Draft(title="Other"), now=now
    ),
    "publish": lambda id, by, now: publishing.publish(announcement_id=id, by=by, now=now),
    "schedule": lambda id, by, now: publishing.schedule(
        announcement_id=id, by=by, when=publishing.When(now + HOUR), now=now
    ),
    "discard": lambda id, by, now: publishing.discard(announcement_id=id, by=by, now=now),
    "duplicate": lambda id, by, now: publishing.duplicate(announcement_id=id, by=by, now=now),
    "look at the checklist": lambda id, by, now: publishing.obstacles(announcement_id=id, by=by, now=now),
}
ON_WHAT_IS_OUT: dict[str, Act] = {
    "correct": lambda id, by, now: publishing.correct(
        announcement_id=id, by=by, draft=publishing.Draft(title="Other"), change="typo", now=now
    ),
    "restore": lambda id, by, now: publishing.restore_version(
        announcement_id=id, by=by, again=publishing.Again(1, "typo"), now=now
    ),
    "pin": lambda id, by, now: publishing.pin(announcement_id=id, by=by, now=now),
    "unpin": lambda id, by, now: publishing.unpin(announcement_id=id, by=by, now=now),
    "expire": lambda id, by, now: publishing.expire(announcement_id=id, by=by, at=now, now=now),
    "withdraw": lambda id, by, now: publishing.withdraw(announcement_id=id, by=by, reason="Wrong dock.", now=now),
}
ON_ITS_PAST: dict[str, Act] = {
    "read its versions": lambda id, by, now: publishing.versions(by=by, announcement_id=id, now=now),
    "compare": lambda id, by, now: publishing.compared(by=by, announcement_id=id, since=1, until=1, now=now),
}
# Who asks, and what each is told: None is a yes.
WRITERS: dict[str, type[errors.Refused] | None] = {
    "author": None,
    "admin": None,
    "owner": None,
    "member": errors.NotFound,
    "outsider": errors.NotFound,
    "stranger": errors.NotFound,
    "deactivated admin": errors.NotFound,
    "deactivated manager": errors.NotFound,
}


@pytest.fixture
def cast(
    olga: people.Person,
    ines: people.Person,
    hugo: people.Person,
    adam: people.Person,
    maya: people.Person,
    charlie: people.Person,
    operations: people.Group,
    now: datetime,
) -> dict[str, int]:
    """Return everybody by what they are to an announcement of Ines's to Operations."""
    outsider, gone, over = (join(olga, name, "Europe/Oslo", now) for name in ("Nils Aune", "Gita Rao", "Owen Pace"))
    people.change_role(by=olga.id, person_id=gone.id, role="admin", now=now)
    people.add_member(by=olga.id, group_id=operations.id, person_id=over.id, role="manager", now=now)
    for person in (gone, over):
        people.deactivate(by=olga.id, person_id=person.id, now=now)
    return {
        "author": ines.id,
        "manager": hugo.id,
        "admin": adam.id,
        "owner": olga.id,
        "member": maya.id,
        "outsider": outsider.id,
        "stranger": charlie.id,
        "deactivated admin": gone.id,
        "deactivated manager": over.id,
    }


def held(act: Act, id: int, by: int, now: datetime, refused: type[errors.Refused] | None) -> None:
    if refused is None:
        act(id, by, now)
        return
    with pytest.raises(refused):
        act(id, by, now)


@pytest.mark.parametrize("who", [*WRITERS, "manager"])
@pytest.mark.parametrize("act", ON_A_DRAFT)
def test_a_draft_is_its_authors_and_admins(
    cast: dict[str, int], draft: publishing.Announcement, act: str, who: str, now: datetime
) -> None:
    held(ON_A_DRAFT[act], draft.id, cast[who], now, (WRITERS | {"manager": errors.NotFound})[who])


@pytest.mark.parametrize("who", [*WRITERS, "manager"])
@pytest.mark.parametrize("act", ON_WHAT_IS_OUT)
def test_what_is_out_is_changed_by_its_author_and_admins_and_only_seen_by_managers(
    cast: dict[str, int], notice: publishing.Announcement, act: str, who: str, now: datetime
) -> None:
    held(ON_WHAT_IS_OUT[act], notice.id, cast[who], now, (WRITERS | {"manager": publishing.NotAuthor})[who])


@pytest.mark.parametrize("who", [*WRITERS, "manager"])
@pytest.mark.parametrize("act", ON_ITS_PAST)
def test_its_past_is_for_who_manages_it(
    cast: dict[str, int], notice: publishing.Announcement, act: str, who: str, now: datetime
) -> None:
    held(ON_ITS_PAST[act], notice.id, cast[who], now, (WRITERS | {"manager": None})[who])


@pytest.mark.parametrize("act", ON_WHAT_IS_OUT)
def test_an_author_who_may_not_address_its_audience_any_more_only_reads_it(
    olga: people.Person,
    ines: people.Person,
    operations: people.Group,
    notice: publishing.Announcement,
    act: str,
    now: datetime,
) -> None:
    people.end_membership(by=olga.id, group_id=operations.id, person_id=ines.id, now=now + DAY)
    later = now + DAY

    with pytest.raises(people.AudienceNotYours):
        ON_WHAT_IS_OUT[act](notice.id, ines.id, later)

    assert publishing.get(announcement_id=notice.id) == notice
    assert publishing.find(by=ines.id, announcement_id=notice.id, now=later) == notice
    assert not publishing.may_change(by=ines.id, announcement=notice, now=later)
    ON_WHAT_IS_OUT[act](notice.id, olga.id, later)


def test_an_admin_who_is_one_no_longer_withdraws_nothing_that_went_to_everyone(
    olga: people.Person, adam: people.Person, now: datetime
) -> None:
    said = publishing.Draft(title="Office closed", audience=people.Audience(everyone=True))
    draft = publishing.create(by=adam.id, draft=said, now=now)
    publishing.publish(announcement_id=draft.id, by=adam.id, now=now)
    people.change_role(by=olga.id, person_id=adam.id, role="member", now=now)

    with pytest.raises(people.AudienceNotYours):
        publishing.withdraw(announcement_id=draft.id, by=adam.id, reason="Never mind.", now=now)


def test_somebody_who_left_the_company_takes_no_right_from_the_author(
    olga: people.Person, ines: people.Person, maya: people.Person, joao: people.Person, operations: people.Group,
    now: datetime,
) -> None:  # fmt: skip
    said = publishing.Draft(title="For two", audience=people.Audience(person_ids=(maya.id, joao.id)))
    draft = publishing.create(by=ines.id, draft=said, now=now)
    publishing.publish(announcement_id=draft.id, by=ines.id, now=now)
    people.deactivate(by=olga.id, person_id=joao.id, now=now)

    corrected = publishing.correct(
        announcement_id=draft.id, by=ines.id, draft=publishing.Draft(title="For one"), change="typo", now=now
    )

    assert corrected.title == "For one"
