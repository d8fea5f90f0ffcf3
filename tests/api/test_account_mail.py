"""Codes and resets leave by the mail server of the person's company."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from announcements.delivery import services as delivery
from announcements.delivery.models import Letter
from announcements.people import services as people
from tests.mail_servers import Temper, listening

pytestmark = pytest.mark.usefixtures("olga")


def forget(email: str) -> Any:
    return Client().post("/accounts/password/reset/", {"email": email})


@pytest.fixture
def verified(olga: people.Person) -> None:
    EmailAddress.objects.create(user_id=olga.id, email=olga.email, verified=True, primary=True)


def use(olga: people.Person, port: int, now: datetime) -> None:
    changes = people.MailServerChanges(host="127.0.0.1", port=port, tls="none", sender="hub@northwind.test")
    people.set_mail_server(by=olga.id, changes=changes, now=now)


@pytest.fixture
def shared(settings: Any) -> Iterator[Temper]:
    """Return the installation's mail server."""
    temper = Temper()
    with listening(temper) as port:
        settings.SMTP = settings.SMTP | {"host": "127.0.0.1", "port": port}
        yield temper


def post() -> None:
    """Send the letters that wait, as the queue would."""
    now = timezone.now()
    for letter_id in delivery.due_letters(now=now):
        delivery.send_letter(letter_id=letter_id, now=now)


@pytest.mark.usefixtures("verified")
def test_a_reset_leaves_by_the_companys_own_server(olga: people.Person, shared: Temper, now: datetime) -> None:
    temper = Temper()
    with listening(temper) as port:
        use(olga, port, now)
        assert forget(olga.email).status_code == 302
        assert forget("nobody@northwind.test").status_code == 302
        post()

    ((sender, recipients, content),) = temper.mails
    assert (sender, recipients) == ("hub@northwind.test", [olga.email])
    assert b"From: Mantel <hub@northwind.test>" in content
    assert [recipients for _sender, recipients, _content in shared.mails] == [["nobody@northwind.test"]]


def test_a_reset_is_written_in_the_language_of_its_person(
    olga: people.Person, verified: None, now: datetime, speaks: Any
) -> None:
    speaks("pt", {"Choose a new password": "Escolha uma nova palavra-passe"})
    people.update_profile(by=olga.id, changes=people.ProfileChanges(locale="pt"), now=now)

    forget(olga.email)

    letter = message_from_bytes(bytes(Letter.objects.get().data), policy=policy.default)
    assert letter["Subject"] == "Escolha uma nova palavra-passe"


@pytest.mark.usefixtures("verified")
@pytest.mark.parametrize(
    "temper", [None, Temper(drops=True), Temper(refuses="554 no")], ids=["away", "drops", "refuses"]
)
def test_a_server_that_fails_locks_nobody_out(
    olga: people.Person, shared: Temper, now: datetime, temper: Temper | None
) -> None:
    with listening(temper or Temper()) as port:
        use(olga, port if temper else 9, now)
        assert forget(olga.email).status_code == 302
        post()

    ((sender, recipients, content),) = shared.mails
    assert (sender, recipients) == ("mantel@localhost", [olga.email])
    assert b"From: Mantel <mantel@localhost>" in content


def test_a_new_owner_is_led_to_the_set_up_until_it_is_closed(
    olga: people.Person, shared: Temper, now: datetime
) -> None:
    def code() -> str:
        post()
        body = shared.mails[-1][2].decode().replace("\r\n", "\n")
        found = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", body, re.M)
        assert found
        return found[1]

    def signs_in() -> str:
        browser = Client()
        browser.post("/accounts/login/", {"login": olga.email, "password": "a calm long password"})
        return str(browser.post("/accounts/confirm-email/", {"code": code()}).headers["Location"])

    assert signs_in() == "/setup"
    people.update_setup(by=olga.id, closed=True, now=now)
    answer = Client().post("/accounts/login/", {"login": olga.email, "password": "a calm long password"})
    assert answer.headers["Location"] == "/tab"


@pytest.mark.usefixtures("verified")
def test_members_never_meet_the_set_up(olga: people.Person, maya: people.Person) -> None:
    EmailAddress.objects.create(user_id=maya.id, email=maya.email, verified=True, primary=True)
    answer = Client().post("/accounts/login/", {"login": maya.email, "password": "a calm long password"})

    assert answer.headers["Location"] == "/tab"
