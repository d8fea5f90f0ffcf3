"""One SMTP conversation, kept open: what was handed over, and what the server said."""

from __future__ import annotations

import contextlib
import re
import smtplib
import time
from dataclasses import replace
from types import TracebackType

from django.conf import settings

from announcements.kernel import mail_servers
from announcements.kernel.outcomes import Line, Mail, Outcome, Trouble

__all__ = ["Mail", "Outcome", "Transport"]

CLOSING = 421
GO_ON = 354
# Seconds for an answer that others were waited for before: it has had its time, and may be here.
MOMENT = 1.0
# An address of nothing but letters that need no looking at.
PLAIN = re.compile(r"[A-Za-z0-9.+_=-]+@[A-Za-z0-9.-]+")


class Transport(Line):
    """`with Transport(server) as transport:` connects on first use and again after a broken connection.

    Without a server it is the installation's. One that cannot be reached is not tried again: the mails behind would wait as long.
    `submit` hands a mail over by one. Who has several connections to a server does it in steps, so that none waits for another's answers:
    `ask`, `answer`, `tell`, `outcome`; these connections share what is the server's `trouble`.
    """

    def __init__(self, server: mail_servers.MailServer | None = None, trouble: Trouble | None = None) -> None:
        self._server, self._trouble = server or mail_servers.installation(), trouble or Trouble()
        self._smtp: smtplib.SMTP | None = None
        self._asked, self._waits = (b"", b"", b"DATA\r\n"), False
        self._early: Outcome | None = None
        self._told_at = 0.0

    @property
    def is_open(self) -> bool:
        """Tell whether there is a connection."""
        return self._smtp is not None

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._smtp and not self._waits:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
        self.drop()

    def ask(self, mail: Mail) -> None:
        """Say from whom and to whom, where a connection is open."""
        self._early = None
        try:
            self._asked = (_path("MAIL FROM", mail.sender), _path("RCPT TO", mail.recipient), b"DATA\r\n")
        except UnicodeError:
            self._early = Outcome("failed", "the address has letters that no mail server is told", at="recipient")
        if self._smtp and not self._early and not self._trouble.away:
            with contextlib.suppress(smtplib.SMTPServerDisconnected):  # its answer will tell
                self._ask(self._smtp)

    def answer(self) -> Outcome | None:
        """Return what stands in the way of a body; None when the server waits for one."""
        if self._trouble.away:
            self.drop()
            return self._trouble.away
        try:
            refused = self._early or self._opened()
        except smtplib.SMTPException as problem:
            self.drop()
            refused = _broken(problem)
        self._waits = not refused
        return self._ended(refused) if refused else None

    def tell(self, data: bytes) -> None:
        """Send the body. What was cut off before its last byte left us is no mail (RFC 5321, 4.1.1.4); after it nobody knows."""
        if b"\r\n." in data:
            data = data.replace(b"\r\n.", b"\r\n..")
        dot = b"." if data.startswith(b".") else b""
        end = b".\r\n" if data.endswith(b"\r\n") else b"\r\n.\r\n"
        try:
            _tell(self._smtp, b"".join((dot, data, end)))
        except smtplib.SMTPServerDisconnected as problem:
            self.drop()
            self._early = _broken(problem)
        self._told_at = time.monotonic()

    def outcome(self) -> Outcome:
        """Return what became of the mail whose body was sent."""
        if self._early or not self._smtp:
            return self._ended(self._early or Outcome("uncertain", "the connection was closed"))
        return self._ended(self._heard(self._smtp))

    def drop(self) -> None:
        """End the connection where it stands: a server keeps nothing of a body that has not ended."""
        if self._smtp:
            self._smtp.close()
            self._trouble.open -= 1
        self._smtp, self._waits = None, False

    def _ended(self, outcome: Outcome) -> Outcome:
        if outcome.at == "line":
            return outcome
        outcome = self._trouble.counted(outcome)
        if outcome.away:
            self.drop()
        return outcome

    def _opened(self) -> Outcome | None:
        """Hear what is said to whom we asked; once more on a new connection when the kept one has ended."""
        if self._smtp:
            with contextlib.suppress(smtplib.SMTPServerDisconnected):
                refused = self._replies(self._smtp)
                # So many mails on one connection, it says, and no more: that is nothing against the next connection.
                if not refused or refused.code != CLOSING:
                    return refused
            self.drop()
        try:
            self._smtp = mail_servers.connect(self._server, settings.SMTP_TIMEOUT)
        except (smtplib.SMTPException, OSError, UnicodeError) as problem:
            refused = _unreachable(problem)
            # It talks to us over another connection: it is here, and has enough of them.
            return replace(refused, at="line") if self._trouble.open else refused
        self._trouble.open += 1
        self._ask(self._smtp)
        return self._replies(self._smtp)

    def _ask(self, smtp: smtplib.SMTP) -> None:
        """Ask in one go where the server offers it (RFC 2920), else one by one."""
        _tell(smtp, b"".join(self._asked) if smtp.has_extn("pipelining") else self._asked[0])

    def _replies(self, smtp: smtplib.SMTP) -> Outcome | None:
        """Return the first refusal."""
        if not smtp.has_extn("pipelining"):
            for n, line in enumerate(self._asked):
                if n:
                    _tell(smtp, line)
                if refused := _refusal(n, *smtp.getreply()):
                    return self._reset(smtp, refused)
            return None
        replies: list[tuple[int, bytes]] = []
        while len(replies) < len(self._asked) and (not replies or replies[-1][0] != CLOSING):
            replies.append(smtp.getreply())
        refusals = [refused for n, reply in enumerate(replies) if (refused := _refusal(n, *reply))]
        if refusals and replies[-1][0] == GO_ON:  # it waits for a body nevertheless, and gets none
            _tell(smtp, b".\r\n")
            smtp.getreply()
        return self._reset(smtp, refusals[0]) if refusals else None

    def _reset(self, smtp: smtplib.SMTP, refused: Outcome) -> Outcome:
        if refused.code != CLOSING:
            with contextlib.suppress(smtplib.SMTPServerDisconnected):
                smtp.rset()
        return refused

    def _heard(self, smtp: smtplib.SMTP) -> Outcome:
        try:
            # From when its body was sent, however long others were waited for.
            _patient(smtp, max(MOMENT, self._told_at + settings.SMTP_TIMEOUT - time.monotonic()))
            code, reply = smtp.getreply()
            _patient(smtp, settings.SMTP_TIMEOUT)
        except smtplib.SMTPException as problem:
            self.drop()
            return Outcome("uncertain", _words(problem))
        self._waits = False
        if code == 250:
            return Outcome("submitted", _said(code, reply), code=code)
        return _refused(code, reply, "mail")


def _path(verb: str, address: str) -> bytes:
    said = f"<{address}>" if PLAIN.fullmatch(address) else smtplib.quoteaddr("".join(address.splitlines()))
    return f"{verb}:{said}\r\n".encode("ascii")


def _patient(smtp: smtplib.SMTP, seconds: float) -> None:
    if smtp.sock:
        smtp.sock.settimeout(seconds)


def _tell(smtp: smtplib.SMTP | None, data: bytes) -> None:
    if not smtp or not smtp.sock:
        raise smtplib.SMTPServerDisconnected("the connection was closed")
    try:
        smtp.sock.sendall(data)
    except OSError as problem:
        raise smtplib.SMTPServerDisconnected(str(problem)) from problem


def _refusal(n: int, code: int, reply: bytes) -> Outcome | None:
    """Return what a reply to MAIL, RCPT or DATA stands in the way with."""
    if code in ((250,), (250, 251), (GO_ON,))[n]:
        return None
    return _refused(code, reply, ("server", "recipient", "mail")[n])


def _refused(code: int, reply: bytes, at: str) -> Outcome:
    """Say whose trouble it is: a server that closes the connection refuses nobody in particular."""
    blamed = "server" if code == CLOSING else at
    for_good = 500 <= code < 600 and blamed != "server"
    return Outcome("failed" if for_good else "later", _said(code, reply), blamed, code)  # type: ignore[arg-type]  # one of the three


def _unreachable(problem: Exception) -> Outcome:
    code = problem.smtp_code if isinstance(problem, smtplib.SMTPResponseException) else 0
    return Outcome("later", _words(problem), at="server", code=code)


def _broken(problem: Exception) -> Outcome:
    """Say what a connection that broke in the middle means: silence is the server's, hanging up may be about this mail."""
    silent = isinstance(problem.__context__, TimeoutError)
    return Outcome("later", _words(problem), at="server" if silent else "mail")


def _words(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}"


def _said(code: int, reply: bytes) -> str:
    return f"{code} {reply.decode('utf-8', 'replace')}"
