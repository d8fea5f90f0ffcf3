"""The page on which admins see whether all is well."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path

from announcements import VERSION
from announcements.delivery import services as delivery
from announcements.kernel import heart
from announcements.people import services as people
from tests.web.conftest import signed_in


def test_an_admin_reads_that_all_is_well(olga: people.Person, at: datetime) -> None:
    for name in heart.NAMES:
        heart.beat(name, at=at)
    delivery.note_backup(at=at)

    shown = signed_in(olga).get("/settings/status").content.decode()

    assert "All is well." in shown
    assert f"Mantel {VERSION}." in shown


def test_what_is_not_well_comes_first_and_leads_to_where_it_is_set_right(olga: people.Person, at: datetime) -> None:
    for name in heart.NAMES:
        heart.beat(name, at=at)
    delivery.note_backup(at=at)
    delivery.pause_sending(by=olga.id, now=at)

    shown = signed_in(olga).get("/settings/status").content.decode()

    assert "1 thing needs a look." in shown
    assert shown.index("Somebody paused nudges and digests.") < shown.index("It moves.")
    assert 'href="/settings/mail">Look at mail' in shown


def test_the_version_that_is_shown_is_the_one_that_is_released() -> None:
    said = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())

    assert said["project"]["version"] == VERSION
