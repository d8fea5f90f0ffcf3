"""What one sets for oneself."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from announcements.people import services as people
from tests.pictures import picture


def test_days_away_are_kept_and_answered_as_they_were_given(api: Any, maya: people.Person) -> None:
    away = [{"first": "2026-12-21", "last": "2027-01-03"}, {"first": "2027-03-01", "last": "2027-03-01"}]

    answer = api(maya).patch("me", {"away": away})

    assert answer.status_code == 200, answer.content
    assert answer.json()["away"] == api(maya).get("me").json()["away"] == away


def test_nobody_comes_back_before_they_leave(api: Any, maya: people.Person) -> None:
    answer = api(maya).patch("me", {"away": [{"first": "2026-12-21", "last": "2026-12-20"}]})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].startswith("away")
    assert api(maya).get("me").json()["away"] == []


def test_working_hours_and_theme_change_alone(api: Any, maya: people.Person) -> None:
    before = api(maya).get("me").json()

    after = api(maya).patch("me", {"work_starts": "07:30", "theme": "dark"}).json()

    assert after == before | {"work_starts": "07:30", "theme": "dark"}


def test_what_i_say_of_myself_is_seen_by_colleagues(api: Any, maya: people.Person, olga: people.Person) -> None:
    answer = api(maya).patch("me", {"pronouns": "she/her", "about": "Buys fuel.\nAsk me about rates."})

    assert answer.status_code == 200, answer.content
    seen = api(olga).get(f"people/{maya.id}").json()
    assert (seen["pronouns"], seen["about"], seen["picture"]) == ("she/her", "Buys fuel.\nAsk me about rates.", None)


def test_with_one_wrong_field_nothing_is_saved(api: Any, maya: people.Person) -> None:
    before = api(maya).get("me").json()

    answer = api(maya).patch("me", {"title": "Buyer", "timezone": "Mars/Olympus", "pronouns": "x" * 41})

    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {"timezone", "pronouns"}
    assert api(maya).get("me").json() == before


def test_a_picture_is_uploaded_shown_to_colleagues_and_removed(api: Any, maya: people.Person, olga: Any) -> None:
    placed = api(maya).put("me/picture", picture())
    assert placed.status_code == 200, placed.content

    addresses = api(olga).get(f"people/{maya.id}").json()["picture"]
    assert addresses == placed.json()["picture"]
    shown = api(olga).browser.get(addresses["small"])
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
    assert shown["Cache-Control"] == "private, max-age=31536000, immutable"

    assert api(maya).delete("me/picture").status_code == 204
    assert api(maya).get("me").json()["picture"] is None
    assert api(olga).browser.get(addresses["small"]).status_code == 404


def test_a_picture_comes_in_a_form_too(api: Any, maya: people.Person) -> None:
    browser = api(maya).browser
    form = encode_multipart(BOUNDARY, {"picture": SimpleUploadedFile("me.png", picture())})

    assert browser.put("/api/v1/me/picture", form, content_type=MULTIPART_CONTENT).json()["picture"]
    assert api(maya).put("me/picture", b"<svg/>", "image/svg+xml").json()["errors"][0]["field"] == "picture"
    assert api(maya).put("me/picture").status_code == 422
