"""One SMTP conversation, kept open: what was handed over, and what the server said."""

from __future__ import annotations

import contextlib
import re
import smtplib
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Literal, Self

from django.conf import settings

from announcements.kernel import mail_servers

CLOSING = 421
GO_ON = 354
# After so many in a row it is the server that does not want us, and not those people: lost connections, and "not now".
MOST_LOST, MOST_PUT_OFF = 5, 50
# RFC 3463: what the second number of a 5.x.y reply blames.
ABOUT_ADDRESS, ABOUT_MAILBOX = "1", "2"
ENHANCED = re.compile(r"5\d\d 5\.(\d{1,3})\.(\d{1,3})\b")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail, ready to go: `data` are its bytes with CRLF."""

    sender: str
    recipient: str
    message_id: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mail: submitted; later (try again); failed (refused for good); uncertain (cut off before the answer).

    `at` tells whose trouble it is: the server's (it cannot be reached, or takes nothing from us, whoever the mail is to), the
    recipient's, or the mail's own. `code` is the server's, 0 when it said nothing.
    """

    kind: Literal["submitted", "later", "failed", "uncertain"]
    reply: str
    at: Literal["server", "recipient", "mail"] = "mail"
    code: int = 0

    @property
    def away(self) -> bool:
        """Tell whether every mail would have met with the same."""
        return self.at == "server"

    @property
    def refuses_us(self) -> bool:
        """Tell whether the server takes nothing from us for good: a wrong password, a sender that is not ours."""
        return self.away and 500 <= self.code < 600

    @property
    def no_such_address(self) -> bool:
        """Tell whether the server says that the address does not exist; a full mailbox or a policy is another matter."""
        if self.kind != "failed" or self.at != "recipient":
            return False
        if enhanced := ENHANCED.match(self.reply):
            subject, detail = enhanced.groups()
            return subject == ABOUT_ADDRESS or (subject, detail) == (ABOUT_MAILBOX, "1")
        return self.code in (550, 551, 553)


class Transport:
    """`with Transport(server) as transport:` connects on first use and again after a broken connection.

    Without a server it is the installation's. One that cannot be reached is not tried again: the mails behind would wait as long.
    """

    def __init__(self, server: mail_servers.MailServer | None = None) -> None:
        self._server = server or mail_servers.installation()
        self._smtp: smtplib.SMTP | None = None
        self._away: Outcome | None = None
        self._lost = self._put_off = 0

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
        if self._away:
            return self._away
        outcome = self._counted(self._submit(mail, on_body))
        if outcome.away:
            self._drop()
            self._away = outcome
        return outcome

    def _counted(self, outcome: Outcome) -> Outcome:
        """Return the server's trouble for what looked like one mail's, when it has been everybody's for a while."""
        later = outcome.kind == "later"
        self._lost = self._lost + 1 if later and not outcome.code else 0
        self._put_off = self._put_off + 1 if later else 0
        if self._lost < MOST_LOST and self._put_off < MOST_PUT_OFF:
            return outcome
        return replace(outcome, at="server")

    def _submit(self, mail: Mail, on_body: Callable[[], bool]) -> Outcome:
        try:
            sender, recipient = _path("MAIL FROM", mail.sender), _path("RCPT TO", mail.recipient)
        except UnicodeError:
            return Outcome("failed", "the address has letters that no mail server is told", at="recipient")
        try:
            waiting = self._open(sender, recipient)
        except smtplib.SMTPException as problem:
            self._drop()
            return _broken(problem)
        if isinstance(waiting, Outcome):
            return waiting
        if not on_body():
            self._drop()
            return Outcome("later", "the lease was lost")
        return self._body(waiting, mail.data)

    def _open(self, sender: bytes, recipient: bytes) -> smtplib.SMTP | Outcome:
        """Say from whom and to whom; once more on a new connection when the kept one has ended. Return what waits for a body now."""
        if kept := self._smtp:
            with contextlib.suppress(smtplib.SMTPServerDisconnected):
                refused = self._envelope(kept, sender, recipient)
                # So many mails on one connection, it says, and no more: that is nothing against the next connection.
                if not refused or refused.code != CLOSING:
                    return refused or kept
            self._drop()
        try:
            self._smtp = mail_servers.connect(self._server, settings.SMTP_TIMEOUT)
        except (smtplib.SMTPException, OSError, UnicodeError) as problem:
            return _unreachable(problem)
        return self._envelope(self._smtp, sender, recipient) or self._smtp

    def _envelope(self, smtp: smtplib.SMTP, sender: bytes, recipient: bytes) -> Outcome | None:
        """Ask in one go where the server offers it (RFC 2920), else one by one; return the first refusal."""
        asked = (sender, recipient, b"DATA\r\n")
        if not smtp.has_extn("pipelining"):
            for n, line in enumerate(asked):
                _tell(smtp, line)
                if refused := _refusal(n, *smtp.getreply()):
                    return self._reset(smtp, refused)
            return None
        _tell(smtp, b"".join(asked))
        replies: list[tuple[int, bytes]] = []
        while len(replies) < len(asked) and (not replies or replies[-1][0] != CLOSING):
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

    def _body(self, smtp: smtplib.SMTP, data: bytes) -> Outcome:
        """Send the body. What was cut off before its last byte left us is no mail (RFC 5321, 4.1.1.4); after it nobody knows."""
        dotted = data.replace(b"\r\n.", b"\r\n..")
        dotted = b"." + dotted if dotted.startswith(b".") else dotted
        try:
            _tell(smtp, dotted + (b"" if dotted.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        except smtplib.SMTPServerDisconnected as problem:
            self._drop()
            return _broken(problem)
        try:
            code, reply = smtp.getreply()
        except smtplib.SMTPException as problem:
            self._drop()
            return Outcome("uncertain", _words(problem))
        if code == 250:
            return Outcome("submitted", _said(code, reply), code=code)
        return _refused(code, reply, "mail")

    def _drop(self) -> None:
        if self._smtp:
            self._smtp.close()
            self._smtp = None


def _path(verb: str, address: str) -> bytes:
    return f"{verb}:{smtplib.quoteaddr(''.join(address.splitlines()))}\r\n".encode("ascii")


def _tell(smtp: smtplib.SMTP, data: bytes) -> None:
    if not smtp.sock:
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
