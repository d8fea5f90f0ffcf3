"""The mail of an invitation: in whose name, with nothing in it that is not ours, and what a mail server may answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from announcements.joining import services as joining
from announcements.people import services as people
from tests.joining.conftest import key_in, nadia
from tests.journeys.sink import Sink

Post = Callable[..., Any]


def test_the_mail_comes_in_the_inviters_name_and_answers_go_to_them(
    ines: people.Person, operations: people.Group, post: Post, now: datetime
) -> None:
    joining.invite(by=ines.id, who=nadia(group_ids=(operations.id,)), now=now)

    (mail,) = post()

    assert mail["From"].addresses[0].display_name == "Ines Carvalho · Northwind"
    assert mail["Reply-To"].addresses[0].addr_spec == ines.email
    assert mail["To"].addresses[0].addr_spec == "nadia@partner.test"
    assert mail["Subject"] == "Ines Carvalho invites you to Northwind on Mantel"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert key_in(mail) in mail.get_body(("html",)).get_content()


EVIL = [
    'Eve\r\nBcc: all@northwind.test', "Eve\nSubject: hacked", "<img src=x onerror=alert(1)>", '"><script>alert(1)</script>',
    "{{ settings.SECRET_KEY }}", "{% debug %}", "</mj-text><mj-raw><b>x</b></mj-raw>", "Eve\u202eevil", "=?utf-8?q?Bcc?=", "a" * 80,
]  # fmt: skip


@pytest.mark.parametrize("evil", EVIL)
def test_no_name_gets_a_header_or_markup_into_the_mail(
    olga: people.Person, post: Post, now: datetime, evil: str
) -> None:
    people.update_profile(by=olga.id, changes=people.ProfileChanges(name=evil), now=now)
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(name=evil), now=now)
    joining.invite(by=olga.id, who=nadia(name=evil), now=now)

    (mail,) = post()

    assert {"bcc", "onerror"}.isdisjoint(name.lower() for name, _value in mail.items())
    assert [one.addr_spec for one in mail["To"].addresses] == ["nadia@partner.test"]
    assert "\n" not in str(mail["Subject"]).strip()
    html = mail.get_body(("html",)).get_content()
    assert "<script" not in html
    assert "<img" not in html
    assert "<b>x</b>" not in html
    assert "only-for-tests" not in html
    assert key_in(mail)


def test_a_refused_address_is_failed_with_the_servers_words(
    olga: people.Person, sink: Sink, post: Post, now: datetime
) -> None:
    async def refuse(*_given: object) -> str:
        return "550 no such mailbox"

    sink.handle_RCPT = refuse  # type: ignore[attr-defined]
    joining.invite(by=olga.id, who=nadia(), now=now)

    post()

    (listed,) = joining.invitations(by=olga.id, now=now)
    assert (listed.state, listed.mail, listed.mail_reply) == ("waiting", "failed", "550 no such mailbox")


def test_a_server_that_is_away_is_asked_again_later(
    olga: people.Person, settings: Any, post: Post, now: datetime
) -> None:
    there = settings.SMTP
    settings.SMTP = there | {"port": 1}
    joining.invite(by=olga.id, who=nadia(), now=now)
    assert post() == []
    assert joining.invitations(by=olga.id, now=now)[0].mail == "queued"

    settings.SMTP = there
    assert post(now + timedelta(seconds=30)) == []
    assert len(post(now + timedelta(minutes=3))) == 1


def test_a_server_that_is_away_for_a_day_uses_up_no_invitation(
    olga: people.Person, settings: Any, post: Post, now: datetime
) -> None:
    there = settings.SMTP
    settings.SMTP = there | {"port": 1}
    joining.invite(by=olga.id, who=nadia(), now=now)
    for hour in range(24):
        assert post(now + timedelta(hours=hour)) == []

    settings.SMTP = there
    assert len(post(now + timedelta(hours=25))) == 1
