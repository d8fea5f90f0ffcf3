"""Mail that leaves by a provider's interface: a real HTTP server plays it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from announcements.delivery import models
from announcements.delivery import services as delivery
from announcements.delivery.channels import returns
from announcements.people import services as people
from hub import mailing
from tests.delivery.mailing import HOUR, reach, step, tick

Answer = tuple[int, dict[str, Any]]
Answers = Callable[[int, dict[str, Any]], Answer | None]
TAKEN: dict[str, Any] = {"ErrorCode": 0, "Message": "OK", "MessageID": "b7bc2f4a"}
INVALID = "Invalid 'To' address: 'joao@northwind.test'."
INACTIVE = (
    "Found inactive addresses: joao@northwind.test. Inactive recipients are ones that have generated a hard bounce."
)


class Provider(ThreadingHTTPServer):
    """Keeps what it is told, and answers as a test wants: a number and what is said, or nothing and the line is cut."""

    def __init__(self, answers: Answers) -> None:
        self.told: list[tuple[dict[str, str], dict[str, Any]]] = []
        told = self.told

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                told.append((dict(self.headers), body))
                answer = answers(len(told), body)
                if answer is None:
                    self.close_connection = True
                    return
                data = json.dumps(answer[1]).encode()
                self.send_response(answer[0])
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_said: object) -> None:
                return

        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/"


@pytest.fixture
def provider(settings: Any) -> Iterator[Callable[..., Provider]]:
    """Return what starts a provider; the product is told to use it."""
    running = []

    def start(
        name: str = "postmark", answers: Answers = lambda _n, body: (200, TAKEN | {"To": body["To"]})
    ) -> Provider:
        server = Provider(answers)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        running.append(server)
        settings.MAIL_BACKEND = f"anymail.backends.{name}.EmailBackend"
        key = {"postmark": "POSTMARK_SERVER_TOKEN", "resend": "RESEND_API_KEY"}[name]
        settings.ANYMAIL = {**settings.ANYMAIL, key: "secret", f"{name.upper()}_API_URL": server.url}
        return server

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def test_a_nudge_says_by_the_interface_what_it_says_by_smtp(
    ines: people.Person, maya: people.Person, operations: people.Group, provider: Any, now: datetime
) -> None:
    said, server = reach(ines, operations, now), provider()

    assert tick(now + HOUR) == 3

    assert step(ines, said, now).submitted == len(server.told) == 3
    (headers, body) = next(told for told in server.told if maya.email in told[1]["To"])
    named = {header["Name"]: header["Value"] for header in body["Headers"]}
    row = models.Nudge.objects.get(recipient_id=maya.id)
    assert headers["X-Postmark-Server-Token"] == "secret"
    assert "Dock 4 closes" in body["Subject"] and ines.name in body["From"] and ines.email in body["ReplyTo"]
    assert "From Monday on." in body["TextBody"] and "From Monday on." in body["HtmlBody"]
    assert named["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert named["Auto-Submitted"] == "auto-generated" and "\n" not in "".join(named.values())
    assert body["Metadata"] == {"mantel": returns.key_of("nudge", row.pk)}
    assert row.reply == "250 b7bc2f4a"


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        ((422, {"ErrorCode": 300, "Message": INVALID}), "failed", "no_such_address"),
        ((422, {"ErrorCode": 406, "Message": INACTIVE}), "failed", "recipient_refused"),
        ((400, {"ErrorCode": 1, "Message": "no"}), "failed", "mail_refused"),
        ((500, {}), "uncertain", "cut_off"),
        ((200, {"no": "sense"}), "uncertain", "cut_off"),
        ((200, TAKEN | {"To": "@"}), "uncertain", "cut_off"),
        (None, "uncertain", "cut_off"),
        ((401, {"ErrorCode": 10, "Message": "Bad token"}), "queued", ""),
        ((429, {}), "queued", ""),
        ((503, {}), "queued", ""),
    ],
)
def test_each_answer_has_its_class(
    ines: people.Person,
    joao: people.Person,
    operations: people.Group,
    provider: Any,
    now: datetime,
    answer: Answer | None,
    state: str,
    reason: str,
) -> None:
    provider(answers=lambda *_told: answer)
    reach(ines, operations, now)
    models.Nudge.objects.exclude(recipient_id=joao.id).delete()

    tick(now + HOUR)

    row = models.Nudge.objects.get()
    assert (row.state, row.reason, row.attempts) == (state, reason, int(state != "queued"))


def test_a_provider_that_cannot_be_reached_costs_nobody_an_attempt(
    ines: people.Person, operations: people.Group, provider: Any, now: datetime
) -> None:
    server = provider()
    server.shutdown()
    server.server_close()
    reach(ines, operations, now)

    tick(now + HOUR)

    assert set(models.Nudge.objects.values_list("state", "attempts")) == {("queued", 0)}
    assert [row.failures for row in models.Transport.objects.all()] == [1]


@pytest.mark.parametrize(("name", "state", "asked"), [("resend", "submitted", 2), ("postmark", "uncertain", 1)])
def test_what_nobody_knows_is_asked_again_by_the_same_key_only_where_that_is_taken_once(
    ines: people.Person,
    joao: people.Person,
    operations: people.Group,
    provider: Any,
    now: datetime,
    name: str,
    state: str,
    asked: int,
) -> None:
    server = provider(name, lambda n, _body: None if n == 1 else (200, {"id": "49a3999c"}))
    reach(ines, operations, now)
    models.Nudge.objects.exclude(recipient_id=joao.id).delete()

    tick(now + HOUR)

    row = models.Nudge.objects.get()
    assert (row.state, len(server.told)) == (state, asked)
    assert {headers["Idempotency-Key"] for headers, _body in server.told} == {returns.key_of("nudge", row.pk)}
    assert len({json.dumps(body, sort_keys=True) for _headers, body in server.told}) == 1


def test_a_letter_leaves_by_the_interface_too(provider: Any, now: datetime, db: None) -> None:
    server = provider()
    letter = delivery.post_letter(recipient="maya@northwind.test", subject="Your code", body="123456", now=now)

    assert delivery.send_letter(letter_id=letter, now=now)

    ((_headers, body),) = server.told
    assert (body["Subject"], body["To"]) == ("Your code", "maya@northwind.test") and "123456" in body["TextBody"]


def test_a_company_with_a_server_of_its_own_keeps_to_it() -> None:
    from announcements.kernel import lines, mail_servers, smtp

    own = mail_servers.MailServer(host="127.0.0.1", port=9, sender="news@northwind.test", own=True)

    assert isinstance(lines.to(own), smtp.Transport)


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [("HUB_MAIL_BACKEND", "pigeon", "must be the name of a provider"), ("HUB_ANYMAIL", "[1]", "must be an object in JSON"), ("HUB_ANYMAIL", "{", "must be an object in JSON")],
)  # fmt: skip
def test_what_makes_no_sense_is_named(monkeypatch: Any, name: str, given: str, words: str) -> None:
    monkeypatch.setenv(name, given)

    with pytest.raises(Exception, match=f"{name} {words}"):
        (mailing.backend(), mailing.provider())


def test_a_provider_is_named_by_its_name(monkeypatch: Any) -> None:
    monkeypatch.setenv("HUB_MAIL_BACKEND", "postmark")
    monkeypatch.setenv("HUB_ANYMAIL", '{"POSTMARK_SERVER_TOKEN": "x"}')

    assert mailing.backend() == "anymail.backends.postmark.EmailBackend"
    assert mailing.provider()[2]["POSTMARK_SERVER_TOKEN"] == "x"
