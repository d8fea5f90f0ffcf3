"""Trying a mail server: one real mail, step by step, with the server's own words and what they probably mean."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, make_msgid
from typing import Literal

from django.utils.translation import gettext as _

from announcements.kernel import mail_servers, text
from announcements.kernel.mail_servers import MailServer

Step = Literal["connected", "encrypted", "signed_in", "accepted"]


@dataclass(frozen=True, slots=True)
class TrialStep:
    """How far it got, and what the server said there, word for word."""

    name: Step
    ok: bool
    said: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of it. `cause` and `advice` are for people, and empty when all went well."""

    ok: bool
    steps: tuple[TrialStep, ...]
    cause: str
    advice: str
    seconds: float


@dataclass(slots=True)
class _Log:
    steps: list[TrialStep] = field(default_factory=list)

    def step(self, name: Step, work: Callable[[], str]) -> None:
        """Do a step and keep what was said; a refusal is kept and passed on."""
        try:
            self.steps.append(TrialStep(name, ok=True, said=_plain(work())))
        except (OSError, smtplib.SMTPException) as problem:
            self.steps.append(TrialStep(name, ok=False, said=_plain(_words(problem))))
            raise


def attempt(server: MailServer, *, recipient: str, company: str, timeout: float, now: datetime) -> Trial:
    """Hand one mail over and return what happened. Each answer is waited for at most `timeout` seconds."""
    log, began = _Log(), time.monotonic()
    cause = advice = ""
    try:
        _converse(server, _letter(server, recipient, company, now), recipient, timeout, log)
    except (OSError, smtplib.SMTPException) as problem:
        cause, advice = _likely(problem, log.steps[-1].name, server)
    seconds = round(time.monotonic() - began, 2)
    return Trial(ok=not cause, steps=tuple(log.steps), cause=cause, advice=advice, seconds=seconds)


def _converse(server: MailServer, letter: bytes, recipient: str, timeout: float, log: _Log) -> None:
    held: list[mail_servers.Conversation] = []

    def connect() -> str:
        held.append(mail_servers.reach(server, timeout))
        return _reply(*held[0].greeting)

    def secure() -> str:
        mail_servers.secure(held[0], server)
        return _cipher(held[0])

    def sign_in() -> str:
        mail_servers.sign_in(held[0], server)
        return server.user

    try:
        log.step("connected", connect)
        log.step("encrypted", secure)
        if server.user:
            log.step("signed_in", sign_in)
        log.step("accepted", lambda: _hand_over(held[0], server.sender, recipient, letter))
    finally:
        for smtp in held:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                smtp.quit()
            smtp.close()


def _hand_over(smtp: smtplib.SMTP, sender: str, recipient: str, letter: bytes) -> str:
    code, said = smtp.mail(sender)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, said, sender)
    code, said = smtp.rcpt(recipient)
    if code not in (250, 251):
        raise smtplib.SMTPRecipientsRefused({recipient: (code, said)})
    code, said = smtp.data(letter)
    if code != 250:
        raise smtplib.SMTPDataError(code, said)
    return _reply(code, said)


def _letter(server: MailServer, recipient: str, company: str, now: datetime) -> bytes:
    mail = EmailMessage()
    mail["From"] = formataddr((text.one_line(company), server.sender))
    mail["To"] = recipient
    mail["Subject"] = _("Mantel can send mail")
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain=server.sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_("You asked Mantel to try its mail server. This is the mail it sent: it works."))
    return mail.as_bytes(policy=SMTP)


# -- the server's own words --------------------------------------------------------------------------------------------


def _reply(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"


def _plain(said: str) -> str:
    return "\n".join(text.one_line(line) for line in said.splitlines())[:1000]


def _words(problem: Exception) -> str:
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return "\n".join(_reply(*refused) for refused in problem.recipients.values())
    if isinstance(problem, smtplib.SMTPResponseException):
        return _reply(problem.smtp_code, problem.smtp_error)
    return str(problem) or type(problem).__name__


def _cipher(smtp: smtplib.SMTP) -> str:
    if isinstance(smtp.sock, ssl.SSLSocket):
        return str(smtp.sock.version()).replace("TLSv", "TLS ")
    return _("not encrypted")


# -- what they probably mean -------------------------------------------------------------------------------------------


def _likely(problem: Exception, step: Step, server: MailServer) -> tuple[str, str]:
    """Return the likely cause, and what to do."""
    if isinstance(problem, mail_servers.Unreachable):
        return str(problem), _("Correct it, save, and try again.")
    if isinstance(problem, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
        return _refused(problem, step)
    for kind, likely in _LIKELY:
        if isinstance(problem, kind):
            return likely(problem, server)
    return _("The connection broke."), _("Check server and port. A firewall between us and the server may cut it off.")


def _refused(problem: Exception, step: Step) -> tuple[str, str]:
    code = problem.smtp_code if isinstance(problem, smtplib.SMTPResponseException) else 550
    if 400 <= code < 500:
        return _("The server is busy, or wants to know us better first."), _("Wait a few minutes and try again.")
    if step == "signed_in":
        return (
            _("User or password are wrong, or the account may not send by SMTP."),
            _(
                "Check both. With two-step sign-in you need an app password; in Microsoft 365 SMTP sign-in must be allowed."
            ),
        )
    if isinstance(problem, smtplib.SMTPSenderRefused):
        return (
            _("The server does not let this account send from this address."),
            _("Use a sender that belongs to the account, or let the server's administrator allow it."),
        )
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return (
            _("The server does not pass mail on to your address."),
            _("It may want a user and password, or only deliver inside its own domain. Ask its administrator."),
        )
    return _("The server refused the mail."), _("Its own words say why. Ask its administrator if they do not help.")


def _certificate(problem: Exception, server: MailServer) -> tuple[str, str]:
    reason = getattr(problem, "verify_message", "")
    return (
        _("The server's certificate cannot be trusted: %(reason)s.") % {"reason": reason},
        _(
            "Use the very name that stands in the certificate, and one from a known authority (a self-signed one will not do)."
        ),
    )


_LIKELY: list[tuple[type[Exception] | tuple[type[Exception], ...], Callable[[Exception, MailServer], tuple[str, str]]]] = [
    (socket.gaierror, lambda _problem, server: (
        _("There is no server named %(host)s.") % {"host": server.host}, _("Check the name for a typing mistake."))),
    (ssl.SSLCertVerificationError, _certificate),
    (ssl.SSLError, lambda _problem, _server: (
        _("The server does not speak TLS from the first word on this port."), _("Choose STARTTLS, or the server's TLS port (usually 465)."))),
    (TimeoutError, lambda _problem, server: (
        _("Nothing answered in time."), _("Check server and port %(port)d. A firewall may drop the connection.") % {"port": server.port})),
    (ConnectionRefusedError, lambda _problem, server: (
        _("Nothing listens on port %(port)d there.") % {"port": server.port}, _("Check the port: usually 587 with STARTTLS, 465 with TLS."))),
    (smtplib.SMTPNotSupportedError, lambda _problem, _server: (
        _("The server does not offer what was asked for."), _("Choose another kind of encryption, or leave the user empty if it needs none."))),
    (smtplib.SMTPServerDisconnected, lambda _problem, server: (
        _("The server hung up."), _("It may not want us, or expects another kind of encryption on port %(port)d.") % {"port": server.port})),
]  # fmt: skip
