"""What a digest and a nudge say to whom: their name, their own quarter, what is to come."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from announcements.delivery import models
from announcements.delivery import services as delivery
from announcements.delivery._aligned import aligned
from announcements.delivery._missed import Missed, Pile
from announcements.delivery.channels import mail
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.delivery.conftest import Announce
from tests.delivery.postbox import Postbox

DAY = timedelta(days=1)
AMSTERDAM, LISBON = datetime(2026, 11, 23, 8, tzinfo=UTC), datetime(2026, 11, 23, 9, tzinfo=UTC)
Tick = Callable[[datetime], int]


def said(letter: EmailMessage) -> tuple[str, str]:
    """Return what both parts say, without markup, each as one line."""
    plain, page = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain and page
    shown = re.sub(r"<style.*?</style>|<!--.*?-->|<[^>]+>", " ", page.get_content(), flags=re.S)
    return " ".join(plain.get_content().split()), " ".join(html.unescape(shown).split())


def test_a_digest_greets_its_reader_and_says_how_much_there_is(
    maya: people.Person, joao: people.Person, announce: Announce, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    announce("Required", nudge_hours=())
    for title in ("One", "Two", "Three"):
        announce(title, ask_acknowledge=False)
    tick(now)
    tick(AMSTERDAM)
    tick(LISBON)

    for person, name in ((maya, "Maya"), (joao, "Joao")):
        [letter] = postbox.to(person.email)
        for words in said(letter):
            assert f"Your week, {name}" in words
            assert "One thing still needs you, and three you may have missed. Four minutes in all." in words


def test_a_daily_digest_is_about_a_day(
    maya: people.Person, announce: Announce, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    delivery.set_preference(by=maya.id, digest="daily", now=now)
    announce("News", ask_acknowledge=False)
    tick(now)
    tick(now + DAY)

    [letter] = postbox.to(maya.email)
    for words in said(letter):
        assert "Your day, Maya" in words
        assert "One thing you may have missed. One minute in all." in words
    assert "Tuesday 17 November" in said(letter)[1]


def test_a_digest_says_how_much_of_the_quarter_its_reader_is_aligned_on(
    maya: people.Person, joao: people.Person, announce: Announce, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    before = announce("Of the last quarter", nudge_hours=())
    september = datetime(2026, 9, 30, 21, 59, tzinfo=UTC)  # its last minute in Amsterdam
    models.Delivery.objects.filter(announcement_id=before.id).update(delivered_at=september)
    first, second, gone, over = (announce(title, nudge_hours=()) for title in ("First", "Second", "Gone", "Over"))
    announce("News", ask_acknowledge=False)
    for one in (before, first, gone):
        delivery.acknowledge(by=maya.id, announcement_id=one.id, version=1, now=now)
    delivery.acknowledge(by=maya.id, announcement_id=second.id, version=1, now=now)
    delivery.unacknowledge(by=maya.id, announcement_id=second.id, now=now)
    publishing.withdraw(announcement_id=gone.id, by=gone.author_id, reason="Wrong", now=now)
    publishing.expire(announcement_id=over.id, by=over.author_id, at=now + DAY, now=now)
    tick(now)
    tick(AMSTERDAM)
    tick(LISBON)

    for person, share in ((maya, "1 of 3"), (joao, "0 of 3")):
        [letter] = postbox.to(person.email)
        for words in said(letter):
            assert f"You are aligned on {share} this quarter" in words


def test_what_was_asked_in_a_quarter_is_one_value_however_much_it_was(
    maya: people.Person, announce: Announce, now: datetime
) -> None:
    def most() -> int:
        """Count the quarter, and return how many values a statement took at most."""
        given = [0]

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            given.append(len(params or ()))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            found = aligned(person_ids=[maya.id], zones={maya.workspace_id: "Europe/Amsterdam"}, now=now)
        assert maya.id in found
        return max(given)

    announce("First", nudge_hours=())
    few = most()
    for title in ("Second", "Third"):
        announce(title, nudge_hours=())

    assert most() == few


def test_who_was_asked_nothing_this_quarter_is_told_of_none(
    maya: people.Person, announce: Announce, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    announce("News", ask_acknowledge=False)
    tick(now)
    tick(AMSTERDAM)

    [letter] = postbox.to(maya.email)
    assert all("aligned" not in words for words in said(letter))


def test_a_digest_more_asks_nothing_more(
    ines: people.Person, maya: people.Person, joao: people.Person, announce: Announce, tick: Tick, postbox: Postbox, now: datetime
) -> None:  # fmt: skip
    announce("Required", nudge_hours=())
    tick(now)

    def asked(*whom: people.Person) -> int:
        models.Digest.objects.all().delete()
        models.Mention.objects.all().delete()
        due = {one.id: LISBON if one in whom else LISBON + DAY for one in everybody}
        more = {"period": "2026-W47", "workspace_id": ines.workspace_id}
        models.Digest.objects.bulk_create(models.Digest(recipient_id=id, due_at=at, **more) for id, at in due.items())
        postbox.empty()
        with CaptureQueriesContext(connection) as counted:
            tick(LISBON)
        assert {*postbox.recipients} == {one.email for one in whom}
        return sum(one["sql"].startswith("SELECT") for one in counted)

    everybody = (ines, maya, joao)
    asked(*everybody)

    assert asked(*everybody) == asked(maya)


@pytest.mark.parametrize(
    ("hours", "after", "words"),
    [
        ((24, 48, 72), 1, "At most 2 more come by themselves"),
        ((24, 48), 1, "At most one more comes by itself"),
        ((24,), 1, "This is the last nudge that comes by itself."),
    ],
)
def test_a_nudge_says_how_many_more_come_and_when(
    maya: people.Person, announce: Announce, postbox: Postbox, tick: Tick, now: datetime, hours: Any, after: int, words: str
) -> None:  # fmt: skip
    announce(nudge_hours=hours)
    tick(now + after * DAY)

    [letter] = postbox.to(maya.email)
    for part in said(letter):
        assert words in part
        assert "n your working hours (09:00 to 18:00 in Amsterdam), and none once you have confirmed." in part


def test_hours_of_ones_own_are_said_to_whoever_has_them(
    maya: people.Person, announce: Announce, postbox: Postbox, tick: Tick, now: datetime, ines: people.Person
) -> None:
    early = people.ProfileChanges(work_starts=now.time().replace(hour=7), work_ends=now.time().replace(hour=15))
    people.update_profile(by=maya.id, changes=early, now=now)
    announce(nudge_hours=(24,))
    tick(now + DAY)

    [to_maya], [to_ines] = postbox.to(maya.email), postbox.to(ines.email)
    assert "(07:00 to 15:00 in Amsterdam)" in said(to_maya)[0]
    assert "(09:00 to 18:00 in Amsterdam)" in said(to_ines)[0]


def test_after_the_deadline_a_nudge_says_that_it_was_due(
    maya: people.Person, announce: Announce, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    announce(nudge_hours=(24, 48), deadline=now + 1.5 * DAY)
    tick(now + DAY)
    tick(now + 2 * DAY)

    before, after = postbox.to(maya.email)
    assert before["Subject"] == "Please confirm: Dock 4 closes"
    assert after["Subject"] == "Was due 17 Nov: Dock 4 closes"
    for part in said(before):
        assert "Please confirm by Tuesday 17 November, 22:00" in part and "was due" not in part
    for part in said(after):
        assert "It was due Tuesday 17 November, 22:00. Please still confirm." in part and "onfirm by" not in part


@pytest.mark.parametrize(("hours", "subject"), [(24, "Please confirm: Dock 4"), (72, "Was due 18 Nov: Dock 4")])
def test_a_preview_says_what_is_true_when_the_first_nudge_comes(
    ines: people.Person, maya: people.Person, operations: people.Group, now: datetime, hours: float, subject: str
) -> None:
    asks = publishing.Draft(
        title="Dock 4", audience=people.Audience(group_ids=(operations.id,)), ask_acknowledge=True,
        deadline=now + 2 * DAY, nudge_hours=(hours,),
    )  # fmt: skip
    draft = publishing.create(by=ines.id, draft=asks, now=now)

    shown = delivery.preview_mail(by=ines.id, announcement_id=draft.id, person_id=maya.id, now=now)

    assert shown.subject == subject


def test_a_digest_says_what_was_due_and_when_each_thing_came_on_its_readers_clock(
    maya: people.Person, joao: people.Person, announce: Announce, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    late = datetime(2026, 11, 17, 23, 30, tzinfo=UTC)  # already Wednesday in Amsterdam
    announce("Required", at=late, nudge_hours=(), deadline=late + 2 * DAY)
    announce("To come", at=late, nudge_hours=(), deadline=late + 30 * DAY)
    tick(late)
    tick(AMSTERDAM)
    tick(LISBON)

    for person, day, due, by in (
        (maya, "Wednesday 18 November", "Friday 20 November", "Friday 18 December"),
        (joao, "Tuesday 17 November", "Thursday 19 November", "Thursday 17 December"),
    ):
        [letter] = postbox.to(person.email)
        for words in said(letter):
            assert f"Ines Carvalho. Sent {day}. 1 minute" in words
            assert f"was due {due}" in words and f"by {due}" not in words
            assert f"by {by}" in words


def test_a_digest_counts_what_is_owed_besides_and_lists_it_no_more(
    maya: people.Person, joao: people.Person, announce: Announce, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    required = [announce(f"Required {n}", nudge_hours=()) for n in range(4)]
    announce("News", ask_acknowledge=False)
    for n, one in enumerate(required[:3]):
        delivery.record(by=maya.id, receipts=[delivery.Receipt(str(n), one.id, "opened", now, "tab")], now=now)
    delivery.acknowledge(by=maya.id, announcement_id=required[0].id, version=1, now=now)
    tick(now)
    tick(LISBON)

    [to_maya], [to_joao] = postbox.to(maya.email), postbox.to(joao.email)
    for words in said(to_maya):
        assert "Two more wait for you to confirm them." in words
        assert "Required 3" in words and "Required 1" not in words
    assert "http://hub.test/tab" in said(to_maya)[0]
    for words in said(to_joao):
        assert "Required 1" in words and "wait for you to confirm" not in words


def test_what_is_opened_and_owed_alone_is_no_reason_for_a_digest(
    maya: people.Person, announce: Announce, postbox: Postbox, tick: Tick, now: datetime
) -> None:
    opened, news = announce("Required", nudge_hours=()), announce("News", ask_acknowledge=False)
    tick(now)
    receipts = [delivery.Receipt(str(one.id), one.id, "opened", now, "tab") for one in (opened, news)]
    delivery.record(by=maya.id, receipts=receipts[:1], now=now)
    delivery.set_preference(by=maya.id, digest="daily", now=now)
    tick(now)
    tick(now + DAY)
    [letter] = postbox.to(maya.email)
    for words in said(letter):
        assert "One thing waits for you to confirm it." in words

    delivery.record(by=maya.id, receipts=receipts[1:], now=now + DAY)
    gone = announce("Never opened", ask_acknowledge=False)
    publishing.withdraw(announcement_id=gone.id, by=gone.author_id, reason="Wrong", now=now + DAY)
    for day in range(2, 6):
        tick(now + day * DAY)
    assert len(postbox.to(maya.email)) == 1


def test_a_preview_tells_nobodys_quarter(
    ines: people.Person, maya: people.Person, announce: Announce, now: datetime
) -> None:
    announce("Asked before", nudge_hours=())
    news = announce("News", ask_acknowledge=False)

    shown = delivery.preview_mail(by=ines.id, announcement_id=news.id, person_id=maya.id, now=now)

    assert "Your week, Maya" in shown.html and "aligned" not in shown.html + shown.text


def _size(made: mail.Mail) -> int:
    return len(made.data)


@pytest.mark.parametrize(("confirmed", "cells"), [(200, ["done"]), (199, ["done", "rest"]), (1, ["rest"])])
def test_the_bar_of_the_quarter_is_full_only_when_all_of_it_is_confirmed(
    maya: people.Person, now: datetime, confirmed: int, cells: list[str]
) -> None:
    item = Missed(1, "Dock 4 closes", "", True, "Ines Carvalho", 2, None, 1)
    recap = mail.Recap(Pile((item,), (now,), 0), "2026-W47", (confirmed, 200))

    made = mail.digests(head=mail.letterhead(maya.workspace_id), now=now)(maya, recap)

    letter = message_from_bytes(made.data, policy=default)
    assert isinstance(letter, EmailMessage) and (page := letter.get_body(("html",)))
    assert re.findall(r'<td class="(done|rest)"', page.get_content()) == cells


def test_mails_stay_light(
    maya: people.Person, ines: people.Person, notice: publishing.Announcement, now: datetime
) -> None:
    head = mail.letterhead(maya.workspace_id)
    body = "<p>" + "All loads wait. " * 40 + "</p>"
    asked = mail.Asked(replace(notice, body=body, deadline=now + DAY), ines, (1, 3), (81, 123), "Operations")
    summary = "Use dock 6. Two lines that say what this is about, so that most people need not open it."
    items = tuple(
        Missed(n, f"Dock {n} closes on Monday", summary, n < 3, "Ines Carvalho", 2, now + DAY, 1) for n in range(10)
    )

    recap = mail.Recap(Pile(items, (now,) * 10, 2), "2026-W47", (11, 12))

    nudge = mail.nudges(head=head, asked=asked, now=now)(maya)
    digest = mail.digests(head=head, now=now)(maya, recap)

    assert _size(nudge) < 11_500
    assert _size(digest) < 19_000
