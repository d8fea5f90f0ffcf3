"""A company's own mail server: what is kept of it, and what a real mail through it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from announcements.kernel import errors, mail_servers
from announcements.people import _mail_servers, events, models
from announcements.people import services as people
from tests.conftest import join
from tests.mail_servers import Temper, authority, listening

Set = Callable[..., people.MailSettings]


@pytest.fixture
def uses(olga: people.Person, now: datetime) -> Set:
    """Return a function by which Olga sets the mail server of Northwind."""

    def put(**changes: Any) -> people.MailSettings:
        return people.set_mail_server(by=olga.id, changes=people.MailServerChanges(**changes), now=now)

    return put


@pytest.fixture
def noted() -> Iterator[list[dict[str, Any]]]:
    heard: list[dict[str, Any]] = []

    def hear(**told: Any) -> None:
        heard.append(told)

    events.noted.connect(hear)
    yield heard
    events.noted.disconnect(hear)


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process trust the test's own certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority()))


GOOD: dict[str, Any] = {
    "host": "smtp.northwind.test",
    "sender": "hub@northwind.test",
    "user": "hub",
    "password": "right",
}


# -- keeping ---------------------------------------------------------------------------------------------------------


def test_the_password_is_sealed_and_comes_out_of_no_door(olga: people.Person, uses: Set, noted: list[Any]) -> None:
    shown = uses(**GOOD)

    assert (shown.host, shown.port, shown.tls, shown.has_password) == ("smtp.northwind.test", 587, "starttls", True)
    server = people.mail_server(workspace_id=olga.workspace_id)
    kept = models.MailServer.objects.get().password
    assert "right" not in f"{shown!r} {server!r} {kept} {noted!r}"
    assert not hasattr(shown, "password")
    assert noted[0]["verb"] == "mail_server_changed"
    assert noted[0]["details"] == {
        "fields": ["host", "password", "port", "sender", "tls", "user"],
        "host": "smtp.northwind.test",
    }


@pytest.mark.parametrize("moved", [{"host": "smtp.elsewhere.test"}, {"port": 465}, {"user": "other"}, {"tls": "tls"}])
def test_a_stored_password_is_sent_nowhere_but_where_it_was_entered_for(uses: Set, moved: dict[str, Any]) -> None:
    uses(**GOOD)
    with pytest.raises(errors.Invalid) as refused:
        uses(**moved)

    assert list(refused.value.fields) == ["password"]
    assert uses(sender="news@northwind.test").has_password
    assert uses(**moved, password="again").has_password
    assert not uses(password="").has_password


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, ["host", "sender"]),
        ({"host": "smtp server"}, ["host"]),
        ({"host": "smtp.northwind.test/x"}, ["host"]),
        ({"host": "smtp.northwind.test:25"}, ["host"]),
        ({"port": 0}, ["port"]),
        ({"port": 70_000}, ["port"]),
        ({"tls": "ssl"}, ["tls"]),
        ({"sender": "Northwind <hub@northwind.test>"}, ["sender"]),
        ({"tls": "none", "host": "8.8.8.8"}, ["tls"]),
    ],
)
def test_what_cannot_be_used_is_refused_by_field(uses: Set, changes: dict[str, Any], fields: list[str]) -> None:
    with pytest.raises(errors.Invalid) as refused:
        uses(**(GOOD | changes if changes else {}))

    assert list(refused.value.fields) == fields
    assert not models.MailServer.objects.exists()


def test_only_owners_set_and_only_admins_see_it(
    olga: people.Person, maya: people.Person, uses: Set, now: datetime
) -> None:
    uses(**GOOD)
    ada = join(olga, "Ada Admin", "Europe/Amsterdam", now)
    people.change_role(by=olga.id, person_id=ada.id, role="admin", now=now)
    seen = people.mail_settings(by=ada.id)
    assert seen and seen.host == "smtp.northwind.test"

    for by, doors in (
        (ada.id, (people.try_mail_server, people.remove_mail_server)),
        (maya.id, (people.mail_settings,)),
    ):
        for door in doors:
            with pytest.raises(errors.Forbidden):
                door(by=by) if door is people.mail_settings else door(by=by, now=now)  # type: ignore[operator]
    with pytest.raises(errors.Forbidden):
        people.set_mail_server(by=ada.id, changes=people.MailServerChanges(host="evil.test"), now=now)

    people.remove_mail_server(by=olga.id, now=now)
    assert people.mail_server(workspace_id=olga.workspace_id) is None


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "[::1]",
        "::ffff:10.0.0.1",
        "fd00::1",
        "box.internal",
        "0.0.0.0",
    ],
)
def test_where_companies_share_an_installation_its_network_is_closed_to_them(
    uses: Set, settings: Any, host: str
) -> None:
    assert uses(**GOOD | {"host": host}).host
    settings.OPEN_TO_COMPANIES = True

    with pytest.raises(errors.Invalid) as refused:
        uses(**GOOD | {"host": host})

    assert list(refused.value.fields) == ["host"]


def test_a_name_that_leads_inside_is_noticed_when_it_is_connected_to(
    olga: people.Person, uses: Set, settings: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look-up decides, and what it found is what is connected to."""
    uses(**GOOD)
    settings.OPEN_TO_COMPANIES = True
    inside = [(2, 1, 6, "", ("127.0.0.1", 587))]
    monkeypatch.setattr(mail_servers.socket, "getaddrinfo", lambda *_a, **_k: inside)

    tried = people.try_mail_server(by=olga.id, now=now)

    assert [(step.name, step.ok) for step in tried.steps] == [("connected", False)]
    assert "private network" in tried.cause


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("8.8.8.8", False), ("2606:4700::1111", False), ("127.0.0.1", True), ("100.64.0.1", True), ("192.168.0.9", True),
        ("::ffff:8.8.8.8", False), ("::ffff:192.168.0.9", True), ("2002:7f00:1::", True), ("64:ff9b::a00:1", True),
        ("fe80::1%eth0", True), ("224.0.0.1", True), ("::", True),
    ],
)  # fmt: skip
def test_private_addresses_are_known_in_every_notation(address: str, private: bool) -> None:
    assert mail_servers.is_private(address) is private


# -- trying ----------------------------------------------------------------------------------------------------------


def outcome(tried: people.Trial) -> list[tuple[str, bool]]:
    return [(step.name, step.ok) for step in tried.steps]


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_server_that_takes_it_is_quoted_step_by_step(olga: people.Person, uses: Set, now: datetime, tls: str) -> None:
    temper = Temper()
    with listening(temper, tls=tls) as port:
        uses(**GOOD | {"host": "localhost", "port": port, "tls": tls})
        tried = people.try_mail_server(by=olga.id, now=now)

    assert tried.ok, tried
    assert (tried.cause, tried.advice) == ("", "")
    assert outcome(tried) == [("connected", True), ("encrypted", True), ("signed_in", True), ("accepted", True)]
    greeting, line, user, last = (step.said for step in tried.steps)
    assert greeting.startswith("220 ")
    assert line == "TLS 1.3"
    assert (user, last) == ("hub", "250 2.0.0 kept as 42")
    ((sender, recipients, content),) = temper.mails
    assert (sender, recipients) == ("hub@northwind.test", [olga.email])
    assert b"Subject: Mantel can send mail" in content
    assert b"From: Northwind <hub@northwind.test>" in content


def test_without_encryption_it_says_so(olga: people.Person, uses: Set, now: datetime) -> None:
    with listening(Temper()) as port:
        uses(host="127.0.0.1", port=port, tls="none", sender="hub@northwind.test")
        tried = people.try_mail_server(by=olga.id, now=now)

    assert outcome(tried) == [("connected", True), ("encrypted", True), ("accepted", True)]
    assert tried.steps[1].said == "not encrypted"


REFUSALS = [
    ("a wrong password", Temper(), {"password": "wrong"}, "signed_in", "535", "User or password are wrong"),
    ("a foreign sender", Temper(senders=("news@northwind.test",)), {}, "accepted", "550 5.7.60 Client does not have permissions to send as this sender", "does not let this account send"),
    ("a refused mail", Temper(refuses="554 5.7.1 looks like spam"), {}, "accepted", "554 5.7.1 looks like spam", "refused the mail"),
    ("a busy server", Temper(refuses="451 4.7.1 greylisted"), {}, "accepted", "451 4.7.1 greylisted", "busy"),
    ("a server that hangs up", Temper(drops=True), {}, "accepted", "Connection unexpectedly closed", "hung up"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("temper", "changes", "step", "said", "cause"), [one[1:] for one in REFUSALS], ids=[one[0] for one in REFUSALS]
)
def test_a_refusal_is_told_word_for_word_with_a_likely_cause(
    olga: people.Person, uses: Set, now: datetime, temper: Temper, changes: Any, step: str, said: str, cause: str
) -> None:
    with listening(temper) as port:
        uses(**GOOD | {"host": "127.0.0.1", "port": port, "tls": "none"} | changes)
        tried = people.try_mail_server(by=olga.id, now=now)

    assert not tried.ok
    assert (tried.steps[-1].name, tried.steps[-1].ok) == (step, False)
    assert said in tried.steps[-1].said
    assert cause in tried.cause
    assert tried.advice
    assert temper.mails == []


@pytest.mark.parametrize(
    ("offers", "asks", "step", "cause"),
    [
        ("tls", "tls", "connected", "certificate cannot be trusted: self-signed certificate"),
        ("starttls", "starttls", "encrypted", "certificate cannot be trusted: self-signed certificate"),
        ("none", "tls", "connected", "does not speak TLS from the first word"),
        ("none", "starttls", "encrypted", "does not offer what was asked for"),
        ("tls", "none", "connected", "hung up|Nothing answered"),
    ],
)
def test_a_line_that_cannot_be_encrypted_is_not_used(
    olga: people.Person,
    uses: Set,
    now: datetime,
    offers: str,
    asks: str,
    step: str,
    cause: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_mail_servers, "TRY_SECONDS", 2)
    temper = Temper()
    with listening(temper, tls=offers) as port:
        uses(**GOOD | {"host": "localhost", "port": port, "tls": asks})
        tried = people.try_mail_server(by=olga.id, now=now)

    assert (tried.steps[-1].name, tried.ok) == (step, False)
    assert re.search(cause, tried.cause), tried
    assert temper.signed_in == []


@pytest.mark.parametrize(
    ("host", "cause"), [("127.0.0.1", "Nothing listens on port 9"), ("nowhere.invalid", "no server named")]
)
def test_a_server_that_is_not_there(olga: people.Person, uses: Set, now: datetime, host: str, cause: str) -> None:
    uses(**GOOD | {"host": host, "port": 9, "tls": "starttls"})

    tried = people.try_mail_server(by=olga.id, now=now)

    assert cause in tried.cause, tried


def test_a_password_stored_with_another_key_asks_to_be_entered_again(
    olga: people.Person, uses: Set, now: datetime, settings: Any
) -> None:
    with listening(Temper()) as port:
        uses(**GOOD | {"host": "127.0.0.1", "port": port, "tls": "none"})
        settings.SECRET_KEY = "changed"
        tried = people.try_mail_server(by=olga.id, now=now)
        settings.SECRET_KEY_FALLBACKS = ["only-for-tests"]
        assert people.try_mail_server(by=olga.id, now=now).ok

    assert (tried.steps[-1].name, tried.ok) == ("signed_in", False)
    assert "Enter it again" in tried.cause


def test_the_installations_server_is_tried_only_by_a_company_that_has_it_to_itself(
    olga: people.Person, now: datetime, settings: Any
) -> None:
    with listening(Temper()) as port:
        settings.SMTP = settings.SMTP | {"host": "127.0.0.1", "port": port}
        assert people.try_mail_server(by=olga.id, now=now).ok
        settings.OPEN_TO_COMPANIES = True
        with pytest.raises(errors.Conflict):
            people.try_mail_server(by=olga.id, now=now)
