"""A person's picture: made anew in fixed sizes, shown to their colleagues only."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction

from announcements.kernel import errors, images
from announcements.people import _checks, models
from announcements.people._values import Person, as_person

PICTURE_SIZES = (64, 256)


def set_picture(*, by: int, content: bytes, now: datetime) -> Person:
    """Keep a picture of oneself: its middle, as squares; raise Invalid."""
    row = _checks.actor(by)
    made = images.squares(content, PICTURE_SIZES, field="picture", whole=False)
    return _show(row.pk, images.keep(folder(row.pk), made, now))


def remove_picture(*, by: int, now: datetime) -> Person:
    """Go back to one's initials."""
    return _show(_checks.actor(by).pk, "")


def picture(*, by: int, person_id: int, digest: str, side: int) -> bytes:
    """Return the PNG of a colleague's picture as it is now, of this side; raise NotFound."""
    row = _checks.colleague(_checks.actor(by), person_id)
    if side not in PICTURE_SIZES or not digest or row.picture != digest:
        raise errors.NotFound
    return images.kept(folder(row.pk), digest, side)


@transaction.atomic
def _show(person_id: int, digest: str) -> Person:
    """Write which picture is shown. The files of the one before go after the commit."""
    row = models.Person.objects.select_for_update().get(pk=person_id)
    before, row.picture = row.picture, digest
    row.save(update_fields=["picture"])
    if before and before != digest:
        transaction.on_commit(partial(images.forget, folder(person_id), before, PICTURE_SIZES), robust=True)
    return as_person(row)


def folder(person_id: int) -> str:
    """Return where somebody's pictures lie."""
    return f"pictures/{person_id}"
