"""A mail server that talks TLS must show a certificate that this machine trusts."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from announcements.kernel.smtp import Mail, Outcome, Transport
from hub import env
from tests.journeys.hub import free_port

# For localhost, for a hundred years, signed by nobody, with its key: good for these tests alone.
CERTIFICATE = Path(__file__).parent / "localhost.pem"
MAIL = Mail("mantel@hub.test", "maya@northwind.test", "<1@hub.test>", b"Subject: hello\r\n\r\nhello\r\n")


class Kept:
    """What the server was given."""

    def __init__(self) -> None:
        self.mails: list[object] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        self.mails.append(envelope.content)
        return "250 kept"


class OverTls(Controller):
    """Offers STARTTLS with a certificate of its own making."""

    def factory(self) -> SMTP:
        return SMTP(self.handler, tls_context=self.made, require_starttls=True)

    made: ssl.SSLContext


@pytest.fixture(params=["smtps", "smtp+starttls"])
def server(request: Any, settings: Any) -> Iterator[Kept]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    kept = Kept()
    port = free_port()
    if request.param == "smtps":
        controller = Controller(kept, hostname="127.0.0.1", port=port, ssl_context=context)
    else:
        controller = OverTls(kept, hostname="127.0.0.1", port=port)
        controller.made = context
    controller.start()
    settings.SMTP = env.smtp(f"{request.param}://127.0.0.1:{port}")
    yield kept
    controller.stop()


def _submit() -> Outcome:
    with Transport() as transport:
        return transport.submit(MAIL, lambda: True)


def test_a_certificate_that_nobody_signed_is_not_taken(server: Kept) -> None:
    outcome = _submit()

    assert (outcome.kind, outcome.away) == ("later", True)
    assert "CERTIFICATE_VERIFY_FAILED" in outcome.reply
    assert server.mails == []


def test_a_certificate_that_this_machine_was_told_to_trust_is_taken(server: Kept, monkeypatch: Any) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))

    assert _submit().kind == "submitted"
    assert len(server.mails) == 1
