"""The doors for who is not in yet: nothing tells who has an account, attempts are counted, and links lead home."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.contrib.auth import hashers
from django.test import Client, override_settings

from announcements.joining import services as joining
from announcements.joining.models import Letter as JoiningLetter
from announcements.people import events
from announcements.people import services as people
from tests.conftest import PASSWORD
from tests.entering import signed_up
from tests.letters import code, letters, link
from tests.security.signing import browser, by_password, inside, verified

NOBODY = "nobody@northwind.test"


def sign_up(address: str) -> Any:
    sent = {"name": "Nora", "email": address, "password1": PASSWORD}
    return browser().post("/accounts/signup/", sent)


WAYS: dict[str, Callable[[str], Any]] = {
    "password": lambda address: by_password(address, "a wrong long password")[1],
    "code": lambda address: browser().post("/accounts/login/code/", {"email": address}),
    "reset": lambda address: browser().post("/accounts/password/reset/", {"email": address}),
    "sign-up": sign_up,
}


def words(response: Any, address: str) -> str:
    """Return what a page says, without what differs at each request."""
    text = response.content.decode().replace(address, "ADDRESS")
    return "\n".join(line for line in text.splitlines() if "csrf" not in line)


@pytest.fixture
def addresses(olga: people.Person, maya: people.Person, joao: people.Person, now: Any) -> dict[str, str]:
    """Return an address of somebody in each state, in a company whose domain may sign up."""
    people.claim_domain(person_id=olga.id, now=now)
    invited = people.Invitee("nadia@northwind.test", "Nadia Okafor")
    joining.invite(by=olga.id, who=invited, now=now)
    JoiningLetter.objects.update(state="submitted", submitted_at=now)
    waiting = signed_up(people.NewPerson("per@northwind.test", "Per Dahl", PASSWORD), now)
    for person in (maya, joao, waiting):
        verified(person)
    people.deactivate(by=olga.id, person_id=joao.id, now=now)
    people.sign_up(person=people.NewPerson("kim@northwind.test", "Kim", PASSWORD), now=now)
    return {
        "active": maya.email, "deactivated": joao.email, "invited": invited.email, "waiting": waiting.email,
        "signed up": "kim@northwind.test",
    }  # fmt: skip


STATES = ["active", "deactivated", "invited", "waiting", "signed up"]


def written() -> int:
    return len(letters()) + JoiningLetter.objects.count()


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("way", WAYS)
def test_no_door_tells_who_has_an_account(addresses: dict[str, str], way: str, state: str) -> None:
    hashed: list[str] = []
    kind = type(hashers.get_hasher())
    really = kind.encode

    def encode(self: Any, *args: Any, **kwargs: Any) -> str:
        hashed.append("x")
        return str(really(self, *args, **kwargs))

    answers, work = [], []
    for address in (addresses[state], NOBODY):
        hashed.clear()
        before = written()
        with patch.object(kind, "encode", encode):
            response = WAYS[way](address)
        answers.append((response.status_code, response.get("Location"), words(response, address)))
        work.append((len(hashed), written() - before))

    assert answers[0] == answers[1]
    assert work[0] == work[1], "as many hashes and letters for an address that is known as for one that is not"


CODES = {
    "code": ("/accounts/login/code/", "/accounts/login/code/confirm/"),
    "sign-up": ("/accounts/signup/", "/accounts/confirm-email/"),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("way", CODES)
def test_the_page_of_a_code_is_the_same_for_every_address(addresses: dict[str, str], way: str, state: str) -> None:
    asking, confirming = CODES[way]
    pages = []
    for address in (addresses[state], NOBODY):
        here = browser()
        here.post(asking, {"name": "Nora", "email": address, "password1": PASSWORD})
        seen = [here.get(confirming)] + [here.post(confirming, {"code": "BCDF-GHJK"}) for _attempt in range(4)]
        pages.append([(one.status_code, one.get("Location"), words(one, address)) for one in seen])

    assert pages[0] == pages[1]
    assert pages[0][0][0] == 200


@pytest.mark.parametrize("whose", ["active", "invited", "nobody"])
@pytest.mark.parametrize("way", ["code", "reset", "sign-up"])
def test_no_door_writes_to_an_address_more_than_ten_times_an_hour(
    addresses: dict[str, str], way: str, whose: str
) -> None:
    address, before, begun = addresses.get(whose, NOBODY), written(), time.time()
    for minute in range(30):
        with patch("allauth.core.internal.ratelimit.time.time", return_value=begun + 60 * minute):
            WAYS[way](address)

    assert 1 <= written() - before <= 10


def test_no_answer_waits_for_the_mail_server(maya: people.Person) -> None:
    verified(maya)
    with override_settings(SMTP={**settings.SMTP, "host": "192.0.2.1", "port": 1}):
        response = browser().post("/accounts/login/code/", {"email": maya.email})

    assert response.status_code == 302
    assert len(letters(maya.email)) == 1


def test_a_code_by_mail_signs_in_once(maya: people.Person) -> None:
    verified(maya)
    here = browser()
    here.post("/accounts/login/code/", {"email": maya.email})

    here.post("/accounts/login/code/confirm/", {"code": code(maya.email)})

    assert inside(here)
    other = browser()
    other.post("/accounts/login/code/", {"email": NOBODY})
    other.post("/accounts/login/code/confirm/", {"code": code(maya.email)})
    assert not inside(other)


@pytest.mark.parametrize(
    "spelling", ["MAYA@Northwind.Test", "  maya@northwind.test ", "ｍａｙａ@northwind.test", "maya＠northwind.test"]
)
@pytest.mark.parametrize("way", ["password", "code", "reset"])
def test_one_address_in_another_spelling_is_the_same_person(maya: people.Person, spelling: str, way: str) -> None:
    verified(maya)
    if way == "password":
        assert inside(by_password(spelling)[0])
    else:
        WAYS[way](spelling)
        assert [letter["To"] for letter in letters()] == [maya.email]
        assert "no account" not in letters()[0]["Subject"]


@pytest.mark.parametrize(
    "alike", ["mаya@northwind.test", "mayа@northwind.test", "maya@nоrthwind.test", "mаyа@northwind.test"]
)
@pytest.mark.parametrize("way", WAYS)
def test_a_look_alike_is_nobody_and_gets_no_mail(maya: people.Person, alike: str, way: str) -> None:
    verified(maya)

    response = WAYS[way](alike)

    assert response.status_code == 200
    assert "plain letters" in response.content.decode()
    assert letters() == []


def test_attempts_on_an_address_count_together_in_any_spelling_from_anywhere(maya: people.Person) -> None:
    verified(maya)
    for number, spelling in enumerate(
        [
            "maya@northwind.test",
            "MAYA@northwind.test",
            " maya@northwind.test",
            "ｍaya@northwind.test",
            "Maya@Northwind.test",
        ]
    ):
        by_password(
            spelling,
            "a wrong long password",
            REMOTE_ADDR=f"198.51.100.{number}",
            HTTP_HOST="localhost" if number % 2 else "hub.test",
        )

    here, response = by_password(maya.email, REMOTE_ADDR="203.0.113.7")

    assert not inside(here)
    assert "Too many failed" in response.content.decode()


def test_a_made_up_forwarded_address_counts_for_nothing(db: None) -> None:
    answers = [
        by_password(f"x{number}@northwind.test", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")[1] for number in range(11)
    ]

    assert "Too many failed" in answers[-1].content.decode()
    assert "Too many failed" not in answers[-2].content.decode()


@override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1)
def test_behind_a_proxy_only_what_it_wrote_counts(db: None) -> None:
    def attempt(number: int, real: str) -> str:
        header = f"198.51.100.{number}, 10.9.9.9, {real}"
        return by_password(f"x{number}@northwind.test", HTTP_X_FORWARDED_FOR=header)[1].content.decode()

    same = [attempt(number, "203.0.113.7") for number in range(11)]
    other = attempt(12, "203.0.113.8")

    assert "Too many failed" in same[-1]
    assert "Too many failed" not in other


SECOND_PROCESS = """
import django; django.setup()
from allauth.core import context, ratelimit
from django.test import RequestFactory
request = RequestFactory().post("/accounts/login/", REMOTE_ADDR="203.0.113.9")
print(bool(ratelimit.consume(request, action="login_failed", key="maya@northwind.test")))
"""


def test_two_processes_count_together(maya: people.Person) -> None:
    verified(maya)
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "hub.settings"}

    def second() -> str:
        return subprocess.run(
            [sys.executable, "-c", SECOND_PROCESS], env=environment, capture_output=True, text=True, check=True
        ).stdout.strip()

    assert second() == "True"
    for _ in range(4):
        by_password(maya.email, "a wrong long password")
    assert second() == "False"


def test_too_many_of_anything_is_a_page_of_ours(db: None) -> None:
    here = browser()
    answers = [here.post("/accounts/login/", {"login": "x", "password": ""}) for _ in range(31)]

    assert answers[-1].status_code == 429
    assert "a little too often" in answers[-1].content.decode()


def test_a_foreign_page_cannot_sign_anybody_in(maya: people.Person) -> None:
    verified(maya)
    for path in (
        "login/",
        "login/code/",
        "login/code/confirm/",
        "signup/",
        "password/reset/",
        "2fa/webauthn/login/",
        "logout/",
    ):
        here = browser(enforce_csrf_checks=True)
        response = here.post(f"/accounts/{path}", {"login": maya.email, "password": PASSWORD})
        assert response.status_code == 403, path
        assert not inside(here)


def test_a_session_gets_a_new_key_at_sign_in(maya: people.Person) -> None:
    verified(maya)
    here = browser()
    here.post("/accounts/login/code/", {"email": maya.email})
    planted = here.cookies[settings.SESSION_COOKIE_NAME].value

    here.post("/accounts/login/code/confirm/", {"code": code(maya.email)})

    assert here.cookies[settings.SESSION_COOKIE_NAME].value != planted
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert not inside(thief)


ELSEWHERE = [
    "//evil.test", "///evil.test", "\\\\evil.test", "/\\evil.test", "https:evil.test", "https:///evil.test", "http://evil.test",
    "https://hub.test@evil.test", "https://evil.test/hub.test", "//hub.test.evil.test", "javascript:alert(1)", "data:text/html,x",
    "//еvil.test", "https://hub.test%00.evil.test", "\thttps://evil.test", "http://testserver/", "//localhost", "/\t/evil.test",
]  # fmt: skip


@pytest.mark.parametrize("there", ELSEWHERE)
def test_nobody_is_led_away_after_signing_in(maya: people.Person, there: str) -> None:
    verified(maya)
    here = browser()

    response = here.post("/accounts/login/", {"login": maya.email, "password": PASSWORD, "next": there})

    assert response["Location"] == "/tab"


def test_one_is_led_to_where_one_wanted_to_go(maya: people.Person) -> None:
    verified(maya)

    response = browser().post("/accounts/login/", {"login": maya.email, "password": PASSWORD, "next": "/settings"})

    assert response["Location"] == "/settings"


@pytest.mark.parametrize("header", ["HTTP_HOST", "HTTP_X_FORWARDED_HOST"])
@pytest.mark.parametrize("way", ["reset", "sign-up", "code"])
def test_links_in_mail_begin_with_our_own_address(
    maya: people.Person, olga: people.Person, now: Any, header: str, way: str
) -> None:
    verified(maya)
    people.claim_domain(person_id=olga.id, now=now)
    address = NOBODY if way == "code" else maya.email
    page, sent = {
        "reset": ("password/reset/", {"email": address}),
        "sign-up": ("signup/", {"name": "N", "email": address, "password1": PASSWORD}),
        "code": ("login/code/", {"email": address}),
    }[way]

    Client().post(f"/accounts/{page}", sent, **{header: "127.0.0.1"})  # type: ignore[arg-type]  # a header

    [letter] = letters(address)
    assert "127.0.0.1" not in letter.as_string()
    assert link(address).startswith(settings.BASE_URL)


@pytest.fixture
def told() -> Any:
    """Return what was told for the trail."""
    heard: list[tuple[str, str, dict[str, Any]]] = []

    def hear(*, verb: str, subject: str, details: dict[str, Any], **_: Any) -> None:
        heard.append((verb, subject, details))

    events.noted.connect(hear)
    yield heard
    events.noted.disconnect(hear)


def test_signing_in_leaves_a_trail(maya: people.Person, told: list[Any]) -> None:
    verified(maya)

    by_password(maya.email, "a wrong long password")
    by_password(NOBODY, "a wrong long password")
    by_password(maya.email)

    me = f"person:{maya.id}"
    assert told == [("sign_in_failed", me, {"how": "password"}), ("signed_in", me, {"how": "password"})]
