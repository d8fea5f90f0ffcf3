"""Taken along and brought in elsewhere, everything says the same."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from announcements.delivery import services as delivery
from announcements.media import services as media
from announcements.people import services as people
from announcements.porting import services as porting
from announcements.publishing import events
from announcements.publishing import services as publishing
from tests.porting.bringing import brought, checked, entries, worked, zipped

LATER = timedelta(days=3)
Files = dict[str, bytes]


def taken(by: people.Person, now: datetime) -> bytes:
    """Return what somebody takes along."""
    asked = porting.ask(by=by.id, now=now)
    assert porting.make(export_id=asked.id, clock=lambda: now)
    with porting.take(by=by.id, export_id=asked.id, now=now).content as content:
        return content.read()


def files(content: bytes) -> Files:
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {name: archive.read(name) for name in archive.namelist()}


def alike(found: Files) -> dict[str, Any]:
    """Return files with what has to differ taken out: the company's name, and the names of pictures, in order."""
    names: dict[str, str] = {}

    def number(key: re.Match[str]) -> str:
        return names.setdefault(key[0], f"picture {len(names)}")

    told: dict[str, Any] = {}
    for name, content in found.items():
        if name.startswith("announcements/") and not name.endswith(".webp"):
            told[name] = re.sub(r"\b[0-9a-f]{32}\b", number, content.decode())
    pictures = sorted(Image.open(io.BytesIO(found[name])).size for name in found if name.endswith(".webp"))
    return told | {"pictures": pictures, "order": json.loads(found["index.json"])["announcements"]}


@pytest.fixture
def southgate(charlie: people.Person, ines: people.Person, olga: people.Person, now: datetime) -> people.Person:
    """Return the owner of another company that knows the same people, and has a group of the same name."""
    for person in (ines, olga):
        people.add_invited(by=charlie.id, who=people.Invitee(person.email, person.name), now=now)
    people.create_group(by=charlie.id, name="Operations", kind="function", now=now)
    return charlie


def pictures_ready(now: datetime) -> None:
    for image_id in media.waiting(now=now + timedelta(minutes=1)):
        media.make(image_id=image_id, now=now)


def test_another_company_takes_along_the_same_files(
    corrected: int, withdrawn: int, draft: publishing.Announcement, olga: people.Person, southgate: people.Person, now: datetime
) -> None:  # fmt: skip
    publishing.pin(announcement_id=corrected, by=olga.id, now=now)
    publishing.create(by=olga.id, draft=publishing.Draft(title="", body="<p>Half a thought.</p>"), now=now)
    first = taken(olga, now)

    result = brought(southgate, first, now + LATER)
    pictures_ready(now + LATER)

    assert (result.stage, result.counts, result.failed) == ("imported", {"new": 3, "here": 0, "problem": 0}, 0)
    assert alike(files(taken(southgate, now + LATER))) == alike(files(first))


@pytest.mark.parametrize("on_each_clock", [True, False])
def test_the_time_and_the_pin_chosen_for_a_draft_come_along_scheduled_or_not(
    draft: publishing.Announcement, olga: people.Person, southgate: people.Person, on_each_clock: bool, now: datetime
) -> None:
    day = (now + 2 * LATER).date()
    clock = publishing.When(own_clock=publishing.OwnClock(day, time(9)))
    when = clock if on_each_clock else publishing.When(at=now + 2 * LATER)
    publishing.schedule(announcement_id=draft.id, by=olga.id, when=when, now=now)
    said = publishing.Draft(title="Dock 5", audience=people.Audience(everyone=True), planned=when, pin=True)
    publishing.create(by=olga.id, draft=said, now=now)

    given = brought(southgate, taken(olga, now), now + LATER)

    found = [whole.announcement for whole in publishing.wholes(by=southgate.id)]
    assert [(one.state(now), one.planned) for one in found] == [("draft", when), ("draft", when)]
    assert [one.pin for one in found] == [False, True]
    [note] = [note for one in entries(southgate, given) for note in one.notes if "scheduled" in note]
    assert note == "It was scheduled. Here it is a draft, with that time chosen."


def test_what_came_is_not_brought_in_again_and_comes_home_as_known(
    corrected: int, withdrawn: int, olga: people.Person, southgate: people.Person, now: datetime
) -> None:
    first = taken(olga, now)
    brought(southgate, first, now + LATER)
    second = taken(southgate, now + LATER)

    again = checked(southgate, first, now + LATER)
    home = checked(olga, second, now + LATER)

    for by, found in ((southgate, again), (olga, home)):
        assert found.counts == {"new": 0, "here": 2, "problem": 0}
        assert [one.announcement_id for one in entries(by, found)] == [
            one.announcement.id for one in publishing.wholes(by=by.id)
        ]


def test_what_is_gone_from_here_can_be_brought_back(
    draft: publishing.Announcement, olga: people.Person, now: datetime
) -> None:
    copy = taken(olga, now)
    publishing.discard(announcement_id=draft.id, by=olga.id, now=now)

    result = brought(olga, copy, now + LATER)

    assert result.counts["new"] == 1
    assert [one.announcement.title for one in publishing.wholes(by=olga.id)] == ["Dock 4 closes"]


def test_an_empty_workspace_gets_everything_and_shows_nobody_more(
    corrected: int, withdrawn: int, olga: people.Person, charlie: people.Person, now: datetime
) -> None:
    result = brought(charlie, taken(olga, now), now + LATER)

    noted = {note for one in entries(charlie, result) for note in one.notes}
    assert any("Ines Carvalho, who wrote it, is not here. It stands under your name." in note for note in noted)
    (group,) = people.groups(by=charlie.id, at=now + LATER)
    operations, cafe = (one.announcement for one in publishing.wholes(by=charlie.id))
    assert (group.name, operations.audience.group_ids, operations.author_id) == ("Operations", (group.id,), charlie.id)
    assert cafe.audience.everyone and cafe.audience.except_ == people.Except()
    assert delivery.feed(by=charlie.id, now=now + LATER).items == ()


def test_who_may_not_read_it_there_may_not_read_it_here(
    corrected: int, olga: people.Person, southgate: people.Person, now: datetime
) -> None:
    invited = people.invite(by=southgate.id, email="dana@southgate.test", name="Dana", timezone="UTC", now=now)
    dana = people.accept(person_id=invited.id, password="a calm long password", now=now)
    brought(southgate, taken(olga, now), now + LATER)

    assert delivery.archive(by=dana.id, now=now + LATER) == []
    (group,) = people.groups(by=southgate.id, at=now + LATER)
    people.add_member(by=southgate.id, group_id=group.id, person_id=dana.id, now=now + LATER)
    assert [one.title for one in delivery.archive(by=dana.id, now=now + LATER)] == ["Dock 4 closes"]


words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn")), min_size=1, max_size=60).filter(
    str.strip
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=words,
    summary=words,
    said=st.lists(words, max_size=4),
    kind=st.sampled_from(["update", "news", "story", "decision", "policy"]),
    asks=st.booleans(),
    hours=st.sampled_from([(), (24.0,), (1.5, 24.0, 48.0)]),
    ends=st.booleans(),
    corrections=st.lists(st.sampled_from(["typo", "material"]), max_size=3),
    back=st.booleans(),
)
def test_whatever_was_said_comes_in_as_it_was(
    olga: people.Person, charlie: people.Person, now: datetime, title: str, summary: str, said: list[str], kind: Any,
    asks: bool, hours: tuple[float, ...], ends: bool, corrections: list[Any], back: bool,
) -> None:  # fmt: skip
    body = "".join(f"<h2>{one}</h2><ul><li>{one}</li></ul>" for one in said)
    draft = publishing.Draft(
        title=title, summary=summary, body=body, kind=kind, audience=people.Audience(everyone=True),
        ask_acknowledge=asks, nudge_hours=hours, expires_at=now + timedelta(days=2) if ends else None,
    )  # fmt: skip
    made = publishing.create(by=olga.id, draft=draft, now=now)
    publishing.publish(announcement_id=made.id, by=olga.id, now=now)
    for place, change in enumerate(corrections):
        again = publishing.Draft(title=f"{place} {title}"[:120])
        publishing.correct(announcement_id=made.id, by=olga.id, draft=again, change=change, now=now)
    if back:
        publishing.withdraw(announcement_id=made.id, by=olga.id, reason=summary, now=now)
    before = exact(files(taken(olga, now)))

    brought(charlie, taken(olga, now), now + LATER)

    after = exact(files(taken(charlie, now + LATER)))
    assert after[-1] == before[-1]


def exact(found: Files) -> list[dict[str, Any]]:
    """Return what the folders of an export say, but for who said it."""
    told = [json.loads(content) for name, content in found.items() if name.endswith("announcement.json")]
    return [
        one | {"author": None, "updated_by": None, "versions": [version | {"by": None} for version in one["versions"]]}
        for one in told
    ]


def test_a_worker_that_was_cut_off_in_the_middle_is_followed_by_another(
    corrected: int, withdrawn: int, olga: people.Person, southgate: people.Person, now: datetime
) -> None:
    at = now + LATER
    given = checked(southgate, taken(olga, now), at)
    porting.start(by=southgate.id, import_id=given.id, now=at)
    heard: list[int] = []

    def die(*, announcement_id: int, **_: Any) -> None:
        heard.append(announcement_id)
        if len(heard) == 2:
            raise SystemExit

    events.announcement_brought_in.connect(die)
    try:
        with pytest.raises(SystemExit):
            porting.work(import_id=given.id, now=at)
    finally:
        events.announcement_brought_in.disconnect(die)

    assert publishing.count_wholes(by=southgate.id) == 1
    assert not porting.work(import_id=given.id, now=at), "the first may be at it still"
    later = at + timedelta(minutes=1)
    assert porting.imports_waiting(now=later) == [given.id]
    worked(given.id, later)
    result = porting.import_get(by=southgate.id, import_id=given.id)
    assert (result.stage, result.done, publishing.count_wholes(by=southgate.id)) == ("imported", 2, 2)


def test_it_is_undone_but_for_what_somebody_changed_since(
    corrected: int, withdrawn: int, olga: people.Person, charlie: people.Person, now: datetime
) -> None:
    content = taken(olga, now)
    given = brought(charlie, content, now + LATER)
    kept = entries(charlie, given)[0].announcement_id
    assert kept
    publishing.correct(
        announcement_id=kept, by=charlie.id, draft=publishing.Draft(title="Dock 5"), change="typo", now=now + LATER
    )

    porting.undo(by=charlie.id, import_id=given.id, now=now + LATER)
    worked(given.id, now + LATER)

    undone = porting.import_get(by=charlie.id, import_id=given.id)
    assert (undone.stage, undone.kept, undone.done) == ("undone", 1, 2)
    assert [one.announcement.id for one in publishing.wholes(by=charlie.id)] == [kept]
    assert people.groups(by=charlie.id, at=now + LATER) == []
    assert checked(charlie, content, now + LATER).counts == {"new": 1, "here": 1, "problem": 0}


def test_after_seven_days_it_cannot_be_undone(olga: people.Person, charlie: people.Person, now: datetime) -> None:
    given = brought(charlie, zipped({"a.md": "---\ndate: 2024-05-31\n---\nHi"}), now)

    with pytest.raises(porting.NotNow):
        porting.undo(by=charlie.id, import_id=given.id, now=now + porting.KEPT + timedelta(seconds=1))
