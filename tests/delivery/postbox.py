"""A mail server that keeps what it is given, and can be told to refuse somebody or to hang up on them."""

from __future__ import annotations

from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.journeys.sink import Sink


class Postbox(Sink):
    """`refusals` holds what to answer an address at RCPT, `data_refusals` what to answer the next bodies.

    Whoever is in `hang_up` is cut off after the body of their mail. A body that was refused is in `refused`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.refusals: dict[str, str] = {}
        self.data_refusals: list[str] = []
        self.refused: list[EmailMessage] = []
        self.hang_up: set[str] = set()
        self.senders: list[str] = []  # beside each mail

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def empty(self) -> None:
        self.mails.clear()
        self.recipients.clear()
        self.senders.clear()
        self.refusals.clear()
        self.data_refusals.clear()
        self.refused.clear()
        self.hang_up.clear()

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        said = await super().handle_DATA(server, session, envelope)
        self.senders.append(envelope.mail_from or "")
        if self.hang_up.intersection(envelope.rcpt_tos):
            assert server.transport
            server.transport.abort()  # type: ignore[attr-defined]  # a TCP transport has it
        if self.data_refusals:
            self.recipients.pop()
            self.senders.pop()
            self.refused.append(self.mails.pop())
            return self.data_refusals.pop(0)
        return said
