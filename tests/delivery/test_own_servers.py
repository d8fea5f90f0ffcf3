"""Nudges leave by the mail server of their company, and a server that is away holds up nobody else."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from announcements.delivery import _gate
from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from hub import env
from tests.conftest import join
from tests.mail_servers import Scripted, Temper, listening
from tests.pictures import picture

LATER = timedelta(hours=24)


@pytest.fixture
def nudged(olga: people.Person, maya: people.Person, charlie: people.Person, now: datetime) -> Callable[[], None]:
    """Let Olga and Charlie ask everybody to confirm, and return what sends the first nudges."""
    for author in (olga, charlie):
        draft = publishing.Draft(
            title="New badges",
            body="<p>Fetch yours.</p>",
            ask_acknowledge=True,
            audience=people.Audience(everyone=True),
        )
        item = publishing.create(by=author.id, draft=draft, now=now)
        publishing.publish(announcement_id=item.id, by=author.id, now=now)
        delivery.fan_out(announcement_id=item.id, now=now)

    def send() -> None:
        at = now + LATER + timedelta(hours=6)
        delivery.tick(now=at, clock=lambda: at)

    return send


def use(owner: people.Person, port: int, sender: str, now: datetime) -> None:
    changes = people.MailServerChanges(host="127.0.0.1", port=port, tls="none", sender=sender)
    people.set_mail_server(by=owner.id, changes=changes, now=now)


def to(temper: Temper) -> set[str]:
    return {recipient for _sender, recipients, _content in temper.mails for recipient in recipients}


def test_each_company_sends_by_its_own_server_and_in_its_own_name(
    nudged: Any, olga: people.Person, maya: people.Person, charlie: people.Person, now: datetime, settings: Any
) -> None:
    own, shared = Temper(), Temper()
    with listening(own) as port, listening(shared) as other:
        settings.SMTP = settings.SMTP | {"host": "127.0.0.1", "port": other}
        use(olga, port, "news@northwind.test", now)
        nudged()

    assert to(own) == {olga.email, maya.email}
    assert to(shared) == {charlie.email}
    assert {sender for sender, *_rest in own.mails} == {"news@northwind.test"}
    assert b"<news@northwind.test>" in own.mails[0][2]
    assert {sender for sender, *_rest in shared.mails} == {"mantel@localhost"}


def test_a_server_that_is_away_is_asked_once_and_holds_up_nobody_else(
    nudged: Any, olga: people.Person, charlie: people.Person, now: datetime, settings: Any
) -> None:
    shared = Temper()
    with listening(shared) as port:
        settings.SMTP = settings.SMTP | {"host": "127.0.0.1", "port": port}
        use(olga, 9, "news@northwind.test", now)
        nudged()

    assert to(shared) == {charlie.email}
    (step, *_rest) = delivery.nudge_plan(
        by=olga.id, announcement_id=publishing.mine(by=olga.id, now=now)[0].id, now=now
    )
    assert (step.queued, step.submitted, step.failed) == (2, 0, 0)


def test_a_nudge_carries_the_logo_inside(nudged: Any, olga: people.Person, now: datetime, settings: Any) -> None:
    shared = Temper()
    people.set_logo(by=olga.id, content=picture(), now=now)
    with listening(shared) as port:
        settings.SMTP = settings.SMTP | {"host": "127.0.0.1", "port": port}
        nudged()

    def to(address: str) -> bytes:
        """Return the mail to somebody, with lines that were folded made whole."""
        [content] = [content for _sender, recipients, content in shared.mails if recipients == [address]]
        return content.replace(b"=\r\n", b"")

    northwind, southgate = to(olga.email), to("charlie@southgate.test")
    assert b"Content-ID: <logo>" in northwind and b"cid:logo" in northwind
    assert b"image/png" not in southgate and b"cid:logo" not in southgate


def test_a_server_that_is_changed_within_a_tick_is_used_from_the_next(
    olga: people.Person, charlie: people.Person, now: datetime
) -> None:
    with _gate.Gate(now) as gate:
        before = gate.server(olga.workspace_id)
        use(olga, 9, "news@northwind.test", now)

        assert before == gate.server(olga.workspace_id) == gate.server(charlie.workspace_id)
        assert gate.of(olga.workspace_id, 0) is gate.of(charlie.workspace_id, 0)
        assert gate.of(olga.workspace_id, 0) is not gate.of(charlie.workspace_id, 1)


@pytest.fixture
def three_each(
    olga: people.Person, ines: people.Person, maya: people.Person, charlie: people.Person, now: datetime
) -> None:
    for name in ("Dana Poe", "Eli Poe"):
        join(charlie, name, "America/Chicago", now)


def test_a_server_with_one_connection_leaves_the_others_theirs(
    three_each: None, nudged: Any, olga: people.Person, now: datetime, settings: Any
) -> None:
    settings.MAIL_AT_ONCE = 3
    together = threading.Barrier(3)

    def one(verb: str, _recipient: str, n: int) -> str | None:
        return "421 4.7.0 too many" if verb == "BANNER" and n > 1 else None

    def three(verb: str, _recipient: str, _n: int) -> str | None:
        """Answer no body before there are three."""
        if verb == "BODY":
            together.wait(20)
        return None

    with Scripted(one, offers="PIPELINING") as small, Scripted(three, offers="PIPELINING") as shared:
        settings.SMTP = env.smtp(shared.url)
        use(olga, int(small.url.rpartition(":")[2]), "news@northwind.test", now)
        nudged()

    assert len(small.mails) == len(shared.mails) == 3
