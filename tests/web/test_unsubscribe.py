"""Leaving the digest by the link of a mail: one click of a program (RFC 8058), or a page on which to choose."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from announcements.delivery import services as delivery
from announcements.delivery.channels import tokens
from announcements.people import services as people
from tests.web.conftest import PRESSED


@pytest.fixture
def address(maya: people.Person) -> str:
    return "/unsubscribe/" + tokens.make(tokens.Claim(maya.id, maya.epoch), "unsubscribe")


@pytest.fixture
def program() -> Client:
    """Return a mail program: it holds no cookie and no token against forged requests."""
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("multipart", [True, False], ids=["multipart", "urlencoded"])
def test_one_click_needs_no_cookie_sets_none_and_leads_nowhere(
    maya: people.Person, address: str, program: Client, multipart: bool
) -> None:
    for _ in range(2):
        answer: Any = (
            program.post(address, {"List-Unsubscribe": "One-Click"})
            if multipart
            else program.post(address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        )
        assert answer.status_code == 200
        assert not answer.cookies
    assert delivery.preference(by=maya.id).digest == "never"


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_unsubscribes_nobody(maya: people.Person, address: str, program: Client, method: str) -> None:
    getattr(program, method)(address, {"List-Unsubscribe": "One-Click", "digest": "never"})

    assert delivery.preference(by=maya.id).digest == "weekly"


@pytest.mark.parametrize("form", [{}, {"digest": "never"}])
def test_a_script_that_sends_the_form_unsubscribes_nobody(
    maya: people.Person, address: str, program: Client, form: dict[str, str]
) -> None:
    program.post(address, form, headers=PRESSED | {"Sec-Fetch-User": ""})

    assert delivery.preference(by=maya.id).digest == "weekly"


@pytest.mark.parametrize("digest", ["daily", "weekly", "never"])
def test_how_often_it_comes_is_chosen_without_signing_in(
    maya: people.Person, address: str, program: Client, digest: str
) -> None:
    program.post(address, {"List-Unsubscribe": "One-Click"})
    answer = program.post(address, {"digest": digest}, headers=PRESSED)

    assert delivery.preference(by=maya.id).digest == digest
    said = {"daily": "The digest comes daily", "weekly": "The digest comes weekly", "never": "You get no more digests"}
    assert said[digest] in answer.content.decode()


def test_what_cannot_be_chosen_changes_nothing(maya: people.Person, address: str, program: Client) -> None:
    answer = program.post(address, {"digest": "hourly"}, headers=PRESSED)

    assert "daily, weekly, never" in answer.content.decode() or "not a valid choice" in answer.content.decode()
    assert delivery.preference(by=maya.id).digest == "weekly"


def test_the_page_says_what_still_comes_why_and_how(address: str, program: Client) -> None:
    for page in (program.get(address), program.post(address, {}, headers=PRESSED)):
        said = page.content.decode()
        for words in ("Your company relies on that", "New tab", "Nudges by email", "yet to confirm"):
            assert words in said
