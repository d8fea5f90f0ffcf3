"""Handing mail over by a provider's own interface, through anymail: in the same steps as an SMTP conversation, with the same outcomes."""

from __future__ import annotations

import contextlib
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import requests
from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from urllib3.exceptions import NameResolutionError, NewConnectionError

from announcements.kernel import outcomes, replies
from announcements.kernel.outcomes import Mail, Outcome, Trouble

KEY = "X-Mantel-Mail"
# What anymail says itself, and what tells a provider's SMTP server what its interface is told as metadata.
OURS = frozenset({"from", "to", "subject", "reply-to", "date", "mime-version", "content-type", "content-transfer-encoding", KEY.lower(),
                  "x-metadata", "x-mailin-custom", "x-mailgun-variables", "x-pm-metadata-mantel", "x-smtpapi"})  # fmt: skip
# They take the same mail with the same key once, however often it is handed over (as a header of the request, or of the mail).
ONCE = ("resend", "brevo")
TAKEN = frozenset({"sent", "queued"})
REFUSED_US, NOT_NOW = (401, 403), (429, 503)


class Line(outcomes.Line):
    """`with Line() as line:` keeps one connection to the provider; see `smtp.Transport` for the steps."""

    def __init__(self, trouble: Trouble | None = None) -> None:
        self._trouble, self._mail, self._outcome = trouble or Trouble(), cast(Mail, None), cast(Outcome, None)
        self._then: Mail | None = None
        self._backend: Any = get_connection(settings.MAIL_BACKEND)

    @property
    def is_open(self) -> bool:
        """Tell whether there is a connection; a provider has as many as are asked for."""
        return True

    @property
    def lacks_connection(self) -> bool:
        """Tell whether a connection is to be made ahead: a provider's interface makes its own."""
        return False

    def connect(self) -> None:
        """Do nothing."""

    def connected(self) -> None:
        """Do nothing."""

    def leave(self) -> None:
        """Do nothing: a request has ended with its answer."""

    def ask(self, mail: Mail) -> None:
        """Remember to whom the next mail goes: a provider is told all at once."""
        self._mail, self._outcome = mail, Outcome("uncertain", "it broke off")

    def listen(self, until: float) -> None:
        """Do nothing: there is nothing to wait for."""

    def answer(self) -> Outcome | None:
        """Return what stands in the way: a provider that is away."""
        return self._trouble.away

    def tell(self, then: Mail | None = None) -> None:
        """Hand the mail over, and remember the next. Where the same is taken once, and nobody knows whether it was, it is handed over a second time."""
        self._then = then
        message = _message(self._mail)
        outcome = self._sent(message)
        if outcome.kind == "uncertain" and settings.MAIL_BACKEND.split(".")[-2] in ONCE:
            self.drop()
            outcome = self._sent(message)
        self._outcome = self._trouble.counted(outcome)

    def outcome(self) -> Outcome:
        """Return what became of the mail that was handed over."""
        said, then, self._then = self._outcome, self._then, None
        if then:
            self.ask(then)
        return said

    def drop(self) -> None:
        """End the connection."""
        with contextlib.suppress(OSError):
            self._backend.close()

    def _sent(self, message: Any) -> Outcome:
        answered: list[int] = []
        try:
            self._backend.open()
            if session := getattr(self._backend, "session", None):
                session.headers["Idempotency-Key"] = message.metadata["mantel"]
                session.hooks["response"] = [lambda response, **_more: answered.append(response.status_code)]
            self._backend.send_messages([message])
        except AnymailRecipientsRefused as problem:
            invalid = "invalid" in (message.anymail_status.status or ())
            return Outcome("failed", replies.words(problem), at="recipient", code=550 if invalid else 554)
        except (AnymailError, requests.RequestException) as problem:
            return _outcome(problem, answered)
        said = message.anymail_status
        if said.status and said.status <= TAKEN:
            return Outcome("submitted", replies.said(250, str(said.message_id or "").encode()), code=250)
        return Outcome("uncertain", f"the provider says {', '.join(sorted(said.status or ['nothing']))}")


def _message(mail: Mail) -> EmailMultiAlternatives:
    """Return what the bytes of a mail say, taken apart as a provider wants it."""
    said = message_from_bytes(mail.data, policy=policy.default)
    text, html = said.get_body(("plain",)), said.get_body(("html",))
    message = EmailMultiAlternatives(
        subject=str(said["Subject"]), body=_content(text), from_email=str(said["From"]), to=[str(said["To"] or mail.recipient)],
        reply_to=[str(said["Reply-To"])] if said["Reply-To"] else None,
        headers={name: " ".join(str(value).split()) for name, value in said.items() if name.lower() not in OURS},
    )  # fmt: skip
    if html:
        message.attach_alternative(_content(html), "text/html")
    for part in said.walk():
        if part.get_content_maintype() == "image":
            message.attach(_inline(part))
    message.metadata = {"mantel": str(said[KEY] or "")}  # type: ignore[attr-defined]  # anymail's
    if said[KEY] and "brevo" in settings.MAIL_BACKEND:
        message.extra_headers["idempotencyKey"] = str(said[KEY])
    return message


def _content(part: Any) -> str:
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def _inline(part: EmailMessage) -> Any:
    from email.mime.image import MIMEImage

    image = MIMEImage(cast(bytes, part.get_payload(decode=True)), part.get_content_subtype())
    for name in ("Content-ID", "Content-Disposition"):
        if part[name]:
            image[name] = str(part[name])
    return image


def _outcome(problem: Exception, answered: list[int]) -> Outcome:
    """Say what went wrong means: nobody knows what became of a mail that a provider broke down over, or did not answer in time."""
    said, status = replies.words(problem), answered[-1] if answered else 0
    if status in REFUSED_US:
        return Outcome("later", said, at="server", code=535)
    if status in NOT_NOW or _unreached(problem):
        return Outcome("later", said, at="server", code=451)
    if 400 <= status < 500 or not (answered or isinstance(problem, requests.RequestException)):
        return Outcome("failed", said, code=554)
    return Outcome("uncertain", said)


def _unreached(problem: Exception) -> bool:
    """Tell whether there was no connection, so that nothing can have been taken."""
    cause = problem.__cause__ or problem
    reason = getattr(cause.args[0], "reason", None) if cause.args else None
    return isinstance(problem, requests.ConnectTimeout) or isinstance(reason, (NewConnectionError, NameResolutionError))
