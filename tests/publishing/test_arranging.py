"""Drafts are copied, thrown away and fetched back; what is out is pinned and ended."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.meanwhile import after

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def published(by: people.Person, audience: people.Audience, title: str, now: datetime) -> publishing.Announcement:
    draft = publishing.create(by=by.id, draft=publishing.Draft(title=title, audience=audience), now=now)
    return publishing.publish(announcement_id=draft.id, by=by.id, now=now)


def test_a_copy_says_the_same_to_the_same_people_without_the_dates(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    said = publishing.Draft(ask_acknowledge=True, deadline=now + DAY, nudge_hours=(12.0,), kind="policy")
    publishing.revise(announcement_id=draft.id, by=ines.id, draft=said, now=now)
    notice = publishing.publish(announcement_id=draft.id, by=ines.id, now=now)

    copy = publishing.duplicate(announcement_id=notice.id, by=ines.id, now=now + HOUR)

    assert copy.id != notice.id
    assert (copy.state(now), copy.title, copy.deadline) == ("draft", "Copy of Dock 4 closes", None)
    for name in ("kind", "summary", "body", "audience", "ask_acknowledge", "nudge_hours"):
        assert getattr(copy, name) == getattr(notice, name)


def test_who_only_reads_it_copies_nothing(maya: people.Person, notice: publishing.Announcement, now: datetime) -> None:
    with pytest.raises(errors.NotFound):
        publishing.duplicate(announcement_id=notice.id, by=maya.id, now=now)


def test_a_discarded_draft_is_gone_and_comes_back_within_seven_days(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    publishing.discard(announcement_id=draft.id, by=ines.id, now=now)
    with pytest.raises(errors.NotFound):
        publishing.find(by=ines.id, announcement_id=draft.id, now=now)
    assert publishing.mine(by=ines.id, now=now) == []
    assert publishing.get_many(ids=[draft.id]) == {}

    assert publishing.empty_bin(now=now + 6 * DAY) == 0
    back = publishing.fetch_back(announcement_id=draft.id, by=ines.id, now=now + 6 * DAY)

    assert (back.title, back.body) == (draft.title, draft.body)
    assert publishing.mine(by=ines.id, now=now) == [back]


def test_after_seven_days_it_is_deleted(ines: people.Person, draft: publishing.Announcement, now: datetime) -> None:
    publishing.discard(announcement_id=draft.id, by=ines.id, now=now)
    with pytest.raises(errors.NotFound):
        publishing.fetch_back(announcement_id=draft.id, by=ines.id, now=now + 7 * DAY)
    assert publishing.empty_bin(now=now + 7 * DAY) == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_fetched_back_while_the_bin_is_emptied_stays(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    publishing.discard(announcement_id=draft.id, by=ines.id, now=now)

    def fetch() -> None:
        publishing.fetch_back(announcement_id=draft.id, by=ines.id, now=now + 7 * DAY - HOUR)

    with after('"discarded_at" <=', fetch):
        assert publishing.empty_bin(now=now + 7 * DAY) == 0

    assert publishing.get(announcement_id=draft.id).body == draft.body


@pytest.mark.django_db(transaction=True)
def test_of_four_who_pin_at_once_three_do(ines: people.Person, to_operations: people.Audience, now: datetime) -> None:
    four, together = [published(ines, to_operations, f"Notice {n}", now) for n in range(4)], threading.Barrier(4)
    outcomes: list[str] = []

    def pin(id: int) -> None:
        try:
            together.wait(10)
            publishing.pin(announcement_id=id, by=ines.id, now=now)
            outcomes.append("pinned")
        except publishing.TooManyPinned:
            outcomes.append("too many")
        finally:
            connection.close()

    threads = [threading.Thread(target=pin, args=(one.id,)) for one in four]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(outcomes) == ["pinned"] * 3 + ["too many"]


def test_nobody_fetches_back_what_was_not_theirs(
    ines: people.Person, maya: people.Person, charlie: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    publishing.discard(announcement_id=draft.id, by=ines.id, now=now)
    for somebody in (maya, charlie):
        with pytest.raises(errors.NotFound):
            publishing.fetch_back(announcement_id=draft.id, by=somebody.id, now=now)


def test_discarding_a_scheduled_draft_keeps_it_from_going_out(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    publishing.schedule(announcement_id=draft.id, by=ines.id, when=publishing.When(now + HOUR), now=now)
    publishing.discard(announcement_id=draft.id, by=ines.id, now=now)

    assert not publishing.go_out(announcement_id=draft.id, now=now + HOUR)
    back = publishing.fetch_back(announcement_id=draft.id, by=ines.id, now=now + HOUR)
    assert back.state(now) == "draft"


def test_three_may_be_pinned_at_a_time(ines: people.Person, to_operations: people.Audience, now: datetime) -> None:
    first, *others, last = [published(ines, to_operations, f"Notice {n}", now) for n in range(4)]
    for one in (first, *others):
        publishing.pin(announcement_id=one.id, by=ines.id, now=now)
    with pytest.raises(publishing.TooManyPinned):
        publishing.pin(announcement_id=last.id, by=ines.id, now=now)

    assert publishing.pin(announcement_id=first.id, by=ines.id, now=now + HOUR).pinned_at == now
    publishing.unpin(announcement_id=first.id, by=ines.id, now=now)
    publishing.pin(announcement_id=last.id, by=ines.id, now=now)

    publishing.expire(announcement_id=last.id, by=ines.id, at=now, now=now)
    assert publishing.pin(announcement_id=first.id, by=ines.id, now=now + HOUR).pinned_at == now + HOUR


def test_it_ends_when_its_author_says_so_whatever_its_deadline_and_may_go_on_again(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    said = publishing.Draft(ask_acknowledge=True, deadline=now + DAY)
    publishing.revise(announcement_id=draft.id, by=ines.id, draft=said, now=now)
    notice = publishing.publish(announcement_id=draft.id, by=ines.id, now=now)

    ended = publishing.expire(announcement_id=notice.id, by=ines.id, at=now + HOUR, now=now + HOUR)
    assert (ended.state(now + HOUR), ended.version) == ("expired", notice.version)
    assert publishing.expire(announcement_id=notice.id, by=ines.id, at=None, now=now + HOUR).state(now) == "published"
    with pytest.raises(errors.Invalid):
        publishing.expire(announcement_id=notice.id, by=ines.id, at=now - HOUR, now=now)


def test_each_state_is_counted_and_the_archive_is_what_ended(
    ines: people.Person, draft: publishing.Announcement, to_operations: people.Audience, now: datetime
) -> None:
    standing, withdrawn, ended = [published(ines, to_operations, f"Notice {n}", now) for n in range(3)]
    publishing.withdraw(announcement_id=withdrawn.id, by=ines.id, reason="Wrong dock.", now=now)
    publishing.expire(announcement_id=ended.id, by=ines.id, at=now, now=now)
    waiting = publishing.duplicate(announcement_id=draft.id, by=ines.id, now=now)
    publishing.schedule(announcement_id=waiting.id, by=ines.id, when=publishing.When(now + HOUR), now=now)

    assert publishing.tallies(by=ines.id, now=now) == {
        "draft": 1, "scheduled": 1, "published": 1, "withdrawn": 1, "expired": 1, "archive": 2
    }  # fmt: skip
    archive = publishing.mine(by=ines.id, state="archive", now=now)
    assert {item.id for item in archive} == {withdrawn.id, ended.id}
    assert [item.id for item in publishing.mine(by=ines.id, state="published", now=now)] == [standing.id]


def test_a_version_is_compared_with_another_word_by_word_and_restored(
    ines: people.Person, notice: publishing.Announcement, now: datetime
) -> None:
    words = publishing.Draft(title="Dock 4 is closed", body="<p>From Tuesday on.</p><p>Use dock 6 or 7.</p>")
    publishing.correct(announcement_id=notice.id, by=ines.id, draft=words, change="material", now=now)

    found = publishing.compared(by=ines.id, announcement_id=notice.id, since=1, until=2, now=now)
    assert [(part.mark, part.text) for part in found.title] == [
        ("same", "Dock 4 "), ("removed", "closes"), ("added", "is closed")
    ]  # fmt: skip
    assert [[(part.mark, part.text) for part in line] for line in found.body] == [
        [("same", "From "), ("removed", "Monday "), ("added", "Tuesday "), ("same", "on.")],
        [("added", "Use dock 6 or 7.")],
    ]
    restored = publishing.restore_version(
        announcement_id=notice.id, by=ines.id, again=publishing.Again(1, "typo"), now=now + HOUR
    )
    assert (restored.version, restored.title, restored.body) == (3, notice.title, notice.body)
    assert publishing.compared(by=ines.id, announcement_id=notice.id, since=1, until=3, now=now).body == (
        (publishing.Part("same", "From Monday on."),),
    )


@pytest.mark.parametrize("body", ["<p>" + "a " * 150_000 + "</p>", "<p>a b</p>" * 4_000], ids=["words", "lines"])
def test_what_repeats_itself_without_end_is_compared_at_once(
    ines: people.Person, notice: publishing.Announcement, now: datetime, body: str
) -> None:
    for words in (body, body.replace("a", "b", 1)):
        given = publishing.Draft(body=words)
        publishing.correct(announcement_id=notice.id, by=ines.id, draft=given, change="material", now=now)

    found = publishing.compared(by=ines.id, announcement_id=notice.id, since=2, until=3, now=now)

    assert {part.mark for line in found.body for part in line} >= {"removed", "added"}


def test_history_is_for_who_manages_it(
    maya: people.Person, charlie: people.Person, notice: publishing.Announcement, now: datetime
) -> None:
    for somebody in (maya, charlie):
        with pytest.raises(errors.NotFound):
            publishing.compared(by=somebody.id, announcement_id=notice.id, since=1, until=1, now=now)
