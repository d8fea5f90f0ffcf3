"""Real SMTP servers for tests, each with a temper of its own."""

from __future__ import annotations

import contextlib
import logging
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.journeys.hub import free_port

logging.getLogger("mail.log").setLevel(logging.CRITICAL)


class Temper:
    """Takes everything, and keeps it. `users` may sign in; `senders` may send; `refuses` answers DATA."""

    def __init__(self, *, senders: tuple[str, ...] = (), refuses: str = "", drops: bool = False) -> None:
        self.senders, self.refuses, self.drops = senders, refuses, drops
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.signed_in: list[str] = []

    async def handle_MAIL(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.drops:
            server.transport.close()  # type: ignore[union-attr]  # it is open
        if self.senders and address not in self.senders:
            return "550 5.7.60 Client does not have permissions to send as this sender"
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        if self.refuses:
            return self.refuses
        assert isinstance(envelope.content, bytes)
        self.mails.append((envelope.mail_from or "", envelope.rcpt_tos, envelope.content))
        return "250 2.0.0 kept as 42"

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        good = (data.login, data.password) == (b"hub", b"right")
        self.signed_in += ["hub"] * good
        return AuthResult(success=good, handled=False)


@contextlib.contextmanager
def listening(temper: Temper, *, tls: str = "none", **options: Any) -> Iterator[int]:
    """Listen on a free port of this machine, and return it."""
    context = certificate() if tls != "none" else None
    more = {"ssl_context": context} if tls == "tls" else {"tls_context": context} if tls == "starttls" else {}
    controller = Controller(
        temper, hostname="127.0.0.1", port=free_port(), authenticator=temper.authenticate, auth_require_tls=False,
        **more, **options,
    )  # fmt: skip
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@cache
def certificate() -> ssl.SSLContext:
    """Return a server's context with a certificate for localhost that nobody but `authority()` vouches for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority())
    return context


@cache
def authority() -> Path:
    """Return a file with a self-signed certificate for localhost and its key."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    file = Path(mkdtemp(prefix="mantel-tests-")) / "localhost.pem"
    bare = serialization.NoEncryption()
    file.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, bare) + made.public_bytes(pem))
    return file
