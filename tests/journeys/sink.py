"""A real SMTP server that keeps what it is given, and can be told to keep a client waiting."""

from __future__ import annotations

import asyncio
import email
import email.policy
import logging
import threading
from email.message import EmailMessage
from types import TracebackType
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.journeys.hub import free_port

logging.getLogger("mail.log").setLevel(logging.ERROR)


class Sink:
    """`with Sink() as sink:` listens on a free port; `sink.mails` are the messages, with `sink.recipients` beside them."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.waiting = threading.Event()
        self._open = threading.Event()
        self._open.set()
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._controller.server.sockets[0].getsockname()[1]}"  # type: ignore[union-attr]

    def hold(self) -> None:
        """From now on answer nobody's MAIL FROM until `release`."""
        self.waiting.clear()
        self._open.clear()

    def release(self) -> None:
        self._open.set()

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail, recipient in zip(self.mails, self.recipients, strict=True) if recipient == address]

    async def handle_MAIL(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        while not self._open.is_set():
            self.waiting.set()
            await asyncio.sleep(0.05)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        content = envelope.content
        assert isinstance(content, bytes)
        mail = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        for recipient in envelope.rcpt_tos:
            self.recipients.append(recipient)
            self.mails.append(mail)
        return "250 kept"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
        self._controller.stop()
