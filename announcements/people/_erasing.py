"""Taking out of an installation who somebody was. Their row stays, naming nobody, so that every count stays what it was."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from announcements.kernel import errors, images
from announcements.people import _elsewhere, events, models
from announcements.people._pictures import PICTURE_SIZES, folder

NOWHERE = "erased.invalid"  # no mail goes there (RFC 2606)


@transaction.atomic
def erase(*, person_id: int, now: datetime) -> None:
    """Remove what names somebody, here and in every capability above; for whoever runs the installation. It cannot be undone.

    Raise NotFound, or Conflict unless they are deactivated: by then they have left every denominator, and no owner is the last.
    """
    row = models.Person.objects.select_for_update().filter(pk=person_id, erased_at=None).first()
    if row is None:
        raise errors.NotFound(_("Nobody has this address."))
    if row.deactivated_at is None:
        raise errors.Conflict(_("They still have access. An owner deactivates them first; then they can be erased."))
    address, name = _elsewhere.address(row), row.name
    _end(row, now)
    _blank(row, now)
    _elsewhere.free([address])
    events.person_erased.send(
        sender=None, workspace_id=row.workspace_id, person_id=row.pk, address=address, name=name, placeholder=_nowhere(row),
        at=now,
    )  # fmt: skip
    events.note(row.workspace_id, by=None, verb="person_erased", subject=f"person:{row.pk}", at=now)
    events.standing_changed.send(sender=None, person_ids=[row.pk], at=now)
    events.names_changed.send(sender=None, workspace_id=row.workspace_id, at=now)


def _end(row: models.Person, now: datetime) -> None:
    """End what they are in, and drop what they were let in by and what was planned."""
    theirs = models.Membership.objects.filter(person=row)
    theirs.filter(started_at__gt=now).delete()
    theirs.filter(Q(ended_at=None) | Q(ended_at__gt=now)).update(ended_at=now)
    models.Token.objects.filter(person=row).delete()
    models.Pairing.objects.filter(person=row).delete()
    models.SignUp.objects.filter(email=row.email).delete()


def _blank(row: models.Person, now: datetime) -> None:
    if row.picture:
        transaction.on_commit(partial(images.forget, folder(row.pk), row.picture, PICTURE_SIZES), robust=True)
    fresh = models.Person(workspace=row.workspace)
    usual = {name: getattr(fresh, name) for name in _SAID}
    models.Person.objects.filter(pk=row.pk).update(
        **usual,
        name=_("Erased person"),
        email=_nowhere(row),
        password=make_password(None),
        epoch=F("epoch") + 1,
        erased_at=now,
    )


def _nowhere(row: models.Person) -> str:
    return f"{row.pk}@{NOWHERE}"


# What they, or others, said of them.
_SAID = (
    "elsewhere", "title", "location", "pronouns", "about", "picture", "role", "locale", "timezone", "work_days", "work_starts", "work_ends",
    "away", "theme", "own_tab", "last_seen_on",
)  # fmt: skip
