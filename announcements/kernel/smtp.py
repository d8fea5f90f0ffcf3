"""One SMTP conversation, kept open: what was handed over, and what the server said."""

from __future__ import annotations

import contextlib
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

from django.conf import settings

from announcements.kernel import mail_servers


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
    """`with Transport(server) as transport:` connects on first use and again after a broken connection.

    Without a server it is the installation's. One that cannot be reached is not tried again: the mails behind would wait as long.
    """

    def __init__(self, server: mail_servers.MailServer | None = None) -> None:
        self._server = server or mail_servers.installation()
        self._smtp: smtplib.SMTP | None = None
        self._unreachable: Outcome | None = None

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
        if self._unreachable:
            return self._unreachable
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
        try:
            self._smtp = mail_servers.connect(self._server, settings.SMTP_TIMEOUT)
        except (smtplib.SMTPException, OSError) as problem:
            self._unreachable = Outcome("later", f"{type(problem).__name__}: {problem}", away=True)
            raise
        return self._smtp

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


class Transports:
    """`with Transports(find) as transports:` keeps one conversation for each company; `find` tells its own server, if it has one."""

    def __init__(self, find: Callable[[int], mail_servers.MailServer | None]) -> None:
        self._find, self._open, self._stack = find, dict[int, Transport](), contextlib.ExitStack()
        self._shared = self._stack.enter_context(Transport())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def of(self, workspace_id: int) -> Transport:
        """Return the conversation with a company's mail server; the installation's where it has none."""
        if workspace_id not in self._open:
            own = self._find(workspace_id)
            self._open[workspace_id] = self._stack.enter_context(Transport(own)) if own else self._shared
        return self._open[workspace_id]
