"""One SMTP conversation, kept open: what was handed over, and what the server said."""

from __future__ import annotations

import contextlib
import smtplib
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
    """What became of a mail: submitted; later (try again); failed (this address will not do); uncertain (cut off before the answer)."""

    kind: Literal["submitted", "later", "failed", "uncertain"]
    reply: str


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
            smtp = self._smtp or self._connect()
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

    def _connect(self) -> smtplib.SMTP:
        given = settings.SMTP
        kind = smtplib.SMTP_SSL if given["tls"] == "tls" else smtplib.SMTP
        smtp = kind(given["host"], given["port"], timeout=settings.SMTP_TIMEOUT)
        if given["tls"] == "starttls":
            smtp.starttls()
        if given["user"]:
            smtp.login(given["user"], given["password"])
        smtp.ehlo_or_helo_if_needed()
        self._smtp = smtp
        return smtp

    def _envelope(self, smtp: smtplib.SMTP, mail: Mail) -> Outcome | None:
        """Say from whom and to whom; return why not. A refused sender is the transport's trouble, not the recipient's."""
        code, reply = smtp.mail(mail.sender)
        if code != 250:
            return self._reset(smtp, "later", code, reply)
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
