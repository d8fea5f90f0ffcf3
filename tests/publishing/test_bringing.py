"""Bringing in what was said elsewhere: as it was said then, reaching nobody, and gone again while nobody has touched it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from announcements.analytics import services as analytics
from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.media import services as media
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.media.conftest import ready, storage  # noqa: F401  fixtures
from tests.pictures import picture

DAY = timedelta(days=1)
Told = Callable[..., publishing.Whole]


@pytest.fixture
def told(ines: people.Person, to_operations: people.Audience, now: datetime) -> Told:
    """Return a function that makes what Ines said to Operations a year ago and corrected a day later, with changes."""

    def make(versions: tuple[publishing.Version, ...] | None = None, **changes: Any) -> publishing.Whole:
        year = now - timedelta(days=365)
        said = publishing.Announcement(
            id=0, workspace_id=0, author_id=ines.id, kind="policy", title="Dock 4 closed", summary="Use dock 6.",
            body="<p>Since Tuesday.</p>", audience=to_operations, ask_acknowledge=True, deadline=now + DAY,
            nudge_hours=(24.0,), expires_at=None, version=2, revision=9, created_at=year, updated_at=year + DAY, updated_by=ines.id,
            planned=None, scheduled_for=None, own_clock=None, refused={}, published_at=year, pin=False, pinned_at=None, withdrawn_at=None,
            withdraw_reason="",
        )  # fmt: skip
        said = replace(said, **changes)
        first = publishing.Version(0, 1, said.title, said.summary, "<p>From Monday on.</p>", "first", ines.id, year)
        second = replace(first, number=2, body=said.body, change="material", at=year + DAY)
        return publishing.Whole(said, (first, second) if versions is None else versions)

    return make


def test_it_stands_as_it_was_said_then(told: Told, olga: people.Person, ines: people.Person, now: datetime) -> None:
    brought = publishing.bring_in(by=olga.id, whole=told(), now=now)

    year = now - timedelta(days=365)
    assert (brought.author_id, brought.published_at, brought.state(now)) == (ines.id, year, "published")
    versions = publishing.versions(by=ines.id, announcement_id=brought.id, now=now)
    assert [(one.number, one.change, one.at) for one in versions] == [(1, "first", year), (2, "material", year + DAY)]
    assert [one.body for one in versions] == ["<p>From Monday on.</p>", "<p>Since Tuesday.</p>"]


def test_it_reaches_nobody_and_nobody_is_nudged(
    told: Told, olga: people.Person, ines: people.Person, maya: people.Person, now: datetime
) -> None:
    brought = publishing.bring_in(by=olga.id, whole=told(), now=now)

    delivery.sweep(now=now + DAY)
    delivery.fan_out(announcement_id=brought.id, now=now + DAY)

    assert delivery.feed(by=maya.id, now=now + DAY).items == ()
    assert delivery.facts(announcement_id=brought.id) == []
    assert list(delivery.nudge_plan(by=olga.id, announcement_id=brought.id, now=now)) == []
    assert delivery.tick(now=now + 9 * DAY, clock=lambda: now + 9 * DAY) == 0
    again = publishing.Draft(body="<p>Since Wednesday.</p>", deadline=now + 3 * DAY)
    publishing.correct(announcement_id=brought.id, by=ines.id, draft=again, change="material", now=now + DAY)
    assert delivery.feed(by=maya.id, now=now + 2 * DAY).items == ()


def test_those_it_was_for_find_it_and_others_do_not(
    told: Told, olga: people.Person, maya: people.Person, adam: people.Person, charlie: people.Person, now: datetime
) -> None:
    stranger = people.change_role(by=olga.id, person_id=adam.id, role="member", now=now)
    brought = publishing.bring_in(by=olga.id, whole=told(), now=now)

    assert [one.id for one in delivery.archive(by=maya.id, now=now)] == [brought.id]
    assert [hit.announcement.id for hit in delivery.search(by=maya.id, query="tuesday", now=now)] == [brought.id]
    assert delivery.readable(by=maya.id, announcement_id=brought.id, now=now).delivery is None
    for other in (stranger, charlie):
        assert delivery.archive(by=other.id, now=now) == []
        with pytest.raises(errors.NotFound):
            delivery.readable(by=other.id, announcement_id=brought.id, now=now)


def test_a_draft_comes_in_as_a_draft_without_its_schedule(told: Told, olga: people.Person, now: datetime) -> None:
    draft = told((), published_at=None, version=0, scheduled_for=now - DAY, title="")

    brought = publishing.bring_in(by=olga.id, whole=draft, now=now)

    assert brought.state(now) == "draft"
    assert publishing.due(now=now + DAY) == []


def test_three_are_pinned_at_most(told: Told, olga: people.Person, now: datetime) -> None:
    pinned = [publishing.bring_in(by=olga.id, whole=told(pinned_at=now - DAY), now=now).pinned_at for _ in range(4)]

    assert pinned == [now - DAY] * 3 + [None]


def test_pictures_of_earlier_versions_are_known_as_earlier(told: Told, olga: people.Person, now: datetime) -> None:
    old, new = (ready(media.upload(by=olga.id, content=picture((9, 9 + n)), now=now), now) for n in range(2))
    whole = told(body=f'<figure><img src="{new.src}" alt=""></figure>')
    first = replace(whole.versions[0], body=f'<figure><img src="{old.src}" alt=""></figure>')

    brought = publishing.bring_in(by=olga.id, whole=replace(whole, versions=(first, whole.versions[1])), now=now)

    assert media.uses(key=old.key) == [media.Use(brought.id, current=False)]
    assert media.uses(key=new.key) == [media.Use(brought.id, current=True)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"kind": "sermon"}, "kind"),
        ({"author_id": 0}, "author"),
        ({"published_at": timedelta(days=1)}, "published_at"),
        ({"created_at": timedelta(days=-20_000)}, "created_at"),
        ({"withdrawn_at": timedelta(days=-400)}, "withdrawn_at"),
        ({"withdraw_reason": "x" * 281}, "withdraw_reason"),
        ({"versions": ()}, "versions"),
        ({"audience": people.Audience(group_ids=(987,))}, "audience"),
        ({"body": '<img src="/api/v1/images/' + "0" * 32 + '/file">'}, "body"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_written(
    told: Told, olga: people.Person, now: datetime, changes: dict[str, Any], field: str
) -> None:
    given = {name: now + value if isinstance(value, timedelta) else value for name, value in changes.items()}

    with pytest.raises(errors.Invalid) as refusal:
        publishing.bring_in(by=olga.id, whole=told(**given), now=now)

    assert list(refusal.value.fields) == [field]
    assert publishing.count_wholes(by=olga.id) == 0
    assert delivery.search(by=olga.id, query="dock", now=now) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"number": 3}, "numbered from 1"),
        ({"body": "<p>Something else.</p>"}, "what it says now"),
        ({"title": "x" * 121}, "Version 2: At most 120"),
    ],
)
def test_versions_have_to_add_up(
    told: Told, olga: people.Person, now: datetime, wrong: dict[str, Any], said: str
) -> None:
    whole = told()
    versions = (whole.versions[0], replace(whole.versions[1], **wrong))

    with pytest.raises(errors.Invalid, match=said):
        publishing.bring_in(by=olga.id, whole=replace(whole, versions=versions), now=now)


def test_scripts_and_the_like_stay_outside_in_every_version(told: Told, olga: people.Person, now: datetime) -> None:
    evil = '<p onclick="x()">Hi<script>alert(1)</script></p><a href="javascript:x()">y</a>'
    whole = told(body=evil)
    first = replace(whole.versions[0], body=evil)

    brought = publishing.bring_in(by=olga.id, whole=replace(whole, versions=(first, whole.versions[1])), now=now)

    for one in publishing.versions(by=olga.id, announcement_id=brought.id, now=now):
        assert "script" not in one.body and "onclick" not in one.body


def test_only_admins_bring_in_and_take_back(told: Told, ines: people.Person, now: datetime) -> None:
    with pytest.raises(errors.Forbidden):
        publishing.bring_in(by=ines.id, whole=told(), now=now)
    with pytest.raises(errors.Forbidden):
        publishing.take_back(by=ines.id, brought={1: 1}, now=now)


def test_it_is_taken_back_unless_somebody_changed_it(
    told: Told, olga: people.Person, charlie: people.Person, now: datetime
) -> None:
    gone, stays = (publishing.bring_in(by=olga.id, whole=told(), now=now) for _ in range(2))
    publishing.pin(announcement_id=stays.id, by=olga.id, now=now)
    brought = {one.id: one.revision for one in (gone, stays)}

    assert publishing.take_back(by=charlie.id, brought=brought, now=now) == set()
    assert publishing.take_back(by=olga.id, brought=brought, now=now) == {gone.id}
    assert publishing.take_back(by=olga.id, brought=brought, now=now) == set()

    assert [one.announcement.id for one in publishing.wholes(by=olga.id)] == [stays.id]
    assert [hit.announcement.id for hit in delivery.search(by=olga.id, query="dock", now=now)] == [stays.id]
    assert delivery.progress_many(announcement_ids=brought).keys() == {stays.id}


def test_pictures_of_what_was_taken_back_are_let_go(told: Told, olga: people.Person, now: datetime) -> None:
    image = ready(media.upload(by=olga.id, content=picture((9, 9)), now=now), now)
    whole = told(body=f'<figure><img src="{image.src}" alt=""></figure>')
    brought = publishing.bring_in(by=olga.id, whole=whole, now=now)

    publishing.take_back(by=olga.id, brought={brought.id: brought.revision}, now=now)

    assert media.uses(key=image.key) == []
    assert media.remove_unused(now=now + 8 * DAY) == 1


def test_its_numbers_are_nobody_of_nobody_and_go_with_it(told: Told, olga: people.Person, now: datetime) -> None:
    brought = publishing.bring_in(by=olga.id, whole=told(published_at=now - DAY), now=now)
    reach = analytics.reach(by=olga.id, announcement_id=brought.id, now=now)
    publishing.correct(
        announcement_id=brought.id, by=olga.id, draft=publishing.Draft(title="Dock 5"), change="typo", now=now
    )
    revision = publishing.get(announcement_id=brought.id).revision

    assert (reach.recipients, reach.on_the_way, reach.progress.finished_at) == (0, 0, now)
    assert publishing.take_back(by=olga.id, brought={brought.id: revision}, now=now) == {brought.id}
    analytics.sweep(now=now + 2 * DAY)
    with pytest.raises(errors.NotFound):
        analytics.reach(by=olga.id, announcement_id=brought.id, now=now)
