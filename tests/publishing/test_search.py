"""Searching: which words find what, in which order, and what of it is marked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from announcements.delivery import services as delivery
from announcements.kernel.ids import Ids
from announcements.people import services as people
from announcements.publishing import _searching, _words
from announcements.publishing import services as publishing

Say = Callable[..., publishing.Announcement]


@pytest.fixture
def say(ines: people.Person, to_operations: people.Audience, now: datetime) -> Say:
    """Return a function that publishes to Operations and reaches them."""

    def publish(title: str, summary: str = "", body: str = "<p>Read.</p>", **more: Any) -> publishing.Announcement:
        more = {"audience": to_operations} | more
        draft = publishing.Draft(title=title, summary=summary, body=body, **more)
        item = publishing.create(by=ines.id, draft=draft, now=now)
        item = publishing.publish(announcement_id=item.id, by=ines.id, now=now)
        delivery.fan_out(announcement_id=item.id, now=now)
        return item

    return publish


def titles(by: people.Person, query: str, now: datetime, **more: int) -> list[str]:
    return [hit.announcement.title for hit in delivery.search(by=by.id, query=query, now=now, **more)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("dock", True),
        ("DOCK closes", True),
        ("closes dock", True),
        ("dock harbour", False),
        ("clo", True),
        ("clo dock", False),  # only the last word may be unfinished
        ('"dock 4 closes"', True),
        ('"closes dock"', False),
        ('"dock 4 clo', True),  # a quote that is still being typed
        ('"dock 4 clo"', False),
        ("SAO JOAO", True),
        ("são joão", True),
        ("sa\u0303o", True),  # as a Mac sends it
        ("strasse", True),
        ("lodz", True),
        ("東京", True),
        ("京都", True),
        ("京東", False),
        ("3.5", True),
        ("3,5", True),
        ("mantel.test", True),
        ("L'eau", True),
        ("שלום", True),
        ("don't", False),
    ],
)
def test_words_find_what_has_them(say: Say, maya: people.Person, now: datetime, query: str, found: bool) -> None:
    say(
        "Dock 4 closes",
        "In São João and in the Straße of Łódź.",
        "<p>From <strong>Monday</strong> on, 3.5 tons. 東京都 l’eau שלום <a href='https://mantel.test/a'>mantel.test</a></p>",
    )
    say("Something else", "Nothing in common.")

    assert titles(maya, query, now) == (["Dock 4 closes"] if found else [])


@pytest.mark.parametrize(
    "query",
    ["", " ", '"', '""', "*", "a*", "AND", "a AND", "NEAR(", "NEAR(a b, 2)", "title:dock", "-dock", "(", ")", "a & | !b", "':*",
     "<->", "\\", "%", "_", "🎉", "🎉 dock", "\0", "dock\0", "x" * 10_000, "a " * 5_000, '"' * 999, "\u202edock", "\ud800", "½",
     "'; DROP TABLE publishing_words; --", "{1}", "^dock", "dock^2", "+", "dock OR 1=1", "e\u0301" * 300, "1e5", "0x1f 12abc"],
)  # fmt: skip
def test_no_query_breaks_it(say: Say, maya: people.Person, now: datetime, query: str) -> None:
    say("Dock 4 closes")

    assert titles(maya, query, now) in ([], ["Dock 4 closes"])
    assert publishing.mine(by=maya.id, search=query, now=now) == []


def test_a_word_in_the_title_counts_more_than_one_in_the_body(say: Say, maya: people.Person, now: datetime) -> None:
    say("Parking", "Cars", "<p>All about bicycles and where they stand at night.</p>")
    say("Bicycles", "Two wheels", "<p>They have a shed.</p>")
    say("Sheds", "Bicycles too", "<p>All about roofs.</p>")

    assert titles(maya, "bicycles", now) == ["Bicycles", "Sheds", "Parking"]
    assert titles(maya, "bicycles", now, skip=1, limit=1) == ["Sheds"]


def test_hits_are_marked_in_title_and_excerpt(say: Say, maya: people.Person, now: datetime) -> None:
    before, after = "word " * 60, " more" * 60
    say("São João closes", "Come.", f"<p>{before}the &lt;b&gt; of João{after}</p>")

    [hit] = delivery.search(by=maya.id, query="joa", now=now)

    assert [(span.text, span.hit) for span in hit.title] == [("São ", False), ("João", True), (" closes", False)]
    said = "".join(span.text for span in hit.excerpt)
    assert said.startswith("… word") and "the <b> of João more" in said and said.endswith("more …") and len(said) < 220
    assert [span.text for span in hit.excerpt if span.hit] == ["João"]


def test_only_whole_phrases_are_marked(say: Say, maya: people.Person, now: datetime) -> None:
    say("Dock", "Four docks: dock four is a dock for four.")

    [hit] = delivery.search(by=maya.id, query='"dock four"', now=now)

    assert [span.text for span in hit.excerpt if span.hit] == ["dock", "four"]


def test_what_is_corrected_is_found_by_its_new_words(
    say: Say, ines: people.Person, maya: people.Person, now: datetime
) -> None:
    item = say("Dock 4 closes")

    new = publishing.Draft(title="Gate 7 closes")
    publishing.correct(announcement_id=item.id, by=ines.id, draft=new, change="typo", now=now)

    assert titles(maya, "dock", now) == []
    assert titles(maya, "gate", now) == ["Gate 7 closes"]


def test_a_withdrawn_one_is_found_by_title_and_reason_only(
    say: Say, ines: people.Person, maya: people.Person, now: datetime
) -> None:
    item = say("Dock 4 closes", "Use the ferry.", "<p>Secret bridge.</p>")

    publishing.withdraw(announcement_id=item.id, by=ines.id, reason="The wrong harbor.", now=now)

    assert titles(maya, "ferry", now) == titles(maya, "bridge", now) == []
    [hit] = delivery.search(by=maya.id, query="harbor", now=now)
    assert "".join(span.text for span in hit.excerpt) == "The wrong harbor."


def test_drafts_are_for_their_author_s_list(
    say: Say, ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    assert titles(ines, "dock", now) == []
    assert [item.id for item in publishing.mine(by=ines.id, search="dock", now=now)] == [draft.id]

    publishing.revise(announcement_id=draft.id, by=ines.id, draft=publishing.Draft(title="Gate"), now=now)
    assert publishing.mine(by=ines.id, search="dock", now=now, state="draft") != []  # the summary has it still
    publishing.revise(announcement_id=draft.id, by=ines.id, draft=publishing.Draft(summary=""), now=now)
    assert publishing.mine(by=ines.id, search="dock", now=now) == []

    publishing.discard(announcement_id=draft.id, by=ines.id, now=now)
    assert publishing.mine(by=ines.id, search="gate", now=now) == []
    publishing.fetch_back(announcement_id=draft.id, by=ines.id, now=now)
    assert len(publishing.mine(by=ines.id, search="gate", now=now)) == 1


def test_the_index_can_be_made_anew(say: Say, maya: people.Person, now: datetime) -> None:
    say("Dock 4 closes")
    say("Gate 7 closes")

    assert publishing.rebuild() == 2

    assert sorted(titles(maya, "closes", now)) == ["Dock 4 closes", "Gate 7 closes"]


def test_the_full_text_is_asked_once_however_many_are_ranked(db: None) -> None:
    if connection.vendor != "sqlite":  # PostgreSQL ranks row by row
        return
    ranked = _searching.ranked(_words.terms("dock"), Ids("1,2,3"))

    assert "VIRTUAL TABLE INDEX 0:M" in ranked.explain()  # "0:=M" asks it for each id


def test_a_very_long_text_is_found_by_how_it_begins(say: Say, maya: people.Person, now: datetime) -> None:
    many = " ".join(f"слово{number}" for number in range(30_000))
    say("Long", body=f"<p>{many}</p>")

    assert titles(maya, "слово7", now) == ["Long"]


def test_the_archive_is_all_they_may_read_newest_first(say: Say, maya: people.Person, now: datetime) -> None:
    items = [say(f"Dock {number}", kind="news" if number % 2 else "update") for number in range(4)]

    archive = delivery.archive(by=maya.id, now=now + timedelta(hours=1))

    assert [item.id for item in archive] == [item.id for item in reversed(items)]
    last = archive[1]
    assert last.published_at
    further = delivery.archive(by=maya.id, before=(last.published_at, last.id), limit=1, now=now)
    assert [item.id for item in further] == [items[1].id]
    news = delivery.archive(by=maya.id, narrowed=publishing.Narrowed(kind="news"), now=now)
    assert [item.id for item in news] == [items[3].id, items[1].id]


def test_a_word_that_very_many_have_hides_nothing_that_one_may_read(
    say: Say, ines: people.Person, maya: people.Person, now: datetime
) -> None:
    say("Docks first")
    for _n in range(_searching.CANDIDATES):
        publishing.create(by=ines.id, draft=publishing.Draft(title="Docks, not out"), now=now)
    say("Docks last")

    assert titles(maya, "docks", now) == ["Docks last", "Docks first"]
