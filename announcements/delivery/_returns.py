"""What comes back about mail that was submitted: written down once, and what follows from it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from announcements.delivery import _digests, _suppressions, models
from announcements.delivery.channels import returns
from announcements.people import services as people

Report = returns.Report
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


def _person(person_id: int) -> people.Person | None:
    return people.get_many(ids=[person_id]).get(person_id)


def _settle(row: models.Outgoing, report: Report) -> None:
    """Let what came back tell what became of a mail: whatever comes back was submitted, and what bounced did not arrive."""
    rows = type(row)._default_manager.filter(pk=row.pk)
    if report.what == "bounced":
        known = rows.filter(state__in=["submitted", "uncertain"])
        known.update(state="failed", reason="bounced", reply=report.said[:200])
    else:
        rows.filter(state="uncertain").update(state="submitted", reason=f"known_{report.what}")


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
