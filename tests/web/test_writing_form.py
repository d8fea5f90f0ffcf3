"""The form in which an announcement is written, without a script: nothing is lost, and what is wrong is named at its field."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.web.conftest import signed_in, text

pytestmark = pytest.mark.django_db

FORM = {"title": "New badges", "summary": "", "body": "Fetch **yours**.", "format": "markdown"}


def only(ines: people.Person, at: datetime, state: publishing.State = "draft") -> publishing.Announcement:
    (found,) = publishing.mine(by=ines.id, state=state, now=at)
    return found


def test_a_form_becomes_a_published_announcement(ines: people.Person, operations: people.Group, at: datetime) -> None:
    sent = FORM | {"group": operations.id, "ask_acknowledge": "on", "do": "publish"}

    answer = signed_in(ines).post("/announcements/new", sent)

    item = publishing.mine(by=ines.id, now=datetime.now(at.tzinfo))[0]
    assert answer.headers["Location"] == f"/a/{item.id}"
    assert (item.body, item.ask_acknowledge) == ("<p>Fetch <strong>yours</strong>.</p>", True)


def test_publishing_without_an_audience_keeps_the_text_and_says_what_is_missing(
    ines: people.Person, operations: people.Group, at: datetime
) -> None:
    answer = signed_in(ines).post("/announcements/new", FORM | {"do": "publish"})

    assert answer.status_code == 422
    assert 'href="#id_audience"' in answer.content.decode()
    assert "Fetch **yours**." in answer.content.decode()
    assert only(ines, at).title == "New badges"


def test_a_draft_is_written_on_in_the_words_it_was_written_in(
    ines: people.Person, operations: people.Group, at: datetime
) -> None:
    browser = signed_in(ines)
    browser.post("/announcements/new", FORM | {"do": "save"})
    draft = only(ines, at)
    assert "Fetch **yours**." in browser.get(f"/a/{draft.id}/edit").content.decode()

    browser.post(f"/a/{draft.id}/edit", FORM | {"title": "Newer badges", "revision": draft.revision, "do": "save"})

    assert only(ines, at).title == "Newer badges"


def test_anothers_change_in_between_is_not_overwritten(
    ines: people.Person, operations: people.Group, at: datetime
) -> None:
    browser = signed_in(ines)
    browser.post("/announcements/new", FORM | {"do": "save"})
    draft = only(ines, at)
    newer = publishing.Draft(title="Changed in another window")
    publishing.revise(announcement_id=draft.id, by=ines.id, draft=newer, revision=draft.revision, now=at)

    answer = browser.post(f"/a/{draft.id}/edit", FORM | {"revision": draft.revision, "do": "save"})

    assert answer.status_code == 409
    assert "Fetch **yours**." in answer.content.decode()
    assert only(ines, at).title == "Changed in another window"


def test_a_deadline_is_on_the_authors_clock(ines: people.Person, operations: people.Group, at: datetime) -> None:
    signed_in(ines).post(
        "/announcements/new", FORM | {"ask_acknowledge": "on", "deadline": "2031-07-01T17:00", "do": "save"}
    )

    deadline = only(ines, at).deadline
    assert deadline
    assert deadline.isoformat() == "2031-07-01T15:00:00+00:00"  # Amsterdam, in summer


@pytest.mark.parametrize("deadline", ["soon", "2031-13-01T17:00"])
def test_what_is_no_time_is_refused_by_name(
    ines: people.Person, operations: people.Group, at: datetime, deadline: str
) -> None:
    answer = signed_in(ines).post("/announcements/new", FORM | {"deadline": deadline, "do": "save"})

    assert answer.status_code == 422
    assert 'href="#id_deadline"' in answer.content.decode()
    assert list(publishing.mine(by=ines.id, now=at)) == []


def test_a_correction_and_a_withdrawal(announce: Any, ines: people.Person, at: datetime) -> None:
    item, browser = announce(), signed_in(ines)
    sent = FORM | {"title": "New badges, gate 2", "revision": item.revision}
    assert browser.post(f"/a/{item.id}/edit", sent | {"do": "correct"}).status_code == 422  # which kind of change?

    browser.post(f"/a/{item.id}/edit", sent | {"do": "correct", "change": "typo"})
    assert "New badges, gate 2" in text(browser.get(f"/a/{item.id}"))

    browser.post(f"/a/{item.id}/edit", {"do": "withdraw", "reason": "Too early."})
    assert "Too early." in text(browser.get(f"/a/{item.id}"))


def test_a_discarded_draft_is_gone(ines: people.Person, operations: people.Group, at: datetime) -> None:
    browser = signed_in(ines)
    browser.post("/announcements/new", FORM | {"do": "save"})

    browser.post(f"/a/{only(ines, at).id}/edit", {"do": "discard"})

    assert "No drafts" in text(browser.get("/announcements?state=draft"))
