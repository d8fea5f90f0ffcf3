"""The log of mail: what went to whom when, why or why not, and what came back. For who answers for it, and for oneself."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from announcements.delivery import events, models
from announcements.kernel import errors, sheets
from announcements.people import services as people
from announcements.publishing import services as publishing

LoggedKind = Literal["nudge", "digest"]
KINDS: dict[LoggedKind, Any] = {"nudge": models.Nudge, "digest": models.Digest}
ORDER: tuple[LoggedKind, ...] = ("nudge", "digest")
# What somebody may have to look at, when nobody and nothing is named.
TROUBLES = ("failed", "uncertain")
MOST_FOUND, BATCH = 100, 500
HEADER = (
    "due (UTC)", "kind", "announcement id", "announcement", "period", "person id", "name", "address", "state", "reason", "attempts",
    "submitted (UTC)", "server said", "came back",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MailAsked:
    """Whose mail, about what, in which state. `search` is a part of a name or an address."""

    person_id: int | None = None
    announcement_id: int | None = None
    state: str = ""
    search: str = ""


@dataclass(frozen=True, slots=True)
class CameBack:
    """What came back about a mail."""

    what: str
    said: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LoggedMail:
    """A nudge or a digest, and what became of it. `place` is where it stands among those of the same time."""

    kind: LoggedKind
    mail_id: int
    place: int
    announcement_id: int | None
    title: str
    period: str
    step: int
    person_id: int
    person_name: str
    address: str
    due_at: datetime
    state: str
    reason: str
    attempts: int
    submitted_at: datetime | None
    reply: str
    returns: tuple[CameBack, ...]


def mail_log(
    *, by: int, asked: MailAsked, before: tuple[datetime, int] | None = None, limit: int = 50, now: datetime
) -> list[LoggedMail]:
    """Return mails, newest first, before the place (due_at, place): of a person, about an announcement, or those that are in trouble.

    Raises NotFound, or Forbidden unless it is one's own mail, about an announcement that one manages, or one is an admin.
    """
    actor = _entitled(by, asked, now)
    if before is None and asked.person_id != by:
        _note(actor, "mail_log_looked_at", asked, now)
    return _page(actor, asked, before, limit)


def export_mail_log(*, by: int, asked: MailAsked, now: datetime) -> Iterator[str]:
    """Return the same as lines of CSV, and note that they were taken; raise as `mail_log` does."""
    actor = _entitled(by, asked, now)
    _note(actor, "mail_log_exported", asked, now)
    return sheets.to_csv(HEADER, _sheet(actor, asked))


@transaction.atomic
def settle_mail(*, by: int, kind: LoggedKind, mail_id: int, arrived: bool, now: datetime) -> None:
    """Say what became of a mail that is uncertain; raise NotFound, Forbidden unless admin or owner, or Conflict when it is not."""
    actor = people.find(by=by, person_id=by)
    row = KINDS[kind].objects.filter(pk=mail_id, workspace_id=actor.workspace_id).first()
    if row is None:
        raise errors.NotFound
    if actor.role == "member":
        raise errors.Forbidden(_("Only admins and owners may do this."))
    known = KINDS[kind].objects.filter(pk=mail_id, state="uncertain")
    if not known.update(state="submitted" if arrived else "failed", reason="settled"):
        raise errors.Conflict(_("This mail is not uncertain any more."))
    details = {"mail": kind, "arrived": "yes" if arrived else "no"}
    events.noted.send(
        sender=None, workspace_id=row.workspace_id, by=by, verb="mail_settled", subject=f"person:{row.recipient_id}",
        details=details, at=now,
    )  # fmt: skip


def _entitled(by: int, asked: MailAsked, now: datetime) -> people.Person:
    actor = people.find(by=by, person_id=by)
    if asked.person_id:
        people.find(by=by, person_id=asked.person_id)
    if asked.announcement_id:
        publishing.find(by=by, announcement_id=asked.announcement_id, now=now)
    elif actor.role == "member" and asked.person_id != by:
        raise errors.Forbidden(_("Only admins and owners see the mail of others."))
    return actor


def _note(actor: people.Person, verb: str, asked: MailAsked, now: datetime) -> None:
    subject = f"person:{asked.person_id}" if asked.person_id else ""
    subject = f"announcement:{asked.announcement_id}" if asked.announcement_id else subject
    details = {name: value for name in ("state", "search") if (value := getattr(asked, name))}
    events.noted.send(
        sender=None, workspace_id=actor.workspace_id, by=actor.id, verb=verb, subject=subject, details=details, at=now
    )


def _sheet(actor: people.Person, asked: MailAsked) -> Iterator[tuple[object, ...]]:
    before: tuple[datetime, int] | None = None
    while page := _page(actor, asked, before, BATCH):
        for one in page:
            back = "; ".join(f"{came.what}: {came.said}" for came in one.returns)
            yield (
                _utc(one.due_at), one.kind, one.announcement_id, one.title, one.period, one.person_id, one.person_name,
                one.address, one.state, one.reason, one.attempts, _utc(one.submitted_at), one.reply, back,
            )  # fmt: skip
        before = (page[-1].due_at, page[-1].place)


def _utc(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds").removesuffix("+00:00") if at else ""


def _page(actor: people.Person, asked: MailAsked, before: tuple[datetime, int] | None, limit: int) -> list[LoggedMail]:
    found = [(kind, row) for kind in ORDER for row in _rows(kind, actor, asked, before)[:limit]]
    found.sort(key=lambda one: (one[1].due_at, _place(*one)), reverse=True)
    return _values(found[:limit])


def _rows(
    kind: LoggedKind, actor: people.Person, asked: MailAsked, before: tuple[datetime, int] | None
) -> QuerySet[Any]:
    rows = KINDS[kind].objects.filter(workspace_id=actor.workspace_id)
    ids = _whose(actor, asked)
    if asked.announcement_id:
        rows = rows.filter(announcement_id=asked.announcement_id) if kind == "nudge" else rows.none()
    elif ids is not None and kind == "nudge":
        # Found by the constraint of nudges, which begins with the announcement: who is nudged has a delivery.
        reached = models.Delivery.objects.filter(recipient_id__in=ids).values("announcement_id")
        rows = rows.filter(announcement_id__in=reached)
    elif ids is None and not asked.state:
        rows = rows.filter(state__in=TROUBLES)
    rows = rows if ids is None else rows.filter(recipient_id__in=ids)
    rows = rows.filter(state=asked.state) if asked.state else rows
    if before:
        same = Q(due_at=before[0], pk__lt=(before[1] - ORDER.index(kind) + len(ORDER) - 1) // len(ORDER))
        rows = rows.filter(Q(due_at__lt=before[0]) | same)
    return rows.order_by("-due_at", "-id")  # type: ignore[no-any-return]  # of either table


def _whose(actor: people.Person, asked: MailAsked) -> Collection[int] | None:
    """Return the ids of the people who are asked about; None for everybody."""
    if not asked.search.strip():
        return None if asked.person_id is None else [asked.person_id]
    found = people.people(by=actor.id, search=asked.search.strip(), limit=MOST_FOUND)
    return [person.id for person in found if asked.person_id in (None, person.id)]


def _place(kind: LoggedKind, row: Any) -> int:
    return int(row.pk) * len(ORDER) + ORDER.index(kind)


def _values(found: list[tuple[LoggedKind, Any]]) -> list[LoggedMail]:
    persons = people.get_many(ids={row.recipient_id for _kind, row in found})
    said = publishing.get_many(ids={row.announcement_id for kind, row in found if kind == "nudge"})
    back: dict[tuple[str, int], list[CameBack]] = {}
    for kind in ORDER:
        ids = [row.pk for its, row in found if its == kind]
        for came in models.Return.objects.filter(mail=kind, mail_id__in=ids).order_by("came_at", "id"):
            back.setdefault((kind, came.mail_id), []).append(CameBack(came.what, came.said, came.came_at))
    return [
        LoggedMail(
            kind=kind,
            mail_id=row.pk,
            place=_place(kind, row),
            announcement_id=(about := row.announcement_id if kind == "nudge" else None),
            title=said[about].title if about in said else "",
            period=row.period if kind == "digest" else "",
            step=row.step if kind == "nudge" else 0,
            person_id=row.recipient_id,
            person_name=persons[row.recipient_id].name if row.recipient_id in persons else "",
            address=persons[row.recipient_id].email if row.recipient_id in persons else "",
            due_at=row.due_at,
            state=row.state,
            reason=row.reason,
            attempts=row.attempts,
            submitted_at=row.submitted_at,
            reply=row.reply,
            returns=tuple(back.get((kind, row.pk), ())),
        )
        for kind, row in found
    ]
