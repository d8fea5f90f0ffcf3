"""Before it goes out: what somebody would find on their tab, on its page and in their mail. The real renderers, and no key."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage

from django.utils.translation import gettext as _

from announcements.delivery import _feed
from announcements.delivery._values import FeedItem
from announcements.delivery.channels import mail
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing


@dataclass(frozen=True, slots=True)
class Preview:
    """An announcement as it would reach somebody: `announcement` as its page shows it, `item` as their tab does."""

    person: people.Person
    groups: tuple[str, ...]
    announcement: publishing.Announcement
    item: FeedItem


@dataclass(frozen=True, slots=True)
class PreviewMail:
    """The mail that would tell somebody of it: HTML that loads nothing but its pictures from this house, and the same as text."""

    person: people.Person
    subject: str
    sender: str
    html: str
    text: str


def preview(
    *, by: int, announcement_id: int, person_id: int | None = None, draft: publishing.Draft | None = None, now: datetime
) -> Preview:
    """Return what somebody of the audience would see, its author when nobody is named; with `draft`, once it said that.

    Raises NotFound, NotAuthor for who may not change it, Invalid on `person` for who is not in the audience, or by field of the draft.
    """
    said, person = _whose(by, announcement_id, person_id, draft, now)
    shown, item = sample(said, person, now)
    groups = people.groups_of(person_ids=[person.id], at=now).get(person.id, ())
    names = people.group_names(workspace_id=said.workspace_id)
    return Preview(person, tuple(names[one] for one in groups if one in names), shown, item)


def preview_mail(
    *, by: int, announcement_id: int, person_id: int | None = None, draft: publishing.Draft | None = None, now: datetime
) -> PreviewMail:
    """Return the mail that somebody of the audience would get; raises as `preview` does."""
    said, person = _whose(by, announcement_id, person_id, draft, now)
    written = sample_mail(said, person, test=False, now=now)
    message = email.message_from_bytes(written.data, policy=email.policy.default)
    html, plain = message.get_body(("html",)), message.get_body(("plain",))
    return PreviewMail(
        person=person,
        subject=message["Subject"],
        sender=message["From"],
        html=_with_logo(html.get_content() if html else "", message),
        text=plain.get_content() if plain else "",
    )


def changeable(
    by: int, announcement_id: int, now: datetime, draft: publishing.Draft | None = None
) -> publishing.Announcement:
    """Return an announcement to who may change it, as a draft would have it if there is one; raise NotFound, NotAuthor or Invalid."""
    said = publishing.find(by=by, announcement_id=announcement_id, now=now)
    if not publishing.may_change(by=by, announcement=said, now=now):
        raise publishing.NotAuthor(_("Only its author, admins and owners see how this reaches others."))
    return publishing.as_if(announcement_id=announcement_id, by=by, draft=draft, now=now) if draft else said


def _whose(
    by: int, announcement_id: int, person_id: int | None, draft: publishing.Draft | None, now: datetime
) -> tuple[publishing.Announcement, people.Person]:
    """Return the announcement and who would see it: a stranger is not found, a colleague has to be meant."""
    said = changeable(by, announcement_id, now, draft)
    wanted = said.author_id if person_id is None else person_id
    person = people.get_many(ids=[wanted]).get(wanted)
    if person is None or person.workspace_id != said.workspace_id:
        raise errors.NotFound
    if wanted != said.author_id and not people.is_meant(person_id=wanted, audience=said.audience, at=now):
        raise errors.Invalid({"person": [_("%(name)s is not in the audience.") % {"name": person.name}]})
    return said, person


def sample(
    said: publishing.Announcement, person: people.Person, now: datetime
) -> tuple[publishing.Announcement, FeedItem]:
    """Return an announcement as if it had gone out, and what somebody would find on their tab then."""
    at = _arrives(said, person, now)
    out = replace(said, version=max(1, said.version), published_at=said.published_at or at, scheduled_for=None)
    zones = people.audience_zones(workspace_id=said.workspace_id, audience=said.audience, at=now)
    return out, _feed.sample(out, person, sum(zone.people for zone in zones), at)


def _arrives(said: publishing.Announcement, person: people.Person, now: datetime) -> datetime:
    if said.own_clock:
        return said.own_clock.instant(person.timezone)
    return said.published_at or said.scheduled_for or now


def sample_mail(said: publishing.Announcement, person: people.Person, *, test: bool, now: datetime) -> mail.Mail:
    """Return the mail that would tell somebody of it, without any key."""
    out, item = sample(said, person, now)
    author = people.person(person_id=said.author_id)
    return mail.sample_mail(person=person, announcement=out, author=author, item=item, test=test, now=now)


def _with_logo(html: str, message: EmailMessage) -> str:
    """Return the HTML with what travelled along inside of it."""
    for part in message.walk():
        if part["Content-ID"] == "<logo>":
            data = str(part.get_payload()).replace("\n", "")
            html = html.replace("cid:logo", f"data:image/png;base64,{data}")
    return html
