"""What one sets for oneself."""

from __future__ import annotations

from typing import Any

from announcements.people import services as people


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
