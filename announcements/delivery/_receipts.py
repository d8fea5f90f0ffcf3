"""What is known of reading: confirmed, taken back, asked anew; and who may read at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from announcements.delivery import _counts, _feed, _told, models
from announcements.delivery._recording import UNACKNOWLEDGED, record, undo
from announcements.delivery._values import (
    Channel,
    Delivery,
    NotAsked,
    OlderVersion,
    Readable,
    Receipt,
    TakenBack,
    TooLate,
    as_delivery,
)
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing

UNDO = timedelta(minutes=10)


def acknowledge(
    *,
    by: int,
    announcement_id: int,
    version: int,
    channel: Channel = "page",
    receipt: UUID | None = None,
    now: datetime,
) -> Delivery:
    """Confirm having read a version; raise NotFound, NotAsked, OlderVersion when it changed since, or TakenBack. Twice is once.

    `receipt` is what a client calls it, so that it may take it back without having heard whether it arrived.
    """
    row = _asked(by, announcement_id, version, now)
    said = Receipt(receipt or "", announcement_id, "acknowledged", now, channel, version)
    if record(by=by, receipts=[said], now=now).dropped:
        _asked(by, announcement_id, version, now)  # changed in between: what stands now says how
        raise TakenBack(_("You took this confirmation back before it arrived. Confirm it again."))
    row.refresh_from_db()
    return as_delivery(row)


def _asked(by: int, announcement_id: int, version: int, now: datetime) -> models.Delivery:
    """Return the delivery of what somebody is asked to confirm in a version; raise as `acknowledge` does."""
    row = models.Delivery.objects.filter(
        recipient_id=by, announcement_id=announcement_id, delivered_at__lte=now
    ).first()
    if row is None:
        raise errors.NotFound
    said = publishing.get(announcement_id=announcement_id)
    if not said.ask_acknowledge or said.state(now) != "published":
        raise NotAsked(_("Nobody asks to confirm this any more."))
    if version > said.version:
        raise errors.Invalid({"version": [_("There is no such version yet.")]})
    if version < row.asked_version:
        raise OlderVersion(_("This has changed since you read it. Read it again, then confirm."))
    return row


@transaction.atomic
def unacknowledge(*, by: int, announcement_id: int, now: datetime) -> None:
    """Take a confirmation back within ten minutes; raise NotFound, or TooLate afterwards."""
    mine = models.Delivery.objects.filter(recipient_id=by, announcement_id=announcement_id)
    if not mine.exists():
        raise errors.NotFound
    with _told.moving(mine):  # held, so that it stays as it is read here
        row = mine.filter(acknowledged_at__gt=now - UNDO).first()
        if row is None:
            raise TooLate(_("A confirmation can be taken back for ten minutes."))
        if row.acknowledged_receipt:
            undo(row, row.acknowledged_receipt)
        undone = {"undone_receipt": row.undone_receipt, "undone_before": row.undone_before}
        mine.update(**UNACKNOWLEDGED, **undone, undone_at=now)
    _counts.recount([announcement_id])
    _feed.bump([by])


@transaction.atomic
def ask_again(*, announcement_id: int, workspace_id: int, number: int) -> None:
    """After a material change: everybody is asked to acknowledge the new version, also whom it is reaching right now."""
    models.FanOut.objects.hold(announcement_id)
    rows = models.Delivery.objects.filter(announcement_id=announcement_id, asked_version__lt=number)
    with _told.moving(rows):  # locked in the order in which receipts lock
        rows.filter(acknowledged_version__isnull=False).update(knew_version=F("acknowledged_version"))
        rows.update(**UNACKNOWLEDGED, asked_version=number)
    _counts.recount([announcement_id])
    _feed.bump_workspace(workspace_id)


def readable(*, by: int, announcement_id: int, now: datetime) -> Readable:
    """Return an announcement to somebody it is or was meant for, to who joined its audience later, and to who manages it.

    Raises NotFound for everybody else. Of a withdrawn one readers keep the title and the reason.
    """
    said = publishing.get(announcement_id=announcement_id)
    person = people.person(person_id=by)
    row = models.Delivery.objects.filter(recipient_id=by, announcement_id=announcement_id).first()
    if person.state != "active" or said.workspace_id != person.workspace_id or said.published_at is None:
        raise errors.NotFound
    arrived = row is not None and row.delivered_at <= now
    if not arrived and not _may_read(said, person, now, frozen=row is not None):
        raise errors.NotFound
    return Readable(announcement=said, delivery=as_delivery(row) if row and arrived else None)


def changes(*, by: int, announcement_id: int, now: datetime) -> publishing.Difference | None:
    """Return what changed since the version that `by` acknowledged, and nothing in between; None where nothing did. Raises NotFound."""
    said = readable(by=by, announcement_id=announcement_id, now=now).announcement
    row = models.Delivery.objects.filter(recipient_id=by, announcement_id=announcement_id).first()
    known = row and (row.acknowledged_version or row.knew_version)
    if not known or known >= said.version or said.withdrawn_at:
        return None
    return publishing.difference(announcement_id=said.id, since=known, until=said.version)


def _may_read(said: publishing.Announcement, person: people.Person, now: datetime, *, frozen: bool) -> bool:
    """Tell whether somebody whom it has not reached may read it: its managers; and who joined later, once their clock says so."""
    try:
        publishing.find(by=person.id, announcement_id=said.id, now=now)
    except errors.NotFound:
        if frozen or said.withdrawn_at or (said.own_clock and said.own_clock.instant(person.timezone) > now):
            return False
        return people.is_meant(person_id=person.id, audience=said.audience, at=now)
    return True
