"""Each mail about somebody's account, as its reader meets it: our words in plain text, and the same laid out."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from announcements.people import services as people
from tests.api.test_sign_up import sign_up
from tests.conftest import PASSWORD
from tests.letters import letters, link, plain
from tests.security.signing import verified

pytestmark = pytest.mark.django_db
STRANGER = "nobody@northwind.test"
Do = Callable[[people.Person], Any]


def post(path: str, **sent: str) -> Any:
    return Client(headers={"User-Agent": "Firefox, see evil.com or http://evil.com"}).post(f"/accounts/{path}/", sent)


def by_reset(olga: people.Person) -> None:
    browser = Client(headers={"User-Agent": "Firefox, see evil.com or http://evil.com"})
    post("password/reset", email=olga.email)
    form = browser.get(link(olga.email).removeprefix("http://hub.test"), follow=True).redirect_chain[-1][0]
    new = "another calm long password"
    assert browser.post(form, {"password1": new, "password2": new}).status_code == 302


CASES: dict[str, tuple[Do, str, str, str]] = {
    "confirm": (lambda _: sign_up("nora@fjord.test", company="Fjord"), "nora@fjord.test", "Your code to confirm your address", "nobody can use your address without the code"),
    "code": (lambda olga: post("login/code", email=olga.email), "olga@northwind.test", "Your code to sign in", "good for ten minutes"),
    "code for nobody": (lambda _: post("login/code", email=STRANGER), STRANGER, "There is no account with this address", "have yet to join"),
    "reset": (lambda olga: post("password/reset", email=olga.email), "olga@northwind.test", "Choose a new password", "good once, and for an hour"),
    "reset for nobody": (lambda _: post("password/reset", email=STRANGER), STRANGER, "There is no account with this address", "have yet to join"),
    "reset done": (by_reset, "olga@northwind.test", "Your password was changed", "Every browser is signed out"),
    "there already": (lambda olga: sign_up(olga.email, company="Other"), "olga@northwind.test", "You have an account already", "nothing has changed"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_it_says_in_our_words_what_to_do_and_leads_nowhere_else(case: str, olga: people.Person, settings: Any) -> None:
    settings.OPEN_TO_COMPANIES = True
    verified(olga)
    do, address, subject, words = CASES[case]

    do(olga)

    letter = letters(address)[-1]
    said = plain(letter)
    laid_out = letter.get_body(("html",)).get_content()  # type: ignore[union-attr]
    shown = " ".join(html.unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", laid_out, flags=re.S)).split())
    assert (letter["Subject"], letter["From"]) == (subject, "Mantel <mantel@localhost>")
    assert words in said
    assert subject in shown
    assert words in shown
    assert re.search(r"\n-- \nMantel, http://hub\.test\s*$", said)
    assert "Thank you for using" not in said
    assert set(re.findall(r'(?:href|src)="(https?://[^/"]+)', laid_out)) <= {"http://hub.test"}


def test_the_code_stands_alone_and_the_link_is_a_button(olga: people.Person) -> None:
    verified(olga)
    post("login/code", email=olga.email)
    post("password/reset", email=olga.email)
    code, reset = (letter.get_body(("html",)).get_content() for letter in letters(olga.email))  # type: ignore[union-attr]

    assert re.search(r"monospace[^>]*>\s*[A-Z0-9]{3,}-?[A-Z0-9]{3,}\s*<", code)
    assert re.search(rf'<a[^>]*href="{re.escape(link(olga.email))}"[^>]*>\s*Choose a new password\s*<', reset)


def test_what_a_browser_calls_itself_stays_words(olga: people.Person) -> None:
    verified(olga)
    browser = Client(headers={"User-Agent": "<b>x</b> http://evil.com"})
    browser.post("/accounts/login/", {"login": olga.email, "password": PASSWORD})
    new = "another calm long password"
    browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    letter = letters(olga.email)[-1]
    laid_out = letter.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "<b>x</b> http://evil.com" in plain(letter)
    assert "&lt;b&gt;x&lt;/b&gt; http://evil.com" in laid_out
    assert 'href="http://evil' not in laid_out
