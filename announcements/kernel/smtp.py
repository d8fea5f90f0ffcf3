"""One SMTP conversation, kept open: what was handed over, and what the server said."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail, ready to go: `data` are its bytes with CRLF."""

    sender: str
    recipient: str
    message_id: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mail: submitted; later (try again); failed (this address will not do); uncertain (cut off before the answer).

    `away`: it is later because the server cannot be reached or takes nothing from us, whoever the mail is to.
    """

    kind: Literal["submitted", "later", "failed", "uncertain"]
    reply: str
    away: bool = False


class Transport:
    """`with Transport() as transport:` connects on first use and again after a broken connection."""

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._smtp:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()

    def submit(self, mail: Mail, on_body: Callable[[], bool]) -> Outcome:
        """Hand a mail over. `on_body` is called before its body goes out and may still say no."""
        try:
            smtp = self._greeted(mail.sender)
        except (smtplib.SMTPException, OSError, UnicodeError) as problem:
            self._drop()
            return Outcome("later", f"{type(problem).__name__}: {problem}", away=True)
        try:
            if refused := self._envelope(smtp, mail):
                return refused
        except (smtplib.SMTPException, OSError) as problem:
            self._drop()
            return Outcome("later", f"{type(problem).__name__}: {problem}")
        except UnicodeError:
            self._drop()
            return Outcome("failed", "the address has letters that no mail server is told")
        if not on_body():
            self._drop()
            return Outcome("later", "the lease was lost")
        return self._body(smtp, mail)

    def _greeted(self, sender: str) -> smtplib.SMTP:
        """Say from whom; once more on a new connection when the kept one has ended."""
        if self._smtp:
            try:
                return self._from(self._smtp, sender)
            except smtplib.SMTPServerDisconnected:
                self._drop()
        return self._from(self._connect(), sender)

    def _from(self, smtp: smtplib.SMTP, sender: str) -> smtplib.SMTP:
        code, reply = smtp.mail(sender)
        if code != 250:
            raise smtplib.SMTPSenderRefused(code, reply, sender)
        return smtp

    def _connect(self) -> smtplib.SMTP:
        given = settings.SMTP
        # smtplib alone would take any certificate.
        trusted = ssl.create_default_context() if given["tls"] else None
        where, wait = (given["host"], given["port"]), settings.SMTP_TIMEOUT
        smtp = (
            smtplib.SMTP_SSL(*where, timeout=wait, context=trusted)
            if given["tls"] == "tls"
            else smtplib.SMTP(*where, timeout=wait)
        )
        self._smtp = smtp
        if given["tls"] == "starttls":
            smtp.starttls(context=trusted)
        if given["user"]:
            smtp.login(given["user"], given["password"])
        smtp.ehlo_or_helo_if_needed()
        return smtp

    def _envelope(self, smtp: smtplib.SMTP, mail: Mail) -> Outcome | None:
        """Say to whom; return why not."""
        code, reply = smtp.rcpt(mail.recipient)
        if code not in (250, 251):
            return self._reset(smtp, "failed" if 500 <= code < 600 else "later", code, reply)
        code, reply = smtp.docmd("DATA")
        if code != 354:
            return self._reset(smtp, "failed" if 500 <= code < 600 else "later", code, reply)
        return None

    def _reset(self, smtp: smtplib.SMTP, kind: Literal["later", "failed"], code: int, reply: bytes) -> Outcome:
        if code == 421:
            self._drop()
        else:
            smtp.rset()
        return Outcome(kind, f"{code} {reply.decode('utf-8', 'replace')}")

    def _body(self, smtp: smtplib.SMTP, mail: Mail) -> Outcome:
        try:
            dotted = mail.data.replace(b"\r\n.", b"\r\n..")
            smtp.send(dotted + (b"" if dotted.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            code, reply = smtp.getreply()
        except (smtplib.SMTPException, OSError) as problem:
            self._drop()
            return Outcome("uncertain", f"{type(problem).__name__}: {problem}")
        said = f"{code} {reply.decode('utf-8', 'replace')}"
        if code == 250:
            return Outcome("submitted", said)
        return Outcome("failed" if 500 <= code < 600 else "later", said)

    def _drop(self) -> None:
        if self._smtp:
            self._smtp.close()
            self._smtp = None
