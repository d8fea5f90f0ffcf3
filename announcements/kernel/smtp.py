"""One SMTP conversation, kept open: what was handed over, and what the server said."""

from __future__ import annotations

import contextlib
import math
import smtplib
import time
from dataclasses import replace
from types import TracebackType

from django.conf import settings

from announcements.kernel import envelopes, mail_servers, replies
from announcements.kernel.outcomes import Line, Mail, Outcome, Trouble

__all__ = ["Mail", "Outcome", "Transport"]

LATE = Outcome("later", "there was no time left for it", at="line")


class Transport(Line):
    """`with Transport(server) as transport:` connects on first use and again after a broken connection.

    Without a server it is the installation's. One that cannot be reached is not tried again: the mails behind would wait as long.
    `submit` hands a mail over by one. Who has several connections to a server does it in steps, so that none waits for another's answers:
    `ask`, `answer`, `tell`, `outcome`; these connections share what is the server's `trouble`.
    """

    def __init__(self, server: mail_servers.MailServer | None = None, trouble: Trouble | None = None) -> None:
        self._server, self._trouble = server or mail_servers.installation(), trouble or Trouble()
        self._smtp: mail_servers.Conversation | None = None
        self._fresh: mail_servers.Conversation | Exception | None = None
        self._mail, self._asked = Mail("", "", "", b""), (b"", b"", b"")
        # Whether a body is waited for, or may be, so that QUIT would be taken for one; whether QUIT was said.
        self._waits = self._left = False
        self._early: Outcome | None = None
        self._answered, self._until = False, math.inf
        self._then: tuple[Mail, envelopes.Envelope] | None = None
        self._ahead = False
        self._told_at = 0.0
        self._begun = self._taken = 0  # over this connection

    @property
    def is_open(self) -> bool:
        """Tell whether there is a connection."""
        return self._smtp is not None

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()
        if self._smtp and self._left:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._smtp.getreply()
        self.drop()

    def leave(self) -> None:
        """Say QUIT, and wait for no answer yet."""
        if self._smtp and not self._waits and not self._left:
            with contextlib.suppress(smtplib.SMTPException):
                _tell(self._smtp, b"QUIT\r\n")
                self._left = True

    @property
    def lacks_connection(self) -> bool:
        """Tell whether it has none, though another line has one to its server."""
        return self._trouble.open > 0 and not self._trouble.away and not self._smtp and not self._fresh

    def connect(self) -> None:
        """Make a connection ahead. It touches nothing that lines share."""
        try:
            self._fresh = mail_servers.connect(self._server, settings.SMTP_TIMEOUT)
        except Exception as problem:  # noqa: BLE001  whatever we stumble over at its door is a trouble of that server
            self._fresh = problem

    def connected(self) -> None:
        """Ask for the mail that was begun over what `connect` has made."""
        if isinstance(self._fresh, mail_servers.Conversation) and not self._early:
            with contextlib.suppress(smtplib.SMTPServerDisconnected):
                self._open()

    def ask(self, mail: Mail) -> None:
        """Say from whom and to whom, where a connection is open."""
        self._end_when_full()
        self._begin(mail, envelopes.envelope(mail))
        if self._smtp and not self._early and not self._trouble.away:
            with contextlib.suppress(smtplib.SMTPServerDisconnected):  # its answer will tell
                self._ask(self._smtp)

    def _begin(self, mail: Mail, envelope: envelopes.Envelope) -> None:
        self._mail, (self._asked, self._early), self._answered = mail, envelope, False

    def listen(self, until: float = math.inf) -> None:
        """Hear what is said over the connection that was kept, and end it where it has ended: over the next it is asked once more."""
        self._until = until
        if not self._smtp or self._answered or self._early or self._trouble.away or self._late:
            return
        try:
            refused = self._replies(self._smtp)
        except smtplib.SMTPServerDisconnected:
            self.drop()
            return
        except smtplib.SMTPException as problem:
            self.drop()
            refused = replies.broken(problem)
        if refused and refused.code == replies.CLOSING and self._trouble.is_full(self._taken, self._begun):
            self.drop()
            return
        self._early, self._answered = refused, True

    @property
    def _late(self) -> bool:
        return time.monotonic() >= self._until

    def answer(self) -> Outcome | None:
        """Return what stands in the way of a body; None when the server waits for one."""
        if self._trouble.away:
            self.drop()
            return self._trouble.away
        if not self._answered:
            self.listen(self._until)
        try:
            refused = self._early if self._early or self._answered else self._opened()
        except smtplib.SMTPException as problem:
            self.drop()
            refused = LATE if self._late else replies.broken(problem)
        self._waits = not refused
        return self._ended(refused) if refused else None

    def tell(self, then: Mail | None = None) -> None:
        """Send the body. What was cut off before its last byte left us is no mail (RFC 5321, 4.1.1.4); after it nobody knows.

        Where the server offers it, what comes then is asked for in the same go (RFC 2920, 3.1).
        """
        self._then, self._ahead = (then, envelopes.envelope(then)) if then else None, False
        more = b""
        if self._then and self._smtp and self._smtp.has_extn("pipelining") and self._begun < self._trouble.most:
            asked, hopeless = self._then[1]
            self._ahead, more = not hopeless, b"".join(asked)
            self._begun += self._ahead
        try:
            _tell(self._smtp, envelopes.body(self._mail), more)
        except smtplib.SMTPServerDisconnected as problem:
            self.drop()
            self._early = replies.broken(problem)
        self._told_at = time.monotonic()

    def outcome(self) -> Outcome:
        """Return what became of the mail whose body was sent."""
        try:
            if self._early or not self._smtp:
                return self._ended(self._early or Outcome("uncertain", "the connection was closed"))
            return self._ended(self._heard(self._smtp))
        finally:
            self._follow()

    def _follow(self) -> None:
        """Turn to the mail that comes then. Whatever happened: the one before must not be told again."""
        then, self._then = self._then, None
        if not self._ahead:
            self._end_when_full()
        if then and self._ahead and self._smtp:
            self._begin(*then)
        elif then:
            self.ask(then[0])

    def _end_when_full(self) -> None:
        """End a connection that has had its mails before its server does."""
        if self._begun >= self._trouble.most:
            self.leave()  # and wait for no answer: others would wait with us
            self.drop()

    def drop(self) -> None:
        """End the connection where it stands: a server keeps nothing of a body that has not ended."""
        if self._smtp:
            self._smtp.close()
            self._trouble.open -= 1
        if isinstance(self._fresh, mail_servers.Conversation):
            self._fresh.close()
        self._smtp = self._fresh = None
        self._waits = self._left = self._answered = False
        self._begun = self._taken = 0

    def _ended(self, outcome: Outcome) -> Outcome:
        if outcome.at == "line":
            return outcome
        outcome = self._trouble.counted(outcome)
        if outcome.away:
            self.drop()
        return outcome

    def _opened(self) -> Outcome | None:
        """Hear what is said to whom we asked over a new connection; nothing when there is no time left for it."""
        if self._late:
            self.drop()
            return LATE
        try:
            smtp = self._open()
        except _Unreached as problem:
            refused = replies.unreachable(problem.why)
            # It talks to us over another connection: it is here, and has enough of them.
            return replace(refused, at="line") if self._trouble.open else refused
        return self._replies(smtp)

    def _open(self) -> mail_servers.Conversation:
        """Take the connection that was made ahead, or connect now, and ask over it; raise _Unreached where there is none."""
        try:
            fresh, self._fresh = self._fresh or mail_servers.connect(self._server, settings.SMTP_TIMEOUT), None
        except Exception as problem:  # noqa: BLE001  as in `connect`
            fresh = problem
        if isinstance(fresh, Exception):
            raise _Unreached(fresh)
        self._smtp = fresh
        self._trouble.open += 1
        self._ask(fresh)
        return fresh

    def _ask(self, smtp: mail_servers.Conversation) -> None:
        """Ask in one go where the server offers it (RFC 2920), else one by one."""
        self._waits, self._begun = True, self._begun + 1
        _tell(smtp, b"".join(self._asked) if smtp.has_extn("pipelining") else self._asked[0])

    def _replies(self, smtp: mail_servers.Conversation) -> Outcome | None:
        """Return the first refusal."""
        smtp.ends = self._until
        if smtp.has_extn("pipelining"):
            return None if smtp.hears(replies.ALL_WELL) else self._together(smtp)
        for n, line in enumerate(self._asked):
            if n:
                _tell(smtp, line)
            if refused := replies.refusal(n, *smtp.getreply()):
                return self._reset(smtp, refused)
        return None

    def _together(self, smtp: mail_servers.Conversation) -> Outcome | None:
        """Return the first refusal of what was asked in one go."""
        first, code = None, 0
        for n in range(len(self._asked)):
            code, reply = smtp.getreply()
            first = first or replies.refusal(n, code, reply)
            if code == replies.CLOSING:
                break
        if first and code == replies.GO_ON:  # it waits for a body nevertheless, and gets none
            _tell(smtp, b".\r\n")
            smtp.getreply()
        return self._reset(smtp, first) if first else None

    def _reset(self, smtp: mail_servers.Conversation, refused: Outcome) -> Outcome:
        if refused.code != replies.CLOSING:
            with contextlib.suppress(smtplib.SMTPServerDisconnected):
                smtp.rset()
        return refused

    def _heard(self, smtp: mail_servers.Conversation) -> Outcome:
        try:
            # From when its body was sent, however long others were waited for.
            smtp.ends = self._told_at + smtp.patience
            code, reply = smtp.getreply()
        except smtplib.SMTPException as problem:
            self.drop()
            code, reply = smtp.begun()
            if not code:
                return Outcome("uncertain", replies.words(problem))
        self._waits = self._ahead and self.is_open
        if code == 250:
            self._taken += 1
            return Outcome("submitted", replies.said(code, reply), code=code)
        return replies.refused(code, reply, "mail")


class _Unreached(Exception):
    """There is no connection; `why` is what was in the way."""

    def __init__(self, why: Exception) -> None:
        self.why = why


def _tell(smtp: mail_servers.Conversation | None, data: bytes, more: bytes = b"") -> None:
    """Send it all; raise SMTPServerDisconnected when `data` was cut off. When `more` was, nothing will be answered to it."""
    if not smtp:
        raise smtplib.SMTPServerDisconnected("the connection was closed")
    whole = data + more if more else data
    try:
        sock, until = smtp.timed(smtp.patience), time.monotonic() + smtp.patience
        sent = sock.send(whole)
        if sent < len(data):
            smtp.timed(until - time.monotonic()).sendall(whole[sent : len(data)])
            sent = len(data)
    except OSError as problem:
        raise smtplib.SMTPServerDisconnected(str(problem)) from problem
    if sent < len(whole):
        with contextlib.suppress(OSError):
            smtp.timed(until - time.monotonic()).sendall(whole[sent:])
