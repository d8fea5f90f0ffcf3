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


class SomebodyElses(errors.Forbidden):
    """The mail was forwarded: who is signed in is not whom it was sent to."""

    code = "somebody_elses"


class SignInFirst(errors.Forbidden):
    """The company wants to know who confirms."""

    code = "sign_in_first"


def _holder(token: str, purpose: str) -> tuple[tokens.Claim, people.Person]:
    claim = tokens.read(token, purpose)
    person = people.get_many(ids=[claim.person_id]).get(claim.person_id) if claim else None
    if claim is None or person is None or person.state != "active" or person.epoch != claim.epoch:
        raise LinkDead(_("This link does not work any more. Open the announcement on your new tab instead."))
    return claim, person


def mail_link(*, token: str, purpose: str, by: int | None = None, now: datetime) -> MailLink:
    """Return what a link is about, without doing it; raise NotFound when it is dead or for another purpose. `by` is who looks, if known."""
    claim, person = _holder(token, purpose)
    said = publishing.get(announcement_id=claim.announcement_id) if claim.announcement_id else None
    row = models.Delivery.objects.filter(announcement_id=said.id, recipient_id=person.id).first() if said else None
    company = people.workspace(workspace_id=person.workspace_id)
    return MailLink(
        title=said.title if said else "",
        author_name=people.person(person_id=said.author_id).name if said else "",
        person_name=person.name,
        acknowledged_at=row.acknowledged_at if row else None,
        digest=_digests.preference(by=person.id).digest,
        yours=None if by is None else by == person.id,
        sign_in_first=bool(said) and company.sign_in_to_acknowledge and by is None,
    )


def acknowledge_by_mail(*, token: str, by: int | None = None, now: datetime) -> MailLink:
    """Confirm through a link; `by` is who is signed in, if anybody. Twice is once.

    Raises NotFound, NotAsked, OlderVersion when it changed since the mail, SomebodyElses when another person is signed in,
    or SignInFirst where the company asks for that.
    """
    claim, person = _holder(token, "acknowledge")
    if by not in (None, person.id):
        raise SomebodyElses(
            _("This mail was sent to %(name)s, and you are signed in as somebody else.") % {"name": person.name}
        )
    if by is None and people.workspace(workspace_id=person.workspace_id).sign_in_to_acknowledge:
        raise SignInFirst(_("Your company asks you to sign in before you confirm."))
    _receipts.acknowledge(
        by=person.id, announcement_id=claim.announcement_id, version=claim.version, channel="mail", now=now
    )
    return mail_link(token=token, purpose="acknowledge", by=by, now=now)


def prefer_by_mail(*, token: str, digest: str, now: datetime) -> MailLink:
    """Choose how often the digest comes, by the link of a mail; raise NotFound or Invalid."""
    _claim, person = _holder(token, "unsubscribe")
    _digests.set_preference(by=person.id, digest=digest, now=now)
    return mail_link(token=token, purpose="unsubscribe", now=now)


def unsubscribe_by_mail(*, token: str, now: datetime) -> None:
    """Stop the digest; required reading still reaches them. Raises NotFound. Twice is once."""
    _claim, person = _holder(token, "unsubscribe")
    _digests.set_preference(by=person.id, digest="never", now=now)
