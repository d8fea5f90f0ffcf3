"""What lets somebody in, and ending all of it at once."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import BigIntegerField, F
from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.kernel.prepared import Given, Prepared
from announcements.people import _checks, events, models
from announcements.people._values import Person, as_person

# Asked for each feed that has to be made.
_active = Prepared(
    lambda: models.Person.objects.filter(
        pk=Given("person_id", BigIntegerField()), joined_at__isnull=False, deactivated_at=None
    ).values_list("epoch", "key_round")
)


def rounds(*, person_id: int) -> tuple[int, int]:
    """Return the epoch of all keys of somebody and the round of their feed keys; raise NotFound unless they are active."""
    found: list[tuple[int, int]] = _active(person_id=person_id)
    if not found:
        raise errors.NotFound
    return found[0]


def second_factor_required(*, person_id: int) -> bool:
    """Tell whether this person's workspace asks everybody for a second factor."""
    required: bool = models.Person.objects.filter(pk=person_id, workspace__second_factor_required=True).exists()
    return required


@transaction.atomic
def change_password(*, person_id: int, password: str, now: datetime) -> None:
    """Set a password that its owner has chosen, and end every key they hold; raise NotFound."""
    row = _checks.person_row(person_id)
    models.Person.objects.filter(pk=row.pk).update(password=make_password(password))
    _end(row, now)
    events.note(row.workspace_id, by=row.pk, verb="password_changed", subject=f"person:{row.pk}", at=now)


@transaction.atomic
def end_keys(*, by: int, now: datetime) -> None:
    """End every key one holds: sessions, tokens, devices, feed keys and mail links; raise NotFound."""
    row = _checks.actor(by)
    _end(row, now)
    events.note(row.workspace_id, by=row.pk, verb="signed_out_everywhere", subject=f"person:{row.pk}", at=now)


@transaction.atomic
def lost_factor(*, by: int | None, person_id: int, now: datetime) -> Person:
    """End every key of somebody who lost their second factor, so that it can be taken away: sessions, tokens, devices.

    `by` is an admin, for an owner's an owner, or None for whoever runs the installation. Raise NotFound, Forbidden, or
    Conflict for oneself: whoever holds somebody's session must not get rid of what protects it.
    """
    row = _checks.person_row(person_id) if by is None else _factor_over(by, person_id)
    if row.pk == by:
        raise errors.Conflict(_("Remove your own second factor in your settings, where it is asked for once more."))
    _end(row, now)
    events.note(row.workspace_id, by=by, verb="second_factor_taken", subject=f"person:{row.pk}", at=now)
    return as_person(row)


def takes_factor(*, by: int, person_id: int) -> bool:
    """Tell whether one may take away a colleague's second factor; raise NotFound."""
    with suppress(errors.Forbidden):
        return _factor_over(by, person_id).pk != by
    return False


def _factor_over(by: int, person_id: int) -> models.Person:
    actor, row = _checks.admin_over(by, person_id)
    if row.role == "owner" and actor.role != "owner":
        raise errors.Forbidden(_("Only owners may take an owner's second factor away."))
    return row


def end_feed_keys(row: models.Person, now: datetime) -> None:
    """End the feed keys somebody's tokens and devices have made; those that are still good make new ones."""
    models.Person.objects.filter(pk=row.pk).update(key_round=F("key_round") + 1)
    events.standing_changed.send(sender=None, person_ids=[row.pk], at=now)


def _end(row: models.Person, now: datetime) -> None:
    models.Person.objects.filter(pk=row.pk).update(epoch=F("epoch") + 1)
    models.Token.objects.filter(person=row, revoked_at=None).update(revoked_at=now)
    events.standing_changed.send(sender=None, person_ids=[row.pk], at=now)
