"""Letters: mail that somebody waits for at their screen. They leave by the queue, so that no answer waits for a mail server."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from email.utils import formataddr, make_msgid

from django.conf import settings
from django.db import transaction
from django.db.models import F

from announcements.delivery import _plain, events, models
from announcements.delivery.channels import mail
from announcements.kernel import letters, lines, text
from announcements.people import services as people

log = logging.getLogger(__name__)
# A code is good for minutes: what could not leave in this time would only confuse.
LIFE = timedelta(minutes=15)
SENDER = "Mantel"


@transaction.atomic
def post_letter(*, recipient: str, subject: str, body: str, life: timedelta = LIFE, now: datetime) -> int:
    """Write a letter in plain words, laid out beside them, that leaves at once by the queue; return its id.

    For as long as its `life` it is tried again where no mail server takes it.
    """
    letter = letters.Letter(
        kind="account",
        to=("", recipient),
        sender=SENDER,
        context={"said": _plain.said(text.one_line(subject), body)},
        headers={"Message-ID": make_msgid(domain=letters.host())},
    )
    data = letters.compose(letter, now=now).data
    row = models.Letter.objects.create(recipient=recipient, data=data, posted_at=now, due_at=now, until=now + life)
    events.letter_posted.send(sender=None, letter_id=row.pk, at=now)
    return row.pk


def send_letter(*, letter_id: int, now: datetime) -> bool:
    """Submit a letter that is due; return whether it is settled. Another worker that holds it goes first."""
    lease = now + timedelta(seconds=settings.LEASE_SECONDS)
    due = models.Letter.objects.filter(pk=letter_id, due_at__lte=now)
    if not due.update(due_at=lease, attempts=F("attempts") + 1):
        return False
    row = models.Letter.objects.get(pk=letter_id)
    if (row.until or row.posted_at + LIFE) < now:
        log.warning("letter %s was given up: no mail server took it in time", row.pk)
        row.delete()
        return True
    written = mail.Mail(sender=settings.MAIL_FROM, recipient=row.recipient, message_id="", data=bytes(row.data))
    return _settle(row, _submit(written), now)


def _submit(written: mail.Mail) -> mail.Outcome:
    """Hand over by the company's own server, where it has one; by the installation's when that one will not do.

    A wrong setting must not lock out the one who could correct it.
    """
    person = people.get_by_email(emails=[written.recipient]).get(written.recipient)
    own = people.mail_server(workspace_id=person.workspace_id) if person else None
    for server in [own, None] if own else [None]:
        sent = _sent_by(server, written) if server else written
        with lines.to(server) as line:
            outcome = line.submit(sent, lambda: True)
        if outcome.kind in ("submitted", "uncertain"):
            break
    return outcome


def _by(address: str) -> str:
    return formataddr((SENDER, address))


def _sent_by(server: people.MailServer, written: mail.Mail) -> mail.Mail:
    """Return a letter that says it is from the address which this server may send from."""
    ours, theirs = f"From: {_by(settings.MAIL_FROM)}\r\n", f"From: {_by(server.sender)}\r\n"
    return written._replace(sender=server.sender, data=written.data.replace(ours.encode(), theirs.encode(), 1))


def _settle(row: models.Letter, outcome: mail.Outcome, now: datetime) -> bool:
    """Keep it for later, or let it go: what was cut off is not sent twice, for one can ask for another code."""
    if outcome.kind == "later":
        models.Letter.objects.filter(pk=row.pk).update(due_at=now + timedelta(seconds=5 * 2**row.attempts))
        log.warning("letter %s waits: %s", row.pk, outcome.reply)
        return False
    if outcome.kind != "submitted":
        log.warning("letter %s is %s: %s", row.pk, outcome.kind, outcome.reply)
    row.delete()
    return True


def due_letters(*, now: datetime) -> list[int]:
    """Return the letters that should have left by now: their task was lost, or a mail server said later."""
    return list(models.Letter.objects.filter(due_at__lte=now).order_by("due_at", "id").values_list("pk", flat=True))
