"""Choosing public holidays for the company and for a group: a country, then a region of it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from announcements.people import services as people
from tests.web.conftest import signed_in
from tests.web.test_company import FORM

GROUP = {"name": "Operations", "kind": "function", "description": "", "filled": "hand"}


def chosen(page: str, field: str) -> list[str]:
    part = page.partition(f'name="{field}"')[2].partition("</select>")[0]
    return re.findall(r'value="([^"]*)" selected', part)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"country": "DE"}, "DE"),
        ({"country": "DE", "region": "DE-BY"}, "DE-BY"),
        ({"country": "PT", "region": "DE-BY"}, "PT"),
        ({"country": "", "region": "DE-BY"}, ""),
    ],
)
def test_a_company_chooses_its_holidays(olga: people.Person, sent: dict[str, str], kept: str) -> None:
    browser = signed_in(olga)
    browser.post("/settings/workspace", FORM | sent)
    page = browser.get("/settings/workspace").content.decode()

    assert people.workspace(workspace_id=olga.workspace_id).calendar == kept
    assert chosen(page, "country") == ([kept[:2]] if kept else [])
    assert chosen(page, "region") == ([kept] if "-" in kept else [])
    assert ("Next:" in page) is bool(kept)


def test_what_is_no_country_is_said_at_the_field(olga: people.Person) -> None:
    answer = signed_in(olga).post("/settings/workspace", FORM | {"country": "XX"})

    assert answer.status_code == 422
    assert "There is no such calendar." in answer.content.decode()


def test_a_group_chooses_holidays_of_its_own(olga: people.Person, operations: people.Group) -> None:
    browser: Any = signed_in(olga)
    address = f"/groups/{operations.id}/edit"
    browser.post(address, GROUP | {"country": "PT", "do": "save"})

    assert people.group(by=olga.id, group_id=operations.id).calendar == "PT"
    assert chosen(browser.get(address).content.decode(), "country") == ["PT"]
    browser.post(address, GROUP | {"country": "", "do": "save"})
    assert people.group(by=olga.id, group_id=operations.id).calendar == ""
