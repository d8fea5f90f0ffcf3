"""An address of analytics that is cut off, out of date or made up says so to a person, and leads on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine

from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.analytics.pages import words
from tests.delivery.mailing import reach
from tests.web.conftest import signed_in

# Words that tell a program what to mend.
OF_THE_API = ("`", "cursor", "field", "errors", "null", "acknowledge")
LONG = "9" * 40


@pytest.fixture(autouse=True)
def _an_hour_later(now: datetime) -> Iterator[None]:
    with time_machine.travel(now + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def said(ines: people.Person, operations: people.Group, now: datetime) -> publishing.Announcement:
    return reach(ines, operations, now)


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/a/{said}/analytics?cursor=foo", "/announcements"),
        ("/a/{said}/analytics?cursor=%00", "/announcements"),
        ("/a/{said}/analytics?search=%00", "/announcements"),
        ("/a/{said}/nudge?" + "&".join(f"person={n}" for n in range(1, 600)), "/announcements"),
        ("/alignment/cell?since=foo&group={group}", "/alignment"),
        ("/alignment/cell", "/alignment"),
        ("/alignment/cell?since=foo", "/alignment"),
        ("/alignment/cell?since=2026-11-16", "/alignment"),
        ("/alignment/cell?since=2026-11-16&group={group}&topic=news", "/alignment"),
        ("/alignment/cell?since=2026-11-16&group=abc", "/alignment"),
        (f"/alignment/cell?since=2026-11-16&group={LONG}", "/alignment"),
        ("/alignment/cell?since=2026-11-16&topic=abc", "/alignment"),
        ("/alignment/cell?since=0001-01-01&group={group}", "/alignment"),
        ("/alignment/cell?since=9999-12-30&group={group}&span=52", "/alignment"),
        ("/alignment/cell?since=2026-11-16&group={group}&cursor=foo", "/alignment"),
        ("/alignment/flows/cell", "/alignment/flows"),
        ("/alignment/flows/cell?since=foo", "/alignment/flows"),
        ("/alignment/flows/cell?from_id=foo&to_id={group}", "/alignment/flows"),
        ("/alignment/flows/cell?from_id=-1&to_id={group}", "/alignment/flows"),
        ("/alignment/flows/cell?from_id={group}&to_id={group}&cursor=foo", "/alignment/flows"),
    ],
)
def test_a_broken_address_is_told_in_words_and_leads_on(
    olga: people.Person, said: publishing.Announcement, operations: people.Group, address: str, leads_to: str
) -> None:
    answer = signed_in(olga).get(address.format(said=said.id, group=operations.id))

    page = answer.content.decode()
    shown = words(page[page.index("<main") : page.index("</main>")])
    assert answer.status_code == 422
    assert "This page cannot be shown Something in its address is not as it should be" in shown
    assert not [word for word in OF_THE_API if word in shown]
    assert f'class="btn primary" href="{leads_to}"' in page


@pytest.mark.parametrize("address", ["weeks=foo&kind=foo", "weeks=%00", "kind="])
def test_a_choice_that_there_is_not_shows_the_usual(olga: people.Person, address: str) -> None:
    browser = signed_in(olga)

    assert browser.get(f"/alignment?{address}").status_code == 200
    assert browser.get(f"/alignment/flows?{address}").status_code == 200


def test_who_is_chosen_among_the_missing_by_what_there_is_not_is_everybody(
    ines: people.Person, said: publishing.Announcement
) -> None:
    page = signed_in(ines).get(f"/a/{said.id}/analytics?got_to=foo&group_id=foo&unreachable=").content.decode()

    assert page.count('class="missing-who"') == 3


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("draft", "It is not published yet. Once it is, who has not confirmed it can be nudged."),
        ("not asking", "It asks nobody to confirm it. How far it got is told by its analytics."),
        ("withdrawn", "It was withdrawn, so nobody is asked to confirm it any more."),
        ("expired", "It is no longer shown to those it is for, so nobody is asked to confirm it."),
    ],
)
def test_where_nobody_can_be_nudged_it_is_said_why(
    ines: people.Person, operations: people.Group, now: datetime, kind: str, why: str
) -> None:
    expires = now + timedelta(minutes=30) if kind == "expired" else None
    audience = people.Audience(group_ids=(operations.id,))
    asks = kind != "not asking"
    draft = publishing.Draft(
        title="Dock 4", body="<p>x</p>", audience=audience, ask_acknowledge=asks, expires_at=expires
    )
    made = publishing.create(by=ines.id, draft=draft, now=now)
    if kind != "draft":
        publishing.publish(announcement_id=made.id, by=ines.id, now=now)
    if kind == "withdrawn":
        publishing.withdraw(announcement_id=made.id, by=ines.id, reason="No longer so.", now=now)

    answer = signed_in(ines).get(f"/a/{made.id}/nudge")

    assert answer.status_code == 409
    assert f"There is nobody to nudge {why} All announcements" in words(answer.content.decode())
    assert signed_in(ines).post(f"/a/{made.id}/nudge", {"outside": "on"}).status_code == 409
