"""Reports as mail servers and providers write them about a mail (RFC 3464, RFC 5965)."""

from __future__ import annotations

from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from itertools import count

NUMBERS = count(1)


def bounce(
    mail: EmailMessage,
    *,
    to: str = "mantel@localhost",
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "smtp; 550 5.1.1 No such mailbox",
    whole: bool = True,
) -> bytes:
    """Return a server's report that it could not, or could, deliver a mail; it quotes all of it, or its headers alone."""
    report = MIMEMultipart("report", **{"report-type": "delivery-status"})
    report["From"], report["To"], report["Subject"] = "MAILER-DAEMON@mx.test", to, "Undelivered Mail"
    report["Message-ID"], report["Auto-Submitted"] = f"<bounce-{next(NUMBERS)}@mx.test>", "auto-replied"
    report.attach(MIMEText("This is the mail system. I am sorry."))
    address = str(mail["To"].addresses[0].addr_spec)
    of_message, of_recipient = Message(), Message()
    of_message["Reporting-MTA"] = "dns; mx.test"
    of_recipient["Final-Recipient"] = f"rfc822; {address}"
    of_recipient["Action"], of_recipient["Status"], of_recipient["Diagnostic-Code"] = action, status, said
    report.attach(_machine("delivery-status", of_message, of_recipient))
    report.attach(_quoted(mail, whole=whole))
    return report.as_bytes()


def complaint(mail: EmailMessage, *, to: str = "mantel@localhost", kind: str = "abuse") -> bytes:
    """Return a mailbox provider's report that somebody pressed *spam*."""
    report = MIMEMultipart("report", **{"report-type": "feedback-report"})
    report["From"], report["To"], report["Message-ID"] = "fbl@mailbox.test", to, f"<fbl-{next(NUMBERS)}@mailbox.test>"
    report.attach(MIMEText("This is an email abuse report."))
    fields = Message()
    fields["Feedback-Type"], fields["User-Agent"], fields["Version"] = kind, "Mailbox/1.0", "1"
    report.attach(_machine("feedback-report", fields))
    report.attach(_quoted(mail, whole=True))
    return report.as_bytes()


def _machine(kind: str, *blocks: Message) -> MIMEBase:
    part = MIMEBase("message", kind)
    part.set_payload(list(blocks))
    return part


def _quoted(mail: EmailMessage, *, whole: bool) -> Message:
    if whole:
        return MIMEMessage(mail)
    return MIMEText("".join(f"{name}: {value}\n" for name, value in mail.items()), "rfc822-headers")
