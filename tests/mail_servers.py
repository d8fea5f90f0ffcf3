"""Real SMTP servers for tests, each with a temper of its own."""

from __future__ import annotations

import contextlib
import logging
import socket
import socketserver
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Self

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


OK = {"MAIL": "250 2.1.0 ok", "RCPT": "250 2.1.5 ok", "DATA": "354 go on", "BODY": "250 2.0.0 kept", "RSET": "250 ok"}
CUT = "cut"


class Scripted:
    """An SMTP server of which each test says what it answers: `answers(verb, recipient, n)` returns a line, CUT, or None for yes.

    The verbs are BANNER, AUTH, MAIL, RCPT, DATA, HALF (in the middle of a body: CUT or nothing) and BODY (after the final dot); `n` counts how often the verb was heard. `mails`
    are the recipients of what it took, with their bytes: it dawdles that many seconds before it says so; `heard` what each connection said, in the chunks
    it came in. While it is `slow` it says a byte in that many seconds.
    """

    def __init__(
        self,
        answers: Callable[[str, str, int], str | None] = lambda *_asked: None,
        *,
        offers: str = "",
        dawdle: float = 0,
        at: str = "127.0.0.1",
    ) -> None:
        self.answers, self.offers, self.dawdle, self.slow = answers, offers, dawdle, 0.0
        self.mails: list[tuple[str, bytes]] = []
        self.heard: list[list[bytes]] = []
        self.counts: Counter[str] = Counter()
        scripted = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    _Talk(scripted, self.request).run()

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = allow_reuse_address = True

        self._server = Server((at, 0), Handler)
        self.url = f"smtp://{at}:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_problem: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Talk:
    """One connection to a scripted server."""

    def __init__(self, server: Scripted, line: socket.socket) -> None:
        self.server, self.line, self.said, self.chunks = server, line, b"", list[bytes]()
        self.recipient = ""
        server.heard.append(self.chunks)

    def run(self) -> None:
        if not self.answer("BANNER", "220 scripted"):
            return
        while words := self.until(b"\r\n"):
            verb = words[:4].decode().upper()
            if verb == "QUIT":
                self.line.sendall(b"221 bye\r\n")
                return
            if verb in ("EHLO", "HELO"):
                offers = "".join(f"250-{word}\r\n" for word in self.server.offers.split())
                self.line.sendall(f"250-scripted\r\n{offers}250 ok\r\n".encode())
                continue
            if verb == "RCPT":
                self.recipient = words.partition(b"<")[2].partition(b">")[0].decode()
            if not self.answer(verb, OK.get(verb, "502 what?")):
                return

    def answer(self, verb: str, usual: str) -> bool:
        """Say what the test wants; tell whether the line is still open."""
        self.server.counts[verb] += 1
        said = self.server.answers(verb, self.recipient, self.server.counts[verb]) or usual
        if said == CUT:
            return False
        self.tell(said)
        if verb == "DATA" and said.startswith("354"):
            return self.body()
        return not said.startswith("421") and not (verb == "BANNER" and said.startswith("5"))

    def tell(self, line: str) -> None:
        """Say a line, byte by byte when the server is slow."""
        data = f"{line}\r\n".encode()
        for piece in [data[n : n + 1] for n in range(len(data))] if self.server.slow else [data]:
            self.line.sendall(piece)
            time.sleep(self.server.slow)

    def body(self) -> bool:
        self.said = b"\r\n" + self.said
        self.server.counts["HALF"] += 1
        if self.server.answers("HALF", self.recipient, self.server.counts["HALF"]) == CUT:
            self.line.recv(100)
            return False
        data = self.until(b"\r\n.\r\n")
        if not data:
            # An empty one is what follows when a recipient was refused: there is nobody to keep it for.
            self.line.sendall(b"554 5.5.1 no valid recipients\r\n")
            return True
        data = data[2:]
        recipient, n = self.recipient, self.server.counts["BODY"] + 1
        answer = self.server.answers("BODY", recipient, n)
        if (
            answer is None or answer == CUT or answer.startswith("250")
        ):  # cut off after the dot: it has it, and nobody learns so
            self.server.mails.append((recipient, data))
        self.server.counts["BODY"] += 1
        if answer == CUT:
            return False
        time.sleep(self.server.dawdle)
        self.tell(answer or OK["BODY"])
        return not (answer or "").startswith("421")

    def until(self, end: bytes) -> bytes:
        """Return what came up to `end`; raise OSError when the line was closed."""
        while end not in self.said:
            chunk = self.line.recv(65536)
            if not chunk:
                raise ConnectionResetError
            self.chunks.append(chunk)
            self.said += chunk
        found, _end, self.said = self.said.partition(end)
        return found
