"""What somebody who is not signed in may know of this installation; the demo company has a room of its own."""

from __future__ import annotations

from typing import Any

import pytest

from announcements.people import services as people

pytestmark = pytest.mark.django_db


def test_an_empty_hub_waits_for_its_workspace(nobody: Any) -> None:
    assert nobody.get("hub").json() == {"founded": False, "open": True, "demo_offered": False, "sign_ins": []}


def test_a_founded_hub_is_closed_to_other_companies(nobody: Any, olga: people.Person) -> None:
    assert nobody.get("hub").json() == {"founded": True, "open": False, "demo_offered": False, "sign_ins": []}


def test_an_open_hub_lets_other_companies_in(nobody: Any, olga: people.Person, settings: Any) -> None:
    settings.OPEN_TO_COMPANIES = True

    assert nobody.get("hub").json()["open"] is True


def test_where_mail_leaves_the_machine_there_is_no_demo(nobody: Any) -> None:
    assert nobody.post("demo", {}).status_code == 404
    assert nobody.get("hub").json()["founded"] is False


def test_a_company_of_ones_own_shows_no_passwords(
    nobody: Any, olga: people.Person, settings: Any, tmp_path: Any
) -> None:
    settings.MAIL_CATCHER = str(tmp_path)

    assert nobody.get("hub").json()["sign_ins"] == []
