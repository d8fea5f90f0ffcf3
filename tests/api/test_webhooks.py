"""What a mail provider tells is taken when it proves itself, about mail of ours alone, once."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from announcements.delivery import models
from announcements.delivery import services as delivery
from announcements.delivery.channels import returns
from announcements.kernel.smtp import Mail
from announcements.people import services as people

SECRET, KEY = "hub:long random words", "a signing key"


@pytest.fixture
def nudge(maya: people.Person, now: datetime) -> models.Nudge:
    """Return a nudge to Maya of which nobody knows whether it arrived."""
    return models.Nudge.objects.create(
        announcement_id=1, recipient_id=maya.id, workspace_id=maya.workspace_id, step=1, due_at=now, state="uncertain"
    )


@pytest.fixture
def provider(settings: Any) -> Any:
    """Return the settings, with Postmark as the provider."""
    settings.MAIL_PROVIDER, settings.ANYMAIL_KEY = "postmark", KEY
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
    return settings


def postmark(nudge: models.Nudge, kind: str = "HardBounce", *, secret: str = SECRET, **more: Any) -> int:
    """Post what Postmark posts; return the answer."""
    said = {
        "RecordType": "Bounce", "Type": kind, "ID": 4323372036854775807, "Email": "maya@northwind.test",
        "Details": "smtp;550 5.1.1 The email account does not exist.", "BouncedAt": "2026-11-17T08:00:00Z",
        "Metadata": {"mantel": returns.key_of("nudge", nudge.pk)},
    } | more  # fmt: skip
    auth = {"Authorization": "Basic " + b64encode(secret.encode()).decode()}
    answer = Client().post("/webhooks/postmark", json.dumps(said), content_type="application/json", headers=auth)
    return answer.status_code


def mailgun(nudge: models.Nudge, event: str, *, key: str = KEY, **more: Any) -> int:
    """Post what Mailgun posts, signed; return the answer."""
    stamp, token = str(int(datetime.now(UTC).timestamp())), "t" * 50
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    said = {
        "signature": {"timestamp": stamp, "token": token, "signature": signature},
        "event-data": {
            "event": event, "id": f"id-{event}", "timestamp": float(stamp), "recipient": "maya@northwind.test",
            "user-variables": {"mantel": returns.key_of("nudge", nudge.pk)}, "message": {"headers": {}},
        } | more,
    }  # fmt: skip
    answer = Client().post("/webhooks/mailgun", json.dumps(said), content_type="application/json")
    return answer.status_code


def state(nudge: models.Nudge) -> tuple[str, str]:
    nudge.refresh_from_db()
    return nudge.state, nudge.reason


def suppressed(olga: people.Person) -> list[str]:
    return [one.reason for one in delivery.suppressions(by=olga.id)]


@pytest.mark.usefixtures("provider")
def test_a_bounce_fails_the_mail_and_stops_the_next_once(olga: people.Person, nudge: models.Nudge) -> None:
    assert postmark(nudge) == 200
    assert state(nudge) == ("failed", "bounced")
    [one] = delivery.suppressions(by=olga.id)
    assert (one.address, one.said) == ("maya@northwind.test", "smtp;550 5.1.1 The email account does not exist.")

    delivery.lift_suppression(by=olga.id, suppression_id=one.id, now=datetime.now(UTC))
    assert postmark(nudge) == 200
    assert suppressed(olga) == [], "the provider told it twice"


@pytest.mark.usefixtures("provider")
@pytest.mark.parametrize(
    ("kind", "said", "became", "reasons"),
    [
        ("HardBounce", {"Details": "gone"}, "failed", ["bounced"]),
        ("SoftBounce", {"Details": "smtp;552 5.2.2 full"}, "failed", []),
        ("SoftBounce", {"Details": "busy"}, "failed", []),
        ("Transient", {}, "submitted", []),
        ("SpamComplaint", {"RecordType": "SpamComplaint"}, "submitted", ["complained"]),
        ("", {"RecordType": "Delivery", "Details": "ok", "MessageID": "x"}, "submitted", []),
        ("", {"RecordType": "Open"}, "uncertain", []),
    ],
)
def test_each_event_has_its_consequence(
    olga: people.Person, nudge: models.Nudge, kind: str, said: dict[str, Any], became: str, reasons: list[str]
) -> None:
    assert postmark(nudge, kind, **said) == 200

    assert state(nudge)[0] == became
    assert suppressed(olga) == reasons


@pytest.mark.usefixtures("provider")
def test_who_does_not_know_the_secret_tells_nothing(olga: people.Person, nudge: models.Nudge) -> None:
    assert postmark(nudge, secret="hub:guessed") == 400
    assert mailgun(nudge, "failed") == 404, "another provider"
    assert state(nudge)[0] == "uncertain"


def test_without_a_secret_there_is_nothing_there(nudge: models.Nudge, provider: Any) -> None:
    provider.ANYMAIL = {"WEBHOOK_SECRET": ""}
    assert postmark(nudge) == 404
    provider.MAIL_PROVIDER, provider.ANYMAIL_KEY = "mailgun", ""
    assert mailgun(nudge, "failed") == 404
    provider.MAIL_PROVIDER = ""
    assert postmark(nudge) == 404


def test_a_signature_is_checked(olga: people.Person, nudge: models.Nudge, provider: Any) -> None:
    provider.MAIL_PROVIDER = "mailgun"
    provider.ANYMAIL = {"WEBHOOK_SECRET": "", "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}

    assert mailgun(nudge, "complained", key="another key") == 400
    assert state(nudge)[0] == "uncertain"
    assert mailgun(nudge, "complained") == 200
    assert suppressed(olga) == ["complained"]


@pytest.mark.usefixtures("provider")
def test_a_key_that_is_not_ours_names_no_mail(olga: people.Person, nudge: models.Nudge) -> None:
    for key in ("", "n1", f"n{nudge.pk}-{'a' * 16}", "x" * 3000):
        assert postmark(nudge, Metadata={"mantel": key}) == 200

    assert state(nudge)[0] == "uncertain"
    assert suppressed(olga) == []


def test_each_provider_gets_the_key_where_it_says_it_again(settings: Any) -> None:
    written = Mail(sender=settings.MAIL_FROM, recipient="x@y.test", message_id="", data=b"Subject: x\r\n\r\nx\r\n")
    for provider in returns.PROVIDERS:
        settings.MAIL_PROVIDER = provider
        lines = returns.marker()(written, "nudge", 7).data.decode().split("\r\n")
        assert lines[0] == f"X-Mantel-Mail: {returns.key_of('nudge', 7)}"
        assert returns.read_key(lines[1]) == ("nudge", 7)
        assert lines[2] == "Subject: x"

    company = returns.marker()(Mail("own@company.test", "x@y.test", "", written.data), "nudge", 7)
    assert company.data.count(b"\r\n") == written.data.count(b"\r\n") + 1, (
        "by a company's own server nothing but the key"
    )
