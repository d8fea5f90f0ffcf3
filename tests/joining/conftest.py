"""Who may ask whom in, and a real mail server to ask through."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import pytest

from announcements.joining import services as joining
from announcements.people import services as people
from hub import env
from tests.conftest import PASSWORD
from tests.journeys.sink import Sink


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """Return a mail server that the hub is set up with."""
    with Sink() as server:
        settings.SMTP = env.smtp(server.url)
        yield server


@pytest.fixture
def post(sink: Sink, now: datetime) -> Callable[..., list[EmailMessage]]:
    """Return a function that sends what is due, and gives what has arrived since."""

    def send(at: datetime = now) -> list[EmailMessage]:
        before = len(sink.mails)
        joining.post(now=at, clock=lambda: at)
        return sink.mails[before:]

    return send


def key_in(mail: EmailMessage) -> str:
    """Return the key of the link in a mail."""
    part = mail.get_body(("plain",))
    assert part
    found = re.search(r"http://hub\.test/join/(\S+)", part.get_content())
    assert found, part.get_content()
    return found[1]


def arrival(name: str = "Nadia Okafor", password: str = PASSWORD, timezone: str = "America/Chicago") -> people.Arrival:
    return people.Arrival(name, password, timezone)


def nadia(**more: Any) -> people.Invitee:
    return people.Invitee(**{"email": "nadia@partner.test", "name": "Nadia Okafor"} | more)
