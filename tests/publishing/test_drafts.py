"""A draft may be incomplete, is saved over nobody's work, and is gone when it is thrown away."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing

LATER = timedelta(minutes=5)


def test_a_draft_may_be_empty(ines: people.Person, operations: people.Group, now: datetime) -> None:
    draft = publishing.create(by=ines.id, draft=publishing.Draft(), now=now)

    assert (draft.title, draft.body, draft.audience) == ("", "", people.Audience())
    assert (draft.version, draft.revision, draft.state(now)) == (0, 1, "draft")
    assert (draft.author_id, draft.workspace_id, draft.created_at) == (ines.id, ines.workspace_id, now)


def test_whoever_manages_no_group_writes_nothing(
    maya: people.Person, operations: people.Group, adam: people.Person, now: datetime
) -> None:
    with pytest.raises(errors.Forbidden):
        publishing.create(by=maya.id, draft=publishing.Draft(title="Cake"), now=now)

    assert publishing.mine(by=maya.id, now=now) == []
    assert publishing.create(by=adam.id, draft=publishing.Draft(title="Cake"), now=now).title == "Cake"


def test_a_body_is_sanitized_and_a_title_is_one_line(
    ines: people.Person, operations: people.Group, now: datetime
) -> None:
    said = publishing.Draft(title="  Dock\n4 \u202ecloses ", body='<p onclick="x()">Go<script>x()</script></p>')

    draft = publishing.create(by=ines.id, draft=said, now=now)

    assert (draft.title, draft.body, draft.words) == ("Dock 4 closes", "<p>Go</p>", 1)


def test_an_audience_is_kept_once_each_in_order(
    ines: people.Person, maya: people.Person, joao: people.Person, operations: people.Group, now: datetime
) -> None:
    chosen = people.Audience(group_ids=(operations.id, operations.id), person_ids=(joao.id, maya.id))

    draft = publishing.create(by=ines.id, draft=publishing.Draft(audience=chosen), now=now)

    assert draft.audience == people.Audience(group_ids=(operations.id,), person_ids=tuple(sorted((maya.id, joao.id))))


def test_whoever_asks_to_confirm_nudges_in_the_steps_of_the_workspace_unless_told_otherwise(
    olga: people.Person, ines: people.Person, operations: people.Group, now: datetime
) -> None:
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(nudge_hours=(8, 30)), now=now)

    def steps(**said: object) -> tuple[float, ...]:
        return publishing.create(by=ines.id, draft=publishing.Draft(**said), now=now).nudge_hours  # type: ignore[arg-type]

    assert steps(ask_acknowledge=True) == (8, 30)
    assert steps(ask_acknowledge=True, nudge_hours=None) == (8, 30)
    assert steps(ask_acknowledge=True, nudge_hours=(1.5,)) == (1.5,)
    assert steps(ask_acknowledge=True, nudge_hours=()) == ()
    assert steps() == ()


def test_asking_to_confirm_later_brings_the_steps_along(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    asking = publishing.Draft(ask_acknowledge=True)

    revised = publishing.revise(announcement_id=draft.id, by=ines.id, draft=asking, now=now)

    assert revised.nudge_hours == people.workspace(workspace_id=ines.workspace_id).nudge_hours != ()


def test_revising_changes_what_is_given_and_no_more(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    said = publishing.Draft(title="Dock 4 stays shut")

    revised = publishing.revise(announcement_id=draft.id, by=ines.id, draft=said, now=now + LATER)

    assert revised.title == "Dock 4 stays shut"
    assert (revised.summary, revised.body, revised.audience) == (draft.summary, draft.body, draft.audience)
    assert (revised.revision, revised.created_at, revised.updated_at) == (2, now, now + LATER)


def test_whoever_saves_from_an_older_revision_overwrites_nothing(
    ines: people.Person, olga: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    theirs = publishing.Draft(title="Olga's")
    publishing.revise(announcement_id=draft.id, by=olga.id, draft=theirs, revision=draft.revision, now=now)

    with pytest.raises(publishing.Stale):
        mine = publishing.Draft(title="Mine", summary="Mine")
        publishing.revise(announcement_id=draft.id, by=ines.id, draft=mine, revision=draft.revision, now=now)

    kept = publishing.get(announcement_id=draft.id)
    assert (kept.title, kept.summary, kept.revision) == ("Olga's", draft.summary, 2)


def test_what_is_published_is_not_revised(ines: people.Person, notice: publishing.Announcement, now: datetime) -> None:
    with pytest.raises(publishing.AlreadyPublished):
        publishing.revise(announcement_id=notice.id, by=ines.id, draft=publishing.Draft(title="Other"), now=now)

    assert publishing.get(announcement_id=notice.id) == notice


def test_a_draft_that_is_thrown_away_is_gone(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    publishing.discard(announcement_id=draft.id, by=ines.id, now=now)

    with pytest.raises(errors.NotFound):
        publishing.find(by=ines.id, announcement_id=draft.id, now=now)
    with pytest.raises(errors.NotFound):
        publishing.discard(announcement_id=draft.id, by=ines.id, now=now)


def test_what_was_published_is_never_thrown_away(
    ines: people.Person, notice: publishing.Announcement, now: datetime
) -> None:
    with pytest.raises(publishing.AlreadyPublished):
        publishing.discard(announcement_id=notice.id, by=ines.id, now=now)

    assert publishing.get(announcement_id=notice.id) == notice


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": "x" * 121}, "title"),
        ({"summary": "x" * 281}, "summary"),
        ({"body": "x" * 400_001}, "body"),
        ({"kind": "rumour"}, "kind"),
        ({"nudge_hours": (1, 2, 3, 4)}, "nudge_hours"),
        ({"nudge_hours": (48, 24)}, "nudge_hours"),
        ({"nudge_hours": (24, 24)}, "nudge_hours"),
        ({"nudge_hours": (0,)}, "nudge_hours"),
        ({"nudge_hours": (721,)}, "nudge_hours"),
    ],
)
def test_what_cannot_be_saved_is_named_and_nothing_is_written(
    ines: people.Person, draft: publishing.Announcement, said: dict[str, object], field: str, now: datetime
) -> None:
    good = {"summary": "Good"} if field != "summary" else {"title": "Good"}
    given = publishing.Draft(**good | said)  # type: ignore[arg-type]

    with pytest.raises(errors.Invalid) as created:
        publishing.create(by=ines.id, draft=given, now=now)
    with pytest.raises(errors.Invalid) as revised:
        publishing.revise(announcement_id=draft.id, by=ines.id, draft=given, now=now)

    assert list(created.value.fields) == list(revised.value.fields) == [field]
    assert publishing.mine(by=ines.id, now=now) == [draft]


def test_everything_that_is_wrong_is_named_at_once(
    ines: people.Person, operations: people.Group, now: datetime
) -> None:
    wrong = publishing.Draft(title="x" * 121, summary="x" * 281, nudge_hours=(0,))

    with pytest.raises(errors.Invalid) as refusal:
        publishing.create(by=ines.id, draft=wrong, now=now)

    assert set(refusal.value.fields) == {"title", "summary", "nudge_hours"}
    assert refusal.value.fields["title"] == ["At most 120 characters, this has 121."]


def test_a_draft_names_who_in_its_audience_is_not_there(
    ines: people.Person, charlie: people.Person, operations: people.Group, now: datetime
) -> None:
    audience = people.Audience(group_ids=(operations.id, 99_999), person_ids=(charlie.id,))

    with pytest.raises(errors.Invalid) as refused:
        publishing.create(by=ines.id, draft=publishing.Draft(title="News", audience=audience), now=now)

    assert refused.value.fields == {"audience": ["There is no group 99999.", f"There is no person {charlie.id}."]}
    assert publishing.mine(by=ines.id, now=now) == []


def test_a_title_in_two_scripts_keeps_its_marks_of_direction(
    ines: people.Person, operations: people.Group, now: datetime
) -> None:
    said = publishing.Draft(title="\u05e9\u05dc\u05d5\u05dd Mantel\u200f!", summary="\u202eA\u200eB")

    draft = publishing.create(by=ines.id, draft=said, now=now)

    assert (draft.title, draft.summary) == (said.title, "A\u200eB")
