"""The list of announcements: what it shows, and what its buttons do without a script."""

from __future__ import annotations

import html
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from announcements.web.listing import STATES, grouped
from tests.conftest import join
from tests.web.conftest import signed_in


def text(answer: Any) -> str:
    bare = re.sub(r"<(head|dialog|svg).*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.S)
    return html.unescape(re.sub(r"\s+", " ", bare))


def press(browser: Client, do: str, announcement_id: int, address: str = "/announcements", **more: Any) -> str:
    answer = browser.post(address, {"do": do, "announcement": announcement_id, **more}, follow=True)
    assert answer.status_code == 200
    return text(answer)


def undo(browser: Client, page: Any) -> str:
    """Press the Undo of the page's toast."""
    form = re.search(r"<form[^>]*data-done.*?</form>", page.content.decode(), re.S)
    assert form, "nothing to undo"
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    return text(browser.post("/announcements", fields, follow=True))


@pytest.fixture
def drafted(ines: people.Person, operations: people.Group, at: datetime) -> publishing.Announcement:
    """Return a draft of Ines that could go out."""
    draft = publishing.Draft(title="Holiday cover", audience=people.Audience(group_ids=(operations.id,)))
    return publishing.create(by=ines.id, draft=draft, now=at)


def test_each_state_is_a_tab_with_its_count(announce: Any, drafted: Any, ines: people.Person, at: datetime) -> None:
    announce("New badges")
    later = publishing.duplicate(announcement_id=drafted.id, by=ines.id, now=at)
    publishing.schedule(announcement_id=later.id, by=ines.id, when=publishing.When(at + timedelta(days=9)), now=at)
    gone = announce("Old news")
    publishing.withdraw(announcement_id=gone.id, by=ines.id, reason="The wrong day", now=at)
    browser = signed_in(ines)

    assert "Sent 1 Scheduled 1 Drafts 1 Archive 1" in text(browser.get("/announcements"))
    assert "New badges" in text(browser.get("/announcements"))
    assert "Copy of Holiday cover" in text(browser.get("/announcements?state=scheduled"))
    assert "for all at once" in text(browser.get("/announcements?state=scheduled"))
    assert "Holiday cover" in text(browser.get("/announcements?state=draft"))
    assert "Reason: The wrong day" in text(browser.get("/announcements?state=archive"))


WEDNESDAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("state", "day", "heading"),
    [
        ("published", "2026-11-25", "This week"),
        ("published", "2026-11-23", "This week"),
        ("published", "2026-11-22", "Last week"),
        ("draft", "2026-11-15", "Earlier in November"),
        ("published", "2026-10-31", "October"),
        ("archive", "2025-11-25", "November 2025"),
        ("scheduled", "2026-11-25", "Today"),
        ("scheduled", "2026-11-26", "Tomorrow"),
        ("scheduled", "2026-11-29", "This week"),
        ("scheduled", "2026-12-06", "Next week"),
        ("scheduled", "2026-12-07", "December"),
        ("scheduled", "2027-01-01", "January 2027"),
    ],
)
def test_announcements_stand_under_the_time_of_their_state(state: str, day: str, heading: str) -> None:
    item = {STATES[state]: f"{day}T12:00:00+00:00"}

    assert grouped([item], state, WEDNESDAY) == [(heading, [item])]


def test_what_is_being_sent_stands_first_and_can_be_stopped(
    announce: Any, drafted: Any, ines: people.Person, at: datetime
) -> None:
    announce("New badges")
    publishing.publish(announcement_id=drafted.id, by=ines.id, now=at)

    page = text(signed_in(ines).get("/announcements"))

    assert re.search(r"Now Holiday cover .* sending now .*about to be delivered .*Stop .* This week New badges", page)


def test_what_was_published_a_moment_ago_is_taken_back(drafted: Any, ines: people.Person, at: datetime) -> None:
    publishing.publish(announcement_id=drafted.id, by=ines.id, undo_seconds=30, now=at)
    browser = signed_in(ines)
    assert re.search(r"Now Holiday cover .* goes out in \d+ s Undo", text(browser.get("/announcements")))

    assert "“Holiday cover” is a draft again." in press(browser, "unschedule", drafted.id)
    assert publishing.get(announcement_id=drafted.id).scheduled_for is None


def test_numbers_and_deadlines_stand_beside_each(
    announce: Any, maya: people.Person, ines: people.Person, at: datetime
) -> None:
    first = announce("New badges", deadline=at + timedelta(days=1))
    announce("Best month", ask=False)
    delivery.acknowledge(by=maya.id, announcement_id=first.id, version=1, now=at)

    page = text(signed_in(ines).get("/announcements"))

    assert re.search(r"New badges .* 33% confirmed 2 missing by tomorrow", page)
    assert re.search(r"Best month .* 0% read, 0 of 3 no confirmation asked", page)


def test_a_draft_that_did_not_go_out_says_why(
    drafted: Any, olga: people.Person, ines: people.Person, operations: people.Group, at: datetime
) -> None:
    publishing.schedule(announcement_id=drafted.id, by=ines.id, when=publishing.When(at + timedelta(seconds=1)), now=at)
    people.end_membership(by=olga.id, group_id=operations.id, person_id=ines.id, now=at)
    publishing.go_out(announcement_id=drafted.id, now=at + timedelta(minutes=1))

    assert "It did not go out:" in text(signed_in(ines).get("/announcements?state=draft"))


@pytest.mark.parametrize(
    ("do", "said", "back"),
    [
        ("pin", "is pinned to the top", "is not pinned any more"),
        ("expire", "has left the tab", "is on the tab again"),
        ("duplicate", "is copied to your drafts", "“Copy of New badges” is deleted"),
    ],
)
def test_what_is_done_to_what_is_out_is_undone(
    do: str, said: str, back: str, announce: Any, ines: people.Person
) -> None:
    item = announce()
    browser = signed_in(ines)

    done = browser.post("/announcements", {"do": do, "announcement": item.id}, follow=True)

    assert said in text(done)
    assert back in undo(browser, done)
    after = publishing.get(announcement_id=item.id)
    assert (after.pinned_at, after.expires_at) == (None, None)
    assert said not in text(browser.get("/announcements"))


def test_what_is_scheduled_is_pinned_beforehand_and_that_is_undone(
    drafted: Any, ines: people.Person, at: datetime
) -> None:
    when = publishing.When(at=at + timedelta(days=9))
    publishing.schedule(announcement_id=drafted.id, by=ines.id, when=when, now=at)
    browser = signed_in(ines)
    address = "/announcements?state=scheduled"
    assert "Pin once it is out" in text(browser.get(address))

    done = browser.post(address, {"do": "pin", "announcement": drafted.id}, follow=True)

    assert "will be pinned to the top of the news once it is out" in text(done)
    assert "pinned once it is out" in text(done) and "Do not pin" in text(done)
    assert "goes out without being pinned" in undo(browser, done)
    assert not publishing.get(announcement_id=drafted.id).pin


@pytest.mark.parametrize(
    ("do", "told", "pinned"), [("pin", "is pinned to the top", True), ("unpin", "stays without a pin", False)]
)
def test_what_went_out_without_its_pin_says_so_until_somebody_decides(
    announce: Any, drafted: Any, ines: people.Person, maya: people.Person, at: datetime, do: str, told: str, pinned: bool
) -> None:  # fmt: skip
    three = [announce(title) for title in ("One", "Two", "Three")]
    for one in three:
        publishing.pin(announcement_id=one.id, by=ines.id, now=at)
    publishing.revise(announcement_id=drafted.id, by=ines.id, draft=publishing.Draft(pin=True), now=at)
    publishing.schedule(announcement_id=drafted.id, by=ines.id, when=publishing.When(at + timedelta(seconds=1)), now=at)
    publishing.go_out(announcement_id=drafted.id, now=at + timedelta(seconds=1))
    delivery.fan_out(announcement_id=drafted.id, now=at + timedelta(seconds=1))
    browser, without = signed_in(ines), "It went out without its pin"
    for address in ("/announcements", f"/a/{drafted.id}"):
        assert without in text(browser.get(address))
    assert without not in text(signed_in(maya).get(f"/a/{drafted.id}"))
    publishing.unpin(announcement_id=three[0].id, by=ines.id, now=at)

    assert told in press(browser, do, drafted.id)

    assert bool(publishing.get(announcement_id=drafted.id).pinned_at) == pinned
    for address in ("/announcements", f"/a/{drafted.id}"):
        assert without not in text(browser.get(address))


def test_what_is_done_to_a_draft_is_undone(drafted: Any, ines: people.Person, at: datetime) -> None:
    when = publishing.When(
        own_clock=publishing.OwnClock((at + timedelta(days=9)).date(), at.time().replace(second=0, microsecond=0))
    )
    browser = signed_in(ines)
    gone = browser.post("/announcements", {"do": "discard", "announcement": drafted.id}, follow=True)
    assert "“Holiday cover” is deleted." in text(gone)
    assert "is back in your drafts" in undo(browser, gone)

    publishing.schedule(announcement_id=drafted.id, by=ines.id, when=when, now=at)
    off = browser.post("/announcements", {"do": "unschedule", "announcement": drafted.id}, follow=True)
    assert publishing.get(announcement_id=drafted.id).scheduled_for is None
    assert "is scheduled again" in undo(browser, off)
    assert publishing.get(announcement_id=drafted.id).own_clock == when.own_clock


def test_what_cannot_be_done_says_why(announce: Any, ines: people.Person) -> None:
    browser = signed_in(ines)
    for title in ("One", "Two", "Three"):
        press(browser, "pin", announce(title).id)

    refused = browser.post("/announcements", {"do": "pin", "announcement": announce("Four").id})

    assert refused.status_code == 409
    assert "3 are pinned already" in text(refused)


def test_it_is_withdrawn_with_a_reason(announce: Any, ines: people.Person) -> None:
    item = announce()
    browser = signed_in(ines)
    assert "Withdraw “New badges”?" in text(browser.get(f"/a/{item.id}/withdraw"))
    long = browser.post(f"/a/{item.id}/withdraw", {"reason": "x" * 300})
    assert (long.status_code, "280 characters" in text(long)) == (422, True)
    bare = browser.post(f"/a/{item.id}/withdraw", {"reason": "  "})
    assert (bare.status_code, "Say why, in one sentence" in text(bare)) == (422, True)
    bare = browser.post(f"/a/{item.id}/edit", {"do": "withdraw"})
    assert (bare.status_code, "Say why, in one sentence" in text(bare)) == (422, True)
    assert publishing.get(announcement_id=item.id).withdrawn_at is None

    after = browser.post(f"/a/{item.id}/withdraw", {"reason": "The wrong day"}, follow=True)

    assert "“New badges” is withdrawn." in text(after)
    assert publishing.get(announcement_id=item.id).withdraw_reason == "The wrong day"


def test_before_anything_is_sent_the_first_draft_is_offered(
    drafted: Any, ines: people.Person, olga: people.Person
) -> None:
    page = signed_in(ines).get("/announcements")
    assert "Nothing has been announced yet" in text(page)
    assert f'href="/a/{drafted.id}/edit"' in page.content.decode()

    assert "Write the first one" in text(signed_in(olga).get("/announcements"))


def test_a_search_that_finds_nothing_says_so(announce: Any, ines: people.Person) -> None:
    announce()
    browser = signed_in(ines)
    assert "New badges" in text(browser.get("/announcements?search=badges"))
    assert "Nothing matches “tyres”" in text(browser.get("/announcements?search=tyres"))


@pytest.mark.parametrize("sent", [{"do": "explode", "announcement": "1"}, {"do": "pin", "announcement": "x"}, {}])
def test_a_button_that_is_not_ours_does_nothing(sent: dict[str, str], ines: people.Person, operations: Any) -> None:
    assert signed_in(ines).post("/announcements", sent).status_code == 302


def test_what_is_scheduled_opens_where_it_is_written(drafted: Any, ines: people.Person, at: datetime) -> None:
    publishing.schedule(announcement_id=drafted.id, by=ines.id, when=publishing.When(at + timedelta(days=9)), now=at)
    browser = signed_in(ines)
    assert f'href="/a/{drafted.id}/edit"' in browser.get("/announcements?state=scheduled").content.decode()

    assert browser.get(f"/a/{drafted.id}/edit").status_code == 200


def test_what_could_not_go_out_says_so_and_what_to_do_in_the_list_and_where_it_is_written(
    olga: people.Person, ines: people.Person, operations: people.Group, at: datetime
) -> None:
    said = publishing.Draft(title="New badges", audience=people.Audience(group_ids=(operations.id,)))
    draft = publishing.create(by=ines.id, draft=said, now=at)
    publishing.schedule(announcement_id=draft.id, by=ines.id, when=publishing.When(at + timedelta(minutes=1)), now=at)
    people.end_membership(by=olga.id, group_id=operations.id, person_id=ines.id, now=at)
    assert not publishing.go_out(announcement_id=draft.id, now=at + timedelta(minutes=1))
    browser = signed_in(ines)

    drafts = text(browser.get("/announcements?state=draft"))
    assert "It did not go out: Who scheduled it may not publish to this audience any more. Set it right" in drafts
    page = text(browser.get(f"/a/{draft.id}/edit"))
    assert "It did not go out when its time had come." in page
    assert "choose others or ask an admin" in page


def test_who_manages_the_group_sees_how_far_it_got_and_is_offered_no_change(
    announce: Any, olga: people.Person, operations: people.Group, at: datetime
) -> None:
    hugo = join(olga, "Hugo Prins", "Europe/Amsterdam", at)
    people.add_member(by=olga.id, group_id=operations.id, person_id=hugo.id, role="manager", now=at)
    item = announce("New badges")

    page = signed_in(hugo).get("/announcements").content.decode()

    assert "New badges" in page and f'href="/a/{item.id}/analytics"' in page
    assert 'value="duplicate"' in page
    for offered in (f"/a/{item.id}/edit", f"/a/{item.id}/withdraw", 'value="pin"', 'value="expire"'):
        assert offered not in page
        assert offered in signed_in(olga).get("/announcements").content.decode()
