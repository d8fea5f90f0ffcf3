"""Mail that comes back is believed when it holds a key of ours, counts once, and stops mail to an address that is wrong."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from announcements.delivery import _claims, models
from announcements.delivery import services as delivery
from announcements.delivery.channels import returns
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.delivery.conftest import Announce
from tests.delivery.postbox import Postbox
from tests.delivery.reports import bounce, complaint

DAY = timedelta(days=1)
HUB = "bounces@hub.test"
Tick = Callable[[datetime], int]


@pytest.fixture
def said(announce: Announce) -> publishing.Announcement:
    return announce(nudge_hours=(24, 48))


@pytest.fixture
def mail(
    said: publishing.Announcement, maya: people.Person, postbox: Postbox, tick: Tick, settings: Any, now: datetime
) -> EmailMessage:
    """Return the first nudge that Maya got, of a hub that has a return address."""
    settings.RETURN_ADDRESS = HUB
    tick(now + DAY)
    [mail] = postbox.to(maya.email)
    return mail


def state(person: people.Person) -> tuple[str, str]:
    row = models.Nudge.objects.get(recipient_id=person.id, step=1)
    return row.state, row.reason


def suppressed(owner: people.Person) -> list[tuple[str, str]]:
    return [(one.address, one.reason) for one in delivery.suppressions(by=owner.id)]


def test_each_mail_comes_back_to_an_address_of_its_own(mail: EmailMessage, postbox: Postbox) -> None:
    assert len(set(postbox.senders)) == len(postbox.senders) == 3
    assert all(sender.startswith("bounces+n") and sender.endswith("@hub.test") for sender in postbox.senders)
    assert "mantel@localhost" in mail["From"], "what people see stays"


@pytest.mark.parametrize("whole", [True, False], ids=["quoted", "headers"])
def test_a_bounce_fails_the_mail_and_stops_the_next(
    olga: people.Person, maya: people.Person, mail: EmailMessage, postbox: Postbox, tick: Tick, whole: bool,
    now: datetime,
) -> None:  # fmt: skip
    took = delivery.take_return(data=bounce(mail, whole=whole), now=now + DAY)
    tick(now + 2 * DAY)

    assert took == "bounced"
    assert state(maya) == ("failed", "bounced")
    assert suppressed(olga) == [(maya.email, "bounced")]
    assert len(postbox.to(maya.email)) == 1


@pytest.mark.parametrize("upper", [True, False])
def test_the_address_it_was_sent_to_says_which_mail_it_is_about(
    olga: people.Person, maya: people.Person, mail: EmailMessage, postbox: Postbox, upper: bool, now: datetime
) -> None:
    to = postbox.senders[postbox.recipients.index(maya.email)]
    report = bounce(mail, to=to.upper() if upper else to)
    del mail["X-Mantel-Mail"]
    bare = bounce(mail)

    assert delivery.take_return(data=bare, now=now + DAY) == "nothing"
    assert delivery.take_return(data=bare, recipient=to, now=now + DAY) == "bounced"
    assert delivery.take_return(data=report, now=now + DAY) == "bounced"
    assert suppressed(olga) == [(maya.email, "bounced")]


def test_one_report_counts_once_also_after_an_admin_let_mail_go_again(
    olga: people.Person, mail: EmailMessage, now: datetime
) -> None:
    report = bounce(mail)
    for _ in range(2):
        assert delivery.take_return(data=report, now=now + DAY) == "bounced"
    [one] = delivery.suppressions(by=olga.id)
    delivery.lift_suppression(by=olga.id, suppression_id=one.id, now=now + DAY)
    delivery.take_return(data=report, now=now + DAY)
    assert suppressed(olga) == []

    delivery.take_return(data=bounce(mail), now=now + DAY)
    assert len(suppressed(olga)) == 1, "another report"


@pytest.mark.parametrize("status", ["5.7.1", "5.2.2", "4.4.7", "5.0.0", ""])
def test_what_is_not_the_addresss_fault_fails_one_mail_alone(
    olga: people.Person, maya: people.Person, mail: EmailMessage, status: str, now: datetime
) -> None:
    assert delivery.take_return(data=bounce(mail, status=status), now=now + DAY) == "bounced"
    assert state(maya) == ("failed", "bounced")
    assert suppressed(olga) == []


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_what_is_late_or_arrived_fails_nothing(
    olga: people.Person, maya: people.Person, mail: EmailMessage, action: str, now: datetime
) -> None:
    delivery.take_return(data=bounce(mail, action=action, status="4.4.1"), now=now + DAY)

    assert state(maya) == ("submitted", "")
    assert suppressed(olga) == []


def test_who_complains_is_written_to_no_more(
    olga: people.Person, maya: people.Person, mail: EmailMessage, now: datetime
) -> None:
    assert delivery.take_return(data=complaint(mail, kind="not-spam"), now=now + DAY) == "nothing"
    assert delivery.take_return(data=complaint(mail), now=now + DAY) == "complained"
    assert suppressed(olga) == [(maya.email, "complained")]


@pytest.mark.parametrize(
    ("action", "became"), [("failed", ("failed", "bounced")), ("delivered", ("submitted", "known_delivered"))]
)
def test_what_comes_back_settles_an_uncertain_mail(
    maya: people.Person, mail: EmailMessage, action: str, became: tuple[str, str], now: datetime
) -> None:
    models.Nudge.objects.filter(recipient_id=maya.id, step=1).update(state="uncertain", reason="cut_off")

    delivery.take_return(data=bounce(mail, action=action), now=now + DAY)

    assert state(maya) == became


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize(
    ("action", "became"), [("failed", ("failed", "bounced")), ("delivered", ("submitted", "known_delivered"))]
)
def test_what_comes_back_about_a_mail_that_was_to_go_once_more_keeps_it_from_going(
    maya: people.Person, mail: EmailMessage, postbox: Postbox, tick: Tick, action: str, became: tuple[str, str], held: bool,
    settings: Any, now: datetime,
) -> None:  # fmt: skip
    settings.MAIL_FIRST_AGAIN = True
    first = models.Nudge.objects.filter(recipient_id=maya.id, step=1)
    first.update(state="queued", reason="sent_again", due_at=now + DAY)
    rows = _claims.claim(models.Nudge, list(first.values_list("pk", flat=True)), now + DAY) if held else []

    delivery.take_return(data=bounce(mail, action=action), now=now + DAY)

    assert state(maya) == became
    assert _claims.step({}, rows, now + DAY).begun == set()
    tick(now + DAY)
    assert len(postbox.to(maya.email)) == 1


def test_a_body_that_is_out_for_the_second_time_waits_for_its_own_answer(
    maya: people.Person, mail: EmailMessage, now: datetime
) -> None:
    first = models.Nudge.objects.filter(recipient_id=maya.id, step=1)
    first.update(state="submitting", reason="sent_again", body_started_at=now)

    delivery.take_return(data=bounce(mail, action="delivered"), now=now + DAY)

    assert state(maya) == ("submitting", "sent_again")


def test_a_forged_key_is_not_believed(
    olga: people.Person, maya: people.Person, joao: people.Person, mail: EmailMessage, now: datetime
) -> None:
    other = models.Nudge.objects.get(recipient_id=joao.id, step=1)
    key, _dash, digest = mail["X-Mantel-Mail"].partition("-")
    for forged in (
        f"n{other.pk}-{digest}",
        f"d{key[1:]}-{digest}",
        f"{key}-{digest[:-1]}{'3' if digest[-1] == '2' else '2'}",
        f"{key}-{'a' * 16}",
        "n1",
    ):
        mail.replace_header("X-Mantel-Mail", forged)
        assert delivery.take_return(data=bounce(mail, to=f"bounces+{forged}@hub.test"), now=now + DAY) == "nothing"

    assert suppressed(olga) == []
    assert state(maya) == ("submitted", "")


def test_an_answer_of_a_person_or_a_machine_is_no_report(mail: EmailMessage, postbox: Postbox, now: datetime) -> None:
    away = EmailMessage()
    away["To"], away["Subject"], away["Auto-Submitted"] = postbox.senders[0], "Out of office", "auto-replied"
    away.set_content(f"I am away. {mail['X-Mantel-Mail']}")

    assert delivery.take_return(data=away.as_bytes(), now=now + DAY) == "nothing"
    assert models.Return.objects.count() == 0


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(data=st.binary(max_size=400))
def test_rubbish_is_nothing(data: bytes) -> None:
    assert returns.read(data) is None
    assert (
        returns.read(b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n" + data) is None
    )


def test_a_mail_server_pipes_it_into_a_command(
    olga: people.Person, maya: people.Person, mail: EmailMessage, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(bounce(mail))))
    out = io.StringIO()

    call_command("take_return", "--recipient", "bounces@hub.test", stdout=out)

    assert out.getvalue() == "bounced\n"
    assert suppressed(olga) == [(maya.email, "bounced")]


def test_one_leaves_the_digest_by_mail_too(
    maya: people.Person, announce: Announce, postbox: Postbox, tick: Tick, settings: Any, now: datetime
) -> None:
    settings.RETURN_ADDRESS = HUB
    announce(ask_acknowledge=False)
    tick(now)
    tick(datetime(2026, 11, 23, 8, tzinfo=UTC))
    [digest] = postbox.to(maya.email)
    _page, mailto = "".join(digest["List-Unsubscribe"].split()).split(",")
    address, _mark, subject = mailto.strip("<>").removeprefix("mailto:").partition("?subject=")
    asks = EmailMessage()
    asks["From"], asks["To"], asks["Subject"] = "maya@elsewhere.test", address, subject.replace("%20", " ")

    assert address == HUB
    assert delivery.take_return(data=asks.as_bytes(), now=now) == "unsubscribed"
    assert delivery.preference(by=maya.id).digest == "never"
    asks.replace_header("Subject", "unsubscribe 1-1-0-0.forged")
    assert delivery.take_return(data=asks.as_bytes(), now=now) == "nothing"
