"""What one says of oneself and how one is reached, as pages without a script."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from announcements.analytics import services as analytics
from announcements.delivery import services as delivery
from announcements.people import services as people
from tests.pictures import picture
from tests.web.conftest import signed_in


def form(page: str) -> dict[str, Any]:
    """Return what the form of the page holds as text and dates."""
    found = dict(re.findall(r'name="(name|title|pronouns|work_starts|work_ends)" value="([^"]*)"', page))
    return found | {"timezone": "Europe/Amsterdam", "theme": "system", "locale": "en", "work_days": [0, 1]}


def away(page: str) -> list[tuple[str, str]]:
    spans = re.findall(r'name="away.first" value="([^"]*)".*?name="away.last" value="([^"]*)"', page, re.S)
    return spans[:-1]  # the last is the pattern for the script


def test_days_away_are_added_and_removed_without_a_script(maya: people.Person) -> None:
    browser = signed_in(maya)
    sent = form(browser.get("/settings").content.decode())
    rows = {"away.first": ["2026-12-21", "2027-02-01"], "away.last": ["2026-12-31", ""]}

    added = browser.post("/settings", sent | rows | {"do": "add-away"})
    assert away(added.content.decode()) == [("2026-12-21", "2026-12-31"), ("2027-02-01", ""), ("", "")]
    taken = browser.post("/settings", sent | rows | {"do": "remove-away-0"})
    assert away(taken.content.decode()) == [("2027-02-01", "")]
    assert people.person(person_id=maya.id).working_time.away == ()

    browser.post("/settings", sent | {"away.first": ["2027-02-01"], "away.last": [""]})
    assert people.person(person_id=maya.id).working_time.away == ((date(2027, 2, 1), date(2027, 2, 1)),)
    browser.post("/settings", sent)
    assert people.person(person_id=maya.id).working_time.away == ()


def test_a_profile_is_saved_whole_or_not_at_all(maya: people.Person) -> None:
    browser = signed_in(maya)
    sent = form(browser.get("/settings").content.decode())
    backwards = {"away.first": ["2026-12-21"], "away.last": ["2026-12-20"]}

    answer = browser.post("/settings", sent | {"title": "Buyer"} | backwards)

    assert answer.status_code == 422
    assert "An absence cannot end before it begins" in answer.content.decode()
    assert away(answer.content.decode()) == [("2026-12-21", "2026-12-20")]
    assert people.person(person_id=maya.id).title == maya.title


def test_a_picture_is_put_up_and_taken_down(maya: people.Person) -> None:
    browser = signed_in(maya)

    browser.post("/settings", {"do": "picture", "picture": SimpleUploadedFile("me.png", picture())})
    digest = people.person(person_id=maya.id).picture
    assert f"/api/v1/people/{maya.id}/picture/{digest}/256" in browser.get("/settings").content.decode()
    assert f"/api/v1/people/{maya.id}/picture/{digest}/64" in browser.get("/tab").content.decode()

    refused = browser.post("/settings", {"do": "picture", "picture": SimpleUploadedFile("me.svg", b"<svg/>")})
    assert refused.status_code == 422
    assert "SVG and HTML can carry code" in refused.content.decode()

    browser.post("/settings", {"do": "remove_picture"})
    assert people.person(person_id=maya.id).picture == ""


@pytest.mark.parametrize("digest", ["daily", "never"])
def test_the_digest_is_chosen_and_what_always_comes_is_said(maya: people.Person, digest: str) -> None:
    browser = signed_in(maya)

    browser.post("/settings/channels", {"digest": digest})

    assert delivery.preference(by=maya.id).digest == digest
    page = browser.get("/settings/channels").content.decode()
    assert f'<option value="{digest}" selected>' in page
    assert "usually 24, 48, 72 hours after it reached you" in page
    assert "Mon, Tue, Wed, Thu, Fri, 09:00 to 18:00 on the clock of Amsterdam" in page


def test_a_digest_that_there_is_not_is_refused(maya: people.Person) -> None:
    answer = signed_in(maya).post("/settings/channels", {"digest": "hourly"})

    assert answer.status_code == 422
    assert delivery.preference(by=maya.id).digest == "weekly"


def test_what_is_stored_is_told_in_words_and_counts(
    announce: Any, ines: people.Person, maya: people.Person, at: datetime
) -> None:
    item = announce("Dock 4 closes")
    analytics.missing(by=ines.id, announcement_id=item.id, now=at)
    receipt = delivery.Receipt(client_id="1", announcement_id=item.id, fact="opened", at=at, channel="tab")
    delivery.record(by=maya.id, receipts=[receipt], now=at)

    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", signed_in(maya).get("/settings/stored").content.decode()))

    assert "new tab: 2" in page  # met, and opened
    assert re.search(r"Who had yet to confirm .* Ines Carvalho Dock 4 closes", page)
    assert "Not confirmed yet: Dock 4 closes planned" in page
    assert re.search(r"Operations member \d+ \w+ \d{4} no end", page)
    assert re.search(r"Looks at your name .*? while you were on it\. 1 ", page)
