"""Letters: they leave at once by the queue, once, or are given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import DatabaseError

from announcements.delivery import services as delivery
from announcements.delivery import tasks
from hub import env
from tests.journeys.sink import Sink


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with Sink() as server:
        settings.SMTP = env.smtp(server.url)
        yield server


def post(now: datetime, subject: str = "Your code") -> int:
    return delivery.post_letter(recipient="maya@northwind.test", subject=subject, body="BCDF-GHJK\n", now=now)


def test_a_letter_leaves_and_its_code_with_it(db: None, sink: Sink, now: datetime) -> None:
    number = post(now)

    assert delivery.send_letter(letter_id=number, now=now)

    assert [mail["Subject"] for mail in sink.to("maya@northwind.test")] == ["Your code"]
    assert delivery.due_letters(now=now + timedelta(days=1)) == []


def test_it_is_queued_when_what_it_tells_of_is_kept(
    db: None, now: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    with patch.object(tasks.send_letter, "delay") as delay, django_capture_on_commit_callbacks(execute=True):
        number = post(now)
        assert not delay.called

    delay.assert_called_once_with(letter_id=number)


def test_two_workers_send_it_once(db: None, sink: Sink, now: datetime) -> None:
    number = post(now)
    with patch("announcements.delivery._letters._settle", side_effect=DatabaseError), pytest.raises(DatabaseError):
        delivery.send_letter(letter_id=number, now=now)

    assert not delivery.send_letter(letter_id=number, now=now)

    assert len(sink.mails) == 1
    assert delivery.due_letters(now=now) == []
    assert delivery.due_letters(now=now + timedelta(minutes=10)) == [number]


def test_a_server_that_is_not_there_is_asked_again_soon(db: None, settings: Any, now: datetime) -> None:
    settings.SMTP = env.smtp("smtp://127.0.0.1:1")
    number = post(now)

    assert not delivery.send_letter(letter_id=number, now=now)

    assert delivery.due_letters(now=now) == []
    assert delivery.due_letters(now=now + timedelta(seconds=10)) == [number]


def test_a_letter_that_waited_too_long_is_given_up(
    db: None, sink: Sink, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    number = post(now)
    later = now + timedelta(minutes=16)

    delivery.send_letter(letter_id=number, now=later)

    assert sink.mails == []
    assert delivery.due_letters(now=later) == []
    assert "given up" in caplog.text


def test_a_subject_stays_one_line(db: None, sink: Sink, now: datetime) -> None:
    delivery.send_letter(letter_id=post(now, "Your\r\nBcc: thief@evil.test\r\ncode"), now=now)

    assert sink.recipients == ["maya@northwind.test"]
    assert sink.mails[0]["Bcc"] is None
