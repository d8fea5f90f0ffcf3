"""The headers of our mail, as a mail parser reads them: who it is from, what list it is of, how one leaves it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from typing import cast

import pytest

from announcements.people import services as people
from tests.delivery.conftest import Announce
from tests.delivery.postbox import Postbox

DAY = timedelta(days=1)
MONDAY_NINE = datetime(2026, 11, 23, 8, tzinfo=UTC)
ONCE = (
    "From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post",
    "Auto-Submitted", "X-Auto-Response-Suppress", "Feedback-ID", "MIME-Version",
)  # fmt: skip
Tick = Callable[[datetime], int]


@pytest.fixture(params=["nudge", "digest"])
def mail(
    request: pytest.FixtureRequest, announce: Announce, maya: people.Person, postbox: Postbox, tick: Tick, now: datetime
) -> EmailMessage:
    """Return what Maya got, parsed anew from its bytes."""
    nudges = request.param == "nudge"
    announce(ask_acknowledge=nudges, nudge_hours=(24,) if nudges else ())
    tick(now)
    tick(now + DAY if nudges else MONDAY_NINE)
    [raw] = postbox.to(maya.email)
    return cast(EmailMessage, message_from_bytes(raw.as_bytes(), policy=policy.default))


def test_each_header_is_there_once_and_well_formed(mail: EmailMessage) -> None:
    assert {name: len(mail.get_all(name, [])) for name in ONCE} == dict.fromkeys(ONCE, 1)
    assert mail.defects == []
    for header in mail.values():
        assert not getattr(header, "defects", ()), header
    for part in mail.walk():
        assert part.defects == []


def test_it_is_from_the_hub_and_to_one_person(mail: EmailMessage) -> None:
    [sender], [to] = mail["From"].addresses, mail["To"].addresses

    assert sender.addr_spec == "mantel@localhost"
    assert to == Address(display_name="Maya Lindqvist", username="maya", domain="northwind.test")
    assert mail["Date"].datetime.tzinfo


def test_its_list_is_left_by_the_address_of_one_click(mail: EmailMessage) -> None:
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<https?://hub\.test/unsubscribe/[\w.-]+>", "".join(mail["List-Unsubscribe"].split()))
    assert re.search(r"<\d+\.mantel\.hub\.test>$", mail["List-Id"])


def test_nothing_answers_it_by_machine(mail: EmailMessage) -> None:
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"


def test_complaints_are_counted_by_week_company_and_kind(mail: EmailMessage, olga: people.Person) -> None:
    week, company, kind, sender = mail["Feedback-ID"].split(":")

    assert (week, company, sender) in {(f"2026-W{n}", str(olga.workspace_id), "mantel") for n in (47, 48)}
    assert kind == ("nudge" if mail["In-Reply-To"] else "digest")


def test_a_nudge_stands_below_its_announcement_and_a_digest_is_bulk(mail: EmailMessage) -> None:
    if mail["In-Reply-To"]:
        assert mail["References"] == mail["In-Reply-To"] != mail["Message-ID"]
        assert mail["Reply-To"].addresses[0].addr_spec == "ines@northwind.test"
    else:
        assert mail["Precedence"] == "bulk"
