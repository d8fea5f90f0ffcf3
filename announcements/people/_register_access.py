"""Ending and giving back the access of many people at once, as a list of them needs it. The trail has each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import F

from announcements.people import _checks, _elsewhere, events, models
from announcements.people._groups import tell
from announcements.people._invited import remove


@transaction.atomic
def end_many(*, by: int, person_ids: Collection[int], through: str = "", now: datetime) -> set[int]:
    """End people's access at once, never an owner's; return whose ended. Raise Forbidden unless owner."""
    owner = _checks.owner(by)
    rows = models.Person.objects.of(owner.workspace_id).filter(pk__in=person_ids, deactivated_at=None)
    ending = set(rows.exclude(role="owner").select_for_update().values_list("pk", flat=True))
    models.Person.objects.filter(pk__in=ending).update(deactivated_at=now, epoch=F("epoch") + 1)
    models.Token.objects.filter(person__in=ending, revoked_at=None).update(revoked_at=now)
    _tell(owner, "deactivated", ending, through, now)
    return ending


@transaction.atomic
def withdraw_many(*, by: int, person_ids: Collection[int], through: str = "", now: datetime) -> set[int]:
    """Remove people who were added and never came in; return who they were. Raise Forbidden.

    Whom somebody deactivated since stays, and so does an owner unless an owner asks.
    """
    admin = _checks.admin(by)
    rows = models.Person.objects.of(admin.workspace_id).filter(pk__in=person_ids, deactivated_at=None, joined_at=None)
    rows = rows.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    gone = remove(rows if admin.role == "owner" else rows.exclude(role="owner"), now)
    events.note_many(
        admin.workspace_id, by=by, at=now, through=through,
        noted=(
            ("person_removed", f"person:{row.pk}", {"name": row.name, "email": _elsewhere.address(row)}) for row in gone
        ),
    )  # fmt: skip
    return {row.pk for row in gone}


@transaction.atomic
def return_many(
    *, by: int, person_ids: Collection[int], deactivated_at: datetime | None = None, through: str = "", now: datetime
) -> set[int]:
    """Let people in again, those deactivated at that instant when one is given; return who they are. Raise Forbidden unless owner."""
    owner = _checks.owner(by)
    rows = models.Person.objects.of(owner.workspace_id).filter(pk__in=person_ids).exclude(deactivated_at=None)
    rows = rows if deactivated_at is None else rows.filter(deactivated_at=deactivated_at)
    back = dict(rows.select_for_update().values_list("pk", "elsewhere"))
    models.Person.objects.filter(pk__in=list(back)).update(deactivated_at=None)
    _elsewhere.free(back.values())  # they may have become free meanwhile
    _tell(owner, "reactivated", back, through, now)
    return set(back)


def _tell(owner: models.Person, verb: str, person_ids: Collection[int], through: str, now: datetime) -> None:
    tell(person_ids, now)
    noted: list[events.Deed] = [(verb, f"person:{person_id}", {}) for person_id in sorted(person_ids)]
    events.note_many(owner.workspace_id, by=owner.pk, at=now, through=through, noted=noted)
