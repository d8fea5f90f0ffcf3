"""The page of an announcement, as its readers, its author and others meet it."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from announcements.web.templatetags.web import confirmed
from tests.pictures import picture
from tests.web.conftest import signed_in, text

pytestmark = pytest.mark.django_db
TABLE = "<table><tbody><tr><td>Gate</td><td>2</td></tr></tbody></table>"


def page(person: people.Person, item: publishing.Announcement) -> str:
    return signed_in(person).get(f"/a/{item.id}").content.decode()


def corrected(item: publishing.Announcement, body: str, at: datetime, change: Any = "material") -> None:
    draft = publishing.Draft(body=body)
    publishing.correct(announcement_id=item.id, by=item.author_id, draft=draft, change=change, now=at)


def test_an_author_outside_of_the_audience_sees_whom_it_is_for(
    olga: people.Person, operations: people.Group, at: datetime
) -> None:
    draft = publishing.Draft(title="New badges", audience=people.Audience(group_ids=(operations.id,)))
    item = publishing.create(by=olga.id, draft=draft, now=at)
    publishing.publish(announcement_id=item.id, by=olga.id, now=at)
    delivery.fan_out(announcement_id=item.id, now=at)

    assert "to Operations" in text(signed_in(olga).get(f"/a/{item.id}"))


def test_its_author_nudges_who_is_missing_from_its_page(
    announce: Any, ines: people.Person, maya: people.Person, at: datetime
) -> None:
    item = announce()
    delivery.acknowledge(by=maya.id, announcement_id=item.id, version=1, now=at)

    shown = page(ines, item)

    assert "Nudge 2 people" in shown and f'href="/a/{item.id}/nudge"' in shown
    assert "Nudge 2 people" not in page(maya, item)
    signed_in(ines).post(f"/a/{item.id}/nudge", {"outside": "on"})
    steps = delivery.nudge_plan(by=ines.id, announcement_id=item.id, now=at)
    assert sum(step.queued for step in steps if not step.step) == 2
    publishing.withdraw(announcement_id=item.id, by=ines.id, reason="Wrong dock.", now=at)
    assert "Nudge 2 people" not in page(ines, item)


def test_who_manages_a_group_of_its_audience_sees_who_is_missing_and_no_button_to_nudge(
    announce: Any, olga: people.Person, maya: people.Person, operations: people.Group, at: datetime
) -> None:
    item = announce()
    people.add_member(by=olga.id, group_id=operations.id, person_id=maya.id, role="manager", now=at)

    shown = page(maya, item)

    assert "Joao Matias" in shown and "See all who are missing" in shown
    assert "bell-ring" not in shown and f'href="/a/{item.id}/nudge"' not in shown


def test_its_author_is_shown_with_their_picture(
    announce: Any, ines: people.Person, maya: people.Person, at: datetime
) -> None:
    item = announce()
    assert "/picture/" not in page(maya, item)

    people.set_picture(by=ines.id, content=picture(), now=at)

    assert f"/api/v1/people/{ines.id}/picture/" in page(maya, item)


def test_what_goes_out_on_each_readers_clock_carries_the_time_it_reached_them(
    ines: people.Person, maya: people.Person, operations: people.Group, at: datetime
) -> None:
    begun = at - timedelta(days=3)
    day = (at - timedelta(days=1)).date()
    draft = publishing.Draft(
        title="New badges",
        body="<p>Fetch yours.</p>",
        audience=people.Audience(group_ids=(operations.id,)),
    )
    item = publishing.create(by=ines.id, draft=draft, now=begun)
    clock = publishing.OwnClock(day=day, time=time(7, 30))
    publishing.schedule(announcement_id=item.id, by=ines.id, when=publishing.When(own_clock=clock), now=begun)
    publishing.go_out(announcement_id=item.id, now=at - timedelta(hours=2))
    delivery.fan_out(announcement_id=item.id, now=at)

    reached = delivery.readable(by=maya.id, announcement_id=item.id, now=at).delivery

    assert reached and reached.delivered_at == at
    shown = re.search(r'<time datetime="([^"]+)">', page(maya, item))
    assert shown and datetime.fromisoformat(shown[1]) == at


def test_a_long_text_lists_its_headings_and_each_has_an_address(announce: Any, maya: people.Person) -> None:
    words = f"<p>{'word ' * 200}</p>"
    body = f"<h2>What <em>changes</em></h2>{words}<h2>Übung &amp; Rat</h2>{words}<h2>What changes</h2>"
    shown = page(maya, announce(body=body))

    for anchor, said in [
        ("on-what-changes", "What changes"),
        ("on-übung-rat", "Übung &amp; Rat"),
        ("on-what-changes-2", "What changes"),
    ]:
        assert f'<a href="#{anchor}">{said}</a>' in shown
        assert f'<h2 id="{anchor}">' in shown


def test_a_short_text_lists_none(announce: Any, maya: people.Person) -> None:
    assert "On this page" not in page(maya, announce(body="<h2>One</h2><p>a</p><h2>Two</h2><p>b</p>"))


def test_a_wide_table_scrolls_by_itself_and_by_keyboard(announce: Any, maya: people.Person) -> None:
    shown = page(maya, announce(body=TABLE + TABLE))

    for number in (1, 2):
        assert f'<div class="scroll" role="region" tabindex="0" aria-label="Table {number}"><table>' in shown


def test_who_confirmed_an_older_version_sees_what_changed(
    announce: Any, maya: people.Person, joao: people.Person, at: datetime
) -> None:
    item = announce(body="<p>Stays.</p><p>Fetch yours at gate 1 on Monday.</p>")
    delivery.acknowledge(by=maya.id, announcement_id=item.id, version=1, now=at)

    corrected(item, "<p>Stays.</p><p>Fetch yours at gate 2 on Monday.</p>", at)

    said = text(signed_in(maya).get(f"/a/{item.id}"))
    assert "What changed since you confirmed it" in said
    assert "[removed: 1 ]" in said
    assert "[added: 2 ]" in said
    assert "What changed since you confirmed it" not in text(signed_in(joao).get(f"/a/{item.id}"))
    delivery.acknowledge(by=maya.id, announcement_id=item.id, version=2, now=at)
    assert "What changed since you confirmed it" not in text(signed_in(maya).get(f"/a/{item.id}"))


def test_what_was_changed_says_when(announce: Any, joao: people.Person, at: datetime) -> None:
    item = announce()
    assert ">changed " not in page(joao, item)

    corrected(item, "<p>Fetch yours at gate 2.</p>", at)

    assert ">changed " in page(joao, item)


@pytest.mark.django_db(transaction=True)  # kept feeds are renewed at the commit
def test_a_pinned_one_says_so_to_its_readers(
    announce: Any, ines: people.Person, olga: people.Person, maya: people.Person, at: datetime
) -> None:
    item = announce(ask=False)
    assert "Pinned" not in text(signed_in(maya).get(f"/a/{item.id}"))

    publishing.pin(announcement_id=item.id, by=olga.id, now=at)
    delivery.fan_out(announcement_id=item.id, now=at)

    assert "Pinned" in text(signed_in(maya).get(f"/a/{item.id}"))


@pytest.mark.parametrize(("hours", "late"), [(1, True), (24 * 30, False)])
def test_a_nudge_that_lands_after_the_deadline_is_told_its_author(
    announce: Any, ines: people.Person, at: datetime, hours: int, late: bool
) -> None:
    item = announce(nudge_hours=(24,), deadline=at + timedelta(hours=hours))

    for address in (f"/a/{item.id}", f"/a/{item.id}/analytics"):
        assert ("That is after the deadline, and the mail says so." in text(signed_in(ines).get(address))) == late


def test_before_it_is_published_it_is_shown_to_who_writes_it_as_such(
    ines: people.Person, maya: people.Person, operations: people.Group, at: datetime
) -> None:
    draft = publishing.Draft(title="New badges", audience=people.Audience(group_ids=(operations.id,)))
    item = publishing.create(by=ines.id, draft=draft, now=at)

    assert "A draft. Only those who write it see it" in text(signed_in(ines).get(f"/a/{item.id}"))
    assert signed_in(maya).get(f"/a/{item.id}").status_code == 404

    publishing.schedule(announcement_id=item.id, by=ines.id, when=publishing.When(at=at + timedelta(days=2)), now=at)

    assert "Nobody has it yet." in text(signed_in(ines).get(f"/a/{item.id}"))
    assert signed_in(maya).get(f"/a/{item.id}").status_code == 404


def test_whom_it_is_not_for_is_told_what_to_do_and_not_whether_it_exists(
    announce: Any, olga: people.Person, charlie: people.Person
) -> None:
    browser = signed_in(charlie)
    there, nowhere = browser.get(f"/a/{announce().id}"), browser.get("/a/999999")

    assert there.status_code == nowhere.status_code == 404
    assert text(there) == text(nowhere)
    assert "If a colleague sent you the address, ask them" in text(there)
    assert f"You are signed in as {charlie.name}" in text(there)


def test_a_confirmation_of_another_day_says_which(at: datetime) -> None:
    assert re.fullmatch(r"you confirmed at \d\d:\d\d", confirmed(at.isoformat()))
    assert re.fullmatch(r"you confirmed yesterday at \d\d:\d\d", confirmed((at - timedelta(days=1)).isoformat()))
