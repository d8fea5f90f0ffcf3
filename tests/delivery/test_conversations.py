"""What a mail server says, class by class, and who bears it: one mail, one recipient, or nobody."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from announcements.delivery import models
from announcements.kernel.smtp import Mail, Outcome, Transport
from announcements.people import services as people
from announcements.publishing import services as publishing
from hub import env
from tests.delivery.mailing import HOUR, reach, step, tick
from tests.mail_servers import CUT, Scripted

MINUTE = timedelta(minutes=1)
Answers = Callable[[str, str, int], str | None]


def mail(n: int = 0, data: bytes = b"Subject: x\r\n\r\nHello\r\n") -> Mail:
    return Mail("mantel@northwind.test", f"p{n}@northwind.test", "<1@x>", data)


def saying(verb: str, line: str, times: int = 10_000) -> Answers:
    """Return a script that answers a verb that often with a line, and all else with yes."""
    return lambda heard, _recipient, n: line if heard == verb and n <= times else None


@pytest.fixture
def submit(settings: Any) -> Callable[..., list[Outcome]]:
    """Return what hands mails to a server over one conversation."""

    def submit(server: Scripted, *mails: Mail) -> list[Outcome]:
        settings.SMTP, settings.SMTP_TIMEOUT = env.smtp(server.url), 1
        with Transport() as transport:
            return [transport.submit(each, lambda: True) for each in mails]

    return submit


@pytest.mark.parametrize(
    ("verb", "line", "kind", "at"),
    [
        ("RCPT", "450 4.2.0 busy", "later", "recipient"),
        ("RCPT", "550 5.1.1 nobody", "failed", "recipient"),
        ("RCPT", "421 4.3.2 slow down", "later", "server"),
        ("MAIL", "451 4.3.0 not now", "later", "server"),
        ("MAIL", "553 5.7.1 not yours to send from", "later", "server"),
        ("BANNER", "554 5.7.0 no service for you", "later", "server"),
        ("BANNER", CUT, "later", "server"),
        ("DATA", "451 4.3.0 not now", "later", "mail"),
        ("BODY", "452 4.3.1 full", "later", "mail"),
        ("BODY", "552 5.2.3 too large", "failed", "mail"),
        ("BODY", "554 5.6.0 spam", "failed", "mail"),
        ("BODY", "421 4.3.2 closing", "later", "server"),
        ("RCPT", CUT, "later", "mail"),
        ("DATA", CUT, "later", "mail"),
        ("BODY", CUT, "uncertain", "mail"),
    ],
)
@pytest.mark.parametrize("offers", ["", "PIPELINING"])
def test_each_answer_has_its_class(submit: Any, verb: str, line: str, kind: str, at: str, offers: str) -> None:
    with Scripted(saying(verb, line), offers=offers) as server:
        (outcome,) = submit(server, mail())

    assert (outcome.kind, outcome.at) == (kind, at)
    assert len(server.mails) == (1 if (verb, line) == ("BODY", CUT) else 0)


@pytest.mark.parametrize(
    ("line", "gone"),
    [
        ("550 5.1.1 no such user", True),
        ("550 no such user", True),
        ("553 5.1.3 bad syntax", True),
        ("550 5.2.1 mailbox disabled", True),
        ("552 5.2.2 mailbox full", False),
        ("550 5.7.1 policy", False),
        ("554 no", False),
    ],
)
def test_only_an_address_that_is_not_there_is_taken_for_gone(submit: Any, line: str, gone: bool) -> None:
    with Scripted(saying("RCPT", line)) as server:
        (outcome,) = submit(server, mail())

    assert (outcome.kind, outcome.no_such_address) == ("failed", gone)


def test_mails_share_a_connection_and_go_in_two_chunks_where_that_is_offered(submit: Any) -> None:
    with Scripted(offers="PIPELINING") as server:
        assert {outcome.kind for outcome in submit(server, *map(mail, range(5)))} == {"submitted"}

    (connection,) = server.heard
    first = connection[connection.index(next(chunk for chunk in connection if chunk.startswith(b"MAIL"))) :]
    assert first[0].count(b"\r\n") == 3
    assert len(first) == 2 * 5 + 1  # and QUIT
    assert [recipient for recipient, _data in server.mails] == [f"p{n}@northwind.test" for n in range(5)]


def test_a_refused_recipient_gets_no_body_and_the_next_mail_goes_on(submit: Any) -> None:
    with Scripted(saying("RCPT", "550 5.1.1 nobody", times=1), offers="PIPELINING") as server:
        refused, taken = submit(server, mail(0), mail(1))

    assert (refused.kind, taken.kind) == ("failed", "submitted")
    assert [(recipient, data) for recipient, data in server.mails if data] == [
        ("p1@northwind.test", mail().data.removesuffix(b"\r\n"))
    ]
    assert len(server.heard) == 1


@pytest.mark.parametrize("offers", ["", "PIPELINING"])
@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_closes_a_connection_which_is_not_full_is_not_asked_over_another(
    submit: Any, verb: str, offers: str
) -> None:
    def answers(heard: str, _recipient: str, n: int) -> str | None:
        """Close the first connection, as if it were full, and the next one as well."""
        return "421 4.7.0 slow down" if heard == verb and n >= 3 else None

    with Scripted(answers, offers=offers) as server:
        outcomes = submit(server, *map(mail, range(6)))

    assert [outcome.kind for outcome in outcomes] == ["submitted"] * 2 + ["later"] * 4
    assert all(outcome.away for outcome in outcomes[2:])
    assert (len(server.mails), len(server.heard)) == (2, 2)


@pytest.mark.parametrize("offers", ["", "PIPELINING"])
@pytest.mark.parametrize(
    ("verb", "line", "kind"),
    [
        ("RCPT", "251 2.1.5 will be forwarded", "submitted"),
        ("MAIL", "251 what?", "later"),
        ("RCPT", "252 cannot say", "later"),
        ("DATA", "250 what?", "later"),
    ],
)
def test_what_is_well_is_the_same_asked_in_one_go_and_one_by_one(
    submit: Any, verb: str, line: str, kind: str, offers: str
) -> None:
    with Scripted(saying(verb, line), offers=offers) as server:
        (outcome,) = submit(server, mail())

    assert outcome.kind == kind


@pytest.mark.parametrize("data", [b".\r\n..\r\n.x\r\n", b"A: b\r\n\r\n.", b"A: b\r\n\r\n..\r\n.\r\nend"])
def test_lines_that_begin_with_a_dot_arrive_as_they_were(submit: Any, data: bytes) -> None:
    with Scripted() as server:
        submit(server, mail(data=data))

    ((_recipient, taken),) = server.mails
    whole = b"\r\n" + taken
    assert whole.replace(b"\r\n.", b"\r\n")[2:] == data.removesuffix(b"\r\n")


def test_connections_lost_one_after_another_are_the_servers_trouble(submit: Any) -> None:
    with Scripted(saying("RCPT", CUT)) as server:
        outcomes = submit(server, *map(mail, range(8)))

    assert [outcome.at for outcome in outcomes] == ["mail"] * 4 + ["server"] * 4
    assert len(server.heard) == 5


def test_a_server_that_answers_nothing_is_the_servers_trouble(submit: Any, settings: Any) -> None:
    def silent(verb: str, _recipient: str, _n: int) -> str | None:
        if verb == "RCPT":
            threading.Event().wait(1.5)
        return None

    with Scripted(silent) as server:
        first, second = submit(server, mail(0), mail(1))

    assert (first.kind, first.at) == (second.kind, second.at) == ("later", "server")
    assert server.counts["RCPT"] == 1


def test_who_is_put_off_waits_longer_each_time_and_no_two_for_the_same(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    said: publishing.Announcement = reach(ines, operations, now)
    waits: dict[int, list[float]] = {}
    at = now + HOUR
    with Scripted(saying("RCPT", "450 4.2.0 busy")) as server:
        settings.SMTP = env.smtp(server.url)
        for _attempt in range(4):
            tick(at)
            for row in models.Nudge.objects.filter(announcement_id=said.id):
                waits.setdefault(row.recipient_id, []).append((row.due_at - at) / MINUTE)
            models.Nudge.objects.update(due_at=at)

    for found in waits.values():
        for minutes, least in zip(found, (1, 5, 15, 60), strict=True):
            assert least <= minutes <= 1.5 * least
    assert len({tuple(found) for found in waits.values()}) == 3


@pytest.mark.parametrize(("verb", "line"), [("MAIL", "550 5.7.1 no"), ("RCPT", "421 slow down"), ("BANNER", "554 no")])
def test_what_the_server_has_against_us_costs_nobody_an_attempt(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime, verb: str, line: str
) -> None:
    said = reach(ines, operations, now)
    with Scripted(saying(verb, line)) as server:
        settings.SMTP = env.smtp(server.url)
        for hour in range(20):
            tick(now + hour * HOUR)

    assert (step(ines, said, now).queued, step(ines, said, now).failed) == (3, 0)
    assert set(models.Nudge.objects.values_list("attempts", flat=True)) == {0}


def test_a_server_that_says_byte_after_byte_has_no_longer_than_one_that_is_silent(submit: Any) -> None:
    with Scripted() as server:
        server.slow = 0.3
        (outcome,) = submit(server, mail())

    assert (outcome.kind, outcome.at, server.mails) == ("later", "server", [])


@pytest.mark.parametrize(
    ("line", "slow", "kind"),
    [
        ("250 2.0.0 " + 100 * "kept ", 0.02, "submitted"),
        ("451 4.3.0 " + 100 * "not now ", 0.02, "later"),
        ("250 2.0.0 kept", 2, "uncertain"),
    ],
)
def test_what_decides_is_the_code_that_came_in_time(submit: Any, line: str, slow: float, kind: str) -> None:
    def answers(verb: str, _recipient: str, _n: int) -> str | None:
        server.slow = slow if verb == "BODY" else 0
        return line if verb == "BODY" else None

    with Scripted(answers) as server:
        first, second = submit(server, mail(), mail(1))

    assert first.kind == second.kind == kind


def test_a_reply_without_end_is_not_kept(submit: Any) -> None:
    with Scripted(lambda verb, *_asked: 70_000 * "x" if verb == "MAIL" else None) as server:
        (outcome,) = submit(server, mail())

    assert outcome.kind == "later"


@pytest.mark.parametrize("offers", ["", "PIPELINING"])
def test_a_reply_of_several_lines_is_one(submit: Any, offers: str) -> None:
    said = "250-2.0.0 kept\r\n250-for you\r\n250 as 77"
    with Scripted(lambda verb, *_asked: said if verb == "BODY" else None, offers=offers) as server:
        outcomes = submit(server, mail(), mail(1))

    assert [(one.kind, one.reply) for one in outcomes] == 2 * [("submitted", "250 2.0.0 kept for you as 77")]
