"""The data-protection sheet says what the settings and the code say, and changes with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from announcements.analytics import services as analytics
from announcements.api.v1 import data_protection as sheet
from announcements.people import services as people
from announcements.web import data_protection as words
from tests.web.conftest import signed_in


def page(person: people.Person) -> str:
    return " ".join(signed_in(person).get("/settings/data-protection").content.decode().split())


def test_how_long_reading_is_kept_is_what_the_company_chose(olga: people.Person, at: datetime) -> None:
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(retention_days=45), now=at)

    assert "<td>45 days</td>" in page(olga)
    assert "<td>14 days</td>" in page(olga)  # an invitation


PROFILES: dict[people.Privacy, tuple[str, ...]] = {
    "standard": (
        "“Standard”",
        "Beside the name stands how far they got.",
        "or no working day within a year",
        "Shown whatever their size.",
    ),
    "open": ("“Open”", "also where confirming was not asked", "Single facts of persons"),
    "works_council": (
        "“Works council”",
        "How far they got is told of nobody.",
        "that no mail reaches somebody, but never why",
        "at least 5 people",
        "None are looked at",
    ),
}


@pytest.mark.parametrize("privacy", PROFILES)
def test_who_sees_what_is_said_by_the_profile(privacy: people.Privacy, olga: people.Person, at: datetime) -> None:
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy=privacy), now=at)

    shown = page(olga)

    for said in PROFILES[privacy]:
        assert said in shown
    for other, sentences in PROFILES.items():
        assert other == privacy or sentences[0] not in shown


def test_each_kind_of_data_has_words_and_each_profile_its_rules() -> None:
    assert set(words.KINDS) == set(sheet.KINDS)
    assert all(words.KINDS[kind].ends for kind in sheet.STAYING)
    assert set(analytics.PROFILES) == set(PROFILES)


def test_who_sends_mail_and_keeps_files_is_named(olga: people.Person, at: datetime, settings: Any) -> None:
    settings.EMAIL_HOST, settings.MAIL_BACKEND, settings.MAIL_PROVIDER = "smtp.relay.test", "", ""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "x", "OPTIONS": {"bucket_name": "b", "endpoint_url": "https://s3.store.test"}}
    }
    shown = page(olga)
    assert "smtp.relay.test, chosen by whoever runs the installation." in shown
    assert "s3.store.test" in shown

    settings.MAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    assert "postmark, chosen by whoever runs the installation." in page(olga)


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("", "The machine that Mantel runs on."),
        ("localhost", "The machine that Mantel runs on."),
        ("127.0.0.1", "The machine that Mantel runs on."),
        ("::1", "The machine that Mantel runs on."),
        ("/var/run/postgresql", "The machine that Mantel runs on."),
        ("10.20.30.40", "It stays with the installation."),
        ("fd00::5", "It stays with the installation."),
        ("postgres", "It stays with the installation."),
        ("db.mantel.svc", "It stays with the installation."),
        ("127.0.0.1,10.20.30.40", "It stays with the installation."),
        ("db.provider.example", "db.provider.example, chosen by whoever runs the installation."),
        ("10.20.30.40,db.provider.example", "db.provider.example, chosen by whoever runs the installation."),
        ("8.8.8.8", "8.8.8.8, chosen by whoever runs the installation."),
    ],
)
def test_only_who_is_outside_is_named(host: str, said: str, olga: people.Person, settings: Any) -> None:
    settings.EMAIL_HOST, settings.MAIL_BACKEND, settings.MAIL_PROVIDER = host, "", ""

    shown = page(olga)

    assert f'<strong>Sends mail</strong><br><span class="quiet">{said}' in shown


def test_members_are_told_who_may_read_it(maya: people.Person) -> None:
    assert signed_in(maya).get("/settings/data-protection").status_code == 403
