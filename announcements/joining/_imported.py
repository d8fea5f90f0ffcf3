"""Asking people in whom an import has added, and taking that back: many at once, told of by roster."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from announcements.joining import events, models
from announcements.joining._invitations import LIFE
from announcements.people import services as people

BATCH = 500


@transaction.atomic
def invite_people(*, by: int, person_ids: Collection[int], through: str = "", now: datetime) -> None:
    """Ask in people who were added without a mail; who has come, or is asked already, is left as they are. Raise Forbidden.

    A letter goes out when its reader is at work, and the invitation is good for 14 days from then. The trail says of each
    `through` what they were asked: "import:12".
    """
    actor = people.acting_admin(by=by)
    asked = [
        _asked(one, actor, now)
        for one in people.get_many(ids=person_ids).values()
        if one.workspace_id == actor.workspace_id and one.state == "invited" and _may(actor, one.role)
    ]
    # Somebody may ask one of them at this very moment: then theirs holds.
    models.Invitation.objects.bulk_create(asked, batch_size=BATCH, ignore_conflicts=True)
    mine = models.Invitation.objects.open().filter(person_id__in=[row.person_id for row in asked], letters=None)
    written = list(mine.order_by("id"))
    models.Letter.objects.bulk_create([_letter(row, actor) for row in written], batch_size=BATCH)
    if written:
        events.letters_written.send(sender=None)
        noted = [
            ("invited", f"person:{row.person_id}",
             {"email": row.email, "role": row.role, "invitation": row.pk, "through": through})
            for row in written
        ]  # fmt: skip
        events.many_noted.send(sender=None, workspace_id=actor.workspace_id, by=actor.id, noted=noted, at=now)


def _asked(person: people.Person, actor: people.Person, now: datetime) -> models.Invitation:
    return models.Invitation(
        workspace_id=actor.workspace_id, person_id=person.id, added=False, invited_by=actor.id, email=person.email,
        name=person.name, role=person.role, invited_at=now, expires_at=person.working_time.next_moment(now) + LIFE,
    )  # fmt: skip


def _letter(row: models.Invitation, actor: people.Person) -> models.Letter:
    return models.Letter(
        workspace_id=row.workspace_id, kind="invitation", invitation=row, by=actor.id, email=row.email, name=row.name,
        due_at=row.expires_at - LIFE,
    )  # fmt: skip


@transaction.atomic
def revoke_people(*, by: int, person_ids: Collection[int], now: datetime) -> None:
    """Take back the invitations of people that they have not accepted; who was asked stays as they are. Raise Forbidden."""
    actor = people.acting_admin(by=by)
    rows = models.Invitation.objects.open().filter(workspace_id=actor.workspace_id, person_id__in=person_ids)
    (rows if _may(actor, "owner") else rows.exclude(role="owner")).update(revoked_at=now)


def _may(actor: people.Person, role: str) -> bool:
    return role != "owner" or actor.role == "owner"
