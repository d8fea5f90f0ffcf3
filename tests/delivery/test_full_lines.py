"""A server that takes so many mails over one connection shows it once: then we end each connection before it does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from announcements.delivery import models
from announcements.delivery import services as delivery
from announcements.people import services as people
from hub import env
from tests.delivery.mailing import HOUR, reach, tick
from tests.mail_servers import Scripted

MINUTE = timedelta(minutes=1)
FULL = "421 4.7.0 too many mails over one connection"
Answers = Callable[[str, str, int], str | None]


def closing_after(most: int, said: list[str], *, counts: str = "MAIL", by: str = "MAIL") -> Answers:
    """Take so many over each connection, and say by `by` that it is full; how often it was said is kept in `said`."""
    here = threading.local()  # each connection has a thread of its own

    def answers(verb: str, _recipient: str, _n: int) -> str | None:
        if verb == "BANNER":
            here.many = 0
        if verb == by and here.many >= most:
            said.append(FULL)
            return FULL
        here.many = getattr(here, "many", 0) + (verb == counts)
        return None

    return answers


def nine(ines: people.Person, operations: people.Group, now: datetime) -> None:
    for title in ("One", "Two", "Three"):
        reach(ines, operations, now, title=title)


@pytest.mark.parametrize("offers", ["", "PIPELINING"])
@pytest.mark.parametrize("by", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("at_once", [1, 2])
def test_a_full_connection_costs_no_rest_and_is_met_with_once(
    olga: people.Person, ines: people.Person, operations: people.Group, settings: Any, now: datetime, offers: str,
    by: str, at_once: int,
) -> None:  # fmt: skip
    settings.MAIL_AT_ONCE = at_once
    nine(ines, operations, now)
    said = list[str]()
    with Scripted(closing_after(2, said, counts="BODY", by=by), offers=offers) as server:
        settings.SMTP = env.smtp(server.url)
        tick(now + HOUR)

        assert (len(server.mails), len({server.mails[n] for n in range(9)})) == (9, 9)
        assert 1 <= len(said) <= at_once
        assert delivery.sending(by=olga.id, now=now + HOUR).state == "sending"
        assert set(models.Nudge.objects.values_list("state", "attempts")) == {("submitted", 1)}

        said.clear()
        nine(ines, operations, now)
        tick(now + HOUR + MINUTE)

    assert (len(server.mails), said) == (18, [])


def test_what_a_server_refuses_counts_as_much_as_what_it_takes(
    olga: people.Person, ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    """Some count each mail that is begun."""
    settings.MAIL_AT_ONCE = 1
    nine(ines, operations, now)
    said, busy = list[str](), list[str]()
    full = closing_after(3, said)

    def answers(verb: str, recipient: str, n: int) -> str | None:
        return full(verb, recipient, n) or (busy.pop() if verb == "RCPT" and busy else None)

    with Scripted(answers) as server:
        settings.SMTP = env.smtp(server.url)
        tick(now + HOUR)
        assert len(said) == 1

        nine(ines, operations, now)
        busy += ["450 4.2.0 busy"] * 2
        tick(now + HOUR + MINUTE)

    assert len(said) == 1
    assert delivery.sending(by=olga.id, now=now + HOUR + MINUTE).state == "sending"


def test_two_connections_that_are_full_at_once_show_it_though_one_had_a_mail_refused(
    olga: people.Person, ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    settings.MAIL_AT_ONCE = 2
    nine(ines, operations, now)
    said, here = list[str](), threading.local()
    full = closing_after(3, said)

    def answers(verb: str, recipient: str, n: int) -> str | None:
        """Put off the first mail over the second connection."""
        if verb == "BANNER":
            here.busy = n == 2
        if verb == "RCPT" and here.busy:
            here.busy = False
            return "450 4.2.0 busy"
        return full(verb, recipient, n)

    with Scripted(answers) as server:
        settings.SMTP = env.smtp(server.url)
        tick(now + HOUR)
        assert (len(server.mails), len(said)) == (8, 2)
        assert delivery.sending(by=olga.id, now=now + HOUR).state == "sending"

        nine(ines, operations, now)
        tick(now + HOUR + MINUTE)

    assert (len(server.mails), len(said)) == (17, 2)
    assert delivery.sending(by=olga.id, now=now + HOUR + MINUTE).state == "sending"


def test_what_was_shown_is_forgotten_after_an_hour_and_when_the_server_is_another(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    settings.MAIL_AT_ONCE = 1
    said, other = list[str](), list[str]()
    with Scripted(closing_after(2, said)) as server, Scripted(closing_after(4, other)) as another:
        for at, used in (
            (now + HOUR, server),
            (now + 2 * HOUR + MINUTE, server),
            (now + 2 * HOUR + 2 * MINUTE, another),
        ):
            settings.SMTP = env.smtp(used.url)
            nine(ines, operations, now)
            tick(at)

    assert (len(said), len(other)) == (2, 1)
    assert (len(server.mails), len(another.mails)) == (18, 9)


def test_a_server_that_closes_sooner_than_it_has_shown_rests(
    olga: people.Person, ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    settings.MAIL_AT_ONCE = 1
    nine(ines, operations, now)
    said = list[str]()
    with Scripted(closing_after(4, said)) as server:
        settings.SMTP = env.smtp(server.url)
        tick(now + HOUR)
        assert (len(server.mails), len(said)) == (9, 1)

        nine(ines, operations, now)
        server.answers, at = closing_after(2, said), now + HOUR + MINUTE
        tick(at)
        found = delivery.sending(by=olga.id, now=at)
        assert (found.state, found.reply, len(server.mails)) == ("resting", FULL, 11)

        tick(at + 2 * MINUTE)  # what it had shown counts no more, and it shows this

    assert (len(server.mails), len(said)) == (18, 3)
    assert delivery.sending(by=olga.id, now=at + 2 * MINUTE).state == "sending"


@pytest.mark.parametrize("verb", ["BANNER", "MAIL"])
@pytest.mark.parametrize("offers", ["", "PIPELINING"])
def test_a_server_that_closes_the_next_connection_at_once_has_shown_nothing(
    olga: people.Person, ines: people.Person, operations: people.Group, settings: Any, now: datetime, offers: str,
    verb: str,
) -> None:  # fmt: skip
    """It was being stopped."""
    settings.MAIL_AT_ONCE = 1
    nine(ines, operations, now)

    def closing(heard: str, _recipient: str, n: int) -> str | None:
        return FULL if heard in ("MAIL", verb) and n >= 2 else None

    with Scripted(closing, offers=offers) as server:
        settings.SMTP, at = env.smtp(server.url), now + HOUR
        tick(at)
        assert (len(server.mails), delivery.sending(by=olga.id, now=at).state) == (1, "resting")

        server.answers = lambda *_asked: None
        tick(at + 2 * MINUTE)

    assert (len(server.mails), len(server.heard)) == (9, 3)


def test_what_was_shown_is_nothing_about_a_server_that_took_its_place_meanwhile(
    olga: people.Person, ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    settings.MAIL_AT_ONCE = 1
    nine(ines, operations, now)
    said, at = list[str](), now + HOUR

    def use(server: Scripted) -> None:
        port = int(server.url.rpartition(":")[2])
        changes = people.MailServerChanges(host="127.0.0.1", port=port, tls="none", sender="hub@northwind.test")
        people.set_mail_server(by=olga.id, changes=changes, now=now)

    with Scripted(closing_after(2, said)) as server, Scripted() as another:
        use(server)

        def clock() -> datetime:
            """Let another worker meet with the new server once the old one has shown it."""
            if said and not another.mails:
                use(another)
                nine(ines, operations, now)
                tick(at)
            return at

        delivery.tick(now=at, clock=clock)
        assert len(said) == 1
        assert another.mails

        another.heard.clear()
        nine(ines, operations, now)
        tick(at + MINUTE)

    assert len(another.heard) == 1
