"""What comes back about mail that was submitted: written down once, and what follows from it."""

from __future__ import annotations

import imaplib
import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from announcements.delivery import _claims, _digests, _suppressions, models
from announcements.delivery.channels import mailbox, returns
from announcements.kernel import text
from announcements.people import services as people

log = logging.getLogger(__name__)
Report = returns.Report
What = returns.What
KINDS: dict[str, type[models.Outgoing]] = {"nudge": models.Nudge, "digest": models.Digest, "test": models.TestMail}


def take_return(*, data: bytes, recipient: str = "", now: datetime) -> str:
    """Take a mail that was sent to our return address; return what it was: a report's word, "unsubscribed", or "nothing"."""
    if claim := returns.leaves(data):
        person = _person(claim.person_id)
        if person and person.state == "active" and person.epoch == claim.epoch:
            _digests.set_preference(by=person.id, digest="never", now=now)
            return "unsubscribed"
    report = returns.read(data, recipient)
    return report.what if report and take_report(report=report, now=now) else "nothing"


def fetch_returns(*, now: datetime) -> int:
    """Take what waits in the mailbox that mail comes back to, where there is one; return how many mails that were.

    One that was taken and not marked, because the line was cut, is taken again, which changes nothing.
    """
    if not settings.RETURN_MAILBOX:
        return 0
    many = 0
    try:
        with mailbox.Mailbox(settings.RETURN_MAILBOX, settings.SMTP_TIMEOUT) as box:
            for number, data in box.unseen():
                take_return(data=data, now=now)
                box.taken(number)
                many += 1
    except (imaplib.IMAP4.error, OSError) as problem:
        log.warning("the mailbox for mail that comes back cannot be read: %s", problem)
    return many


@transaction.atomic
def take_report(*, report: Report, now: datetime) -> bool:
    """Write a report down and do what follows from it; return whether it was about a mail of ours. Twice is once."""
    row = KINDS[report.mail]._default_manager.filter(pk=report.mail_id).first()
    person = _person(row.recipient_id) if row else None
    if row is None or person is None:
        return False
    _made, new = models.Return.objects.get_or_create(
        event=report.event[:64],
        defaults={
            "workspace_id": row.workspace_id,
            "mail": report.mail,
            "mail_id": report.mail_id,
            "what": report.what,
            "address": report.address or person.email,
            "said": report.said[:300],
            "came_at": now,
        },
    )
    if new:
        _settle(row, report)
        _follow(person, report, now)
    return True


def take_event(*, key: str, what: returns.What, status: str, said: str, event: str, now: datetime) -> bool:
    """Take what a provider tells about the mail of a key, known there by `event`; return whether it was a mail of ours."""
    named = returns.read_key(key)
    if named is None:
        return False
    report = Report(*named, what=what, status=status, said=text.one_line(said), address="", event=event)
    return take_report(report=report, now=now)


def _person(person_id: int) -> people.Person | None:
    return people.get_many(ids=[person_id]).get(person_id)


def _settle(row: models.Outgoing, report: Report) -> None:
    """Let what came back tell what became of a mail: whatever comes back was submitted, and what bounced did not arrive.

    So one that was to be sent once more, as nobody knew, is not; whoever has claimed it finds that out before its body goes out.
    """
    rows = type(row)._default_manager.filter(pk=row.pk)
    to_come = Q(state="queued") | Q(state="submitting", body_started_at=None)
    unknown = Q(state="uncertain") | to_come & Q(reason=_claims.AGAIN)
    if report.what == "bounced":
        known = rows.filter(unknown | Q(state="submitted"))
        known.update(state="failed", reason="bounced", reply=report.said[:200])
    else:
        rows.filter(unknown).update(state="submitted", reason=f"known_{report.what}")


def _follow(person: people.Person, report: Report, now: datetime) -> None:
    """Write no more to an address that is wrong, or whose holder complains. Where mail is sent on, it is the one we know."""
    if report.what == "complained":
        reason: _suppressions.Why = "complained"
    elif report.hopeless:
        reason = "bounced"
    else:
        return
    _suppressions.suppress(
        workspace_id=person.workspace_id, address=person.email, reason=reason, said=report.said, now=now
    )
