"""Links in our mail: signed, for one purpose, one person, one announcement and version. Reading one changes nothing."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from announcements.delivery import _digests, _receipts, models
from announcements.delivery._values import MailLink
from announcements.delivery.channels import tokens
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing


class LinkDead(errors.NotFound):
    """It was tampered with, is for something else, or its person's keys have changed."""

    code = "link_dead"


def _holder(token: str, purpose: str) -> tuple[tokens.Claim, people.Person]:
    claim = tokens.read(token, purpose)
    person = people.get_many(ids=[claim.person_id]).get(claim.person_id) if claim else None
    if claim is None or person is None or person.state != "active" or person.epoch != claim.epoch:
        raise LinkDead(_("This link does not work any more. Open the announcement on your new tab instead."))
    return claim, person


def mail_link(*, token: str, purpose: str, now: datetime) -> MailLink:
    """Return what a link is about, without doing it; raise NotFound when it is dead or for another purpose."""
    claim, person = _holder(token, purpose)
    digest = _digests.preference(by=person.id).digest
    if not claim.announcement_id:
        return MailLink(title="", author_name="", person_name=person.name, acknowledged_at=None, digest=digest)
    said = publishing.get(announcement_id=claim.announcement_id)
    row = models.Delivery.objects.filter(announcement_id=said.id, recipient_id=person.id).first()
    return MailLink(
        title=said.title,
        author_name=people.person(person_id=said.author_id).name,
        person_name=person.name,
        acknowledged_at=row.acknowledged_at if row else None,
        digest=digest,
    )


def acknowledge_by_mail(*, token: str, now: datetime) -> MailLink:
    """Confirm through a link; raise NotFound, NotAsked, or OlderVersion when it changed since the mail. Twice is once."""
    claim, person = _holder(token, "acknowledge")
    _receipts.acknowledge(
        by=person.id, announcement_id=claim.announcement_id, version=claim.version, channel="mail", now=now
    )
    return mail_link(token=token, purpose="acknowledge", now=now)


def prefer_by_mail(*, token: str, digest: str, now: datetime) -> MailLink:
    """Choose how often the digest comes, by the link of a mail; raise NotFound or Invalid."""
    _claim, person = _holder(token, "unsubscribe")
    _digests.set_preference(by=person.id, digest=digest, now=now)
    return mail_link(token=token, purpose="unsubscribe", now=now)


def unsubscribe_by_mail(*, token: str, now: datetime) -> None:
    """Stop the digest; required reading still reaches them. Raises NotFound. Twice is once."""
    _claim, person = _holder(token, "unsubscribe")
    _digests.set_preference(by=person.id, digest="never", now=now)
