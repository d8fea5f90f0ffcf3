"""What of a list is for owners alone: decided before anything is written, so that no import stops half-way for want of it."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.people import services as people
from announcements.roster import models
from announcements.roster._values import Unplaced

_MAKES_OWNERS = Q(kind="new", values__role="owner") | Q(kind="updated", changes__role__1="owner")
_LETS_IN = Q(kind="updated", changes__has_key="state")


def check_start(imported: models.Import, by: int, *, owners: bool) -> None:
    """Raise Forbidden unless this person may import what was checked, Unplaced when who is missing cannot be told.

    Without `owners` nobody is made an owner, whoever asks.
    """
    if not owners and imported.lines.filter(_MAKES_OWNERS).exists():
        raise errors.Forbidden(_("This list makes owners. Somebody who is signed in has to import it."))
    if imported.deactivates and not _owner(by):
        raise errors.Forbidden(_("Only owners may deactivate people. Ask an owner, or import without it."))
    if not _owner(by) and imported.lines.filter(_MAKES_OWNERS | _LETS_IN).exists():
        raise errors.Forbidden(_("This list makes owners, or lets people in again. Ask an owner to import it."))
    if imported.deactivates and imported.unplaced:
        raise Unplaced(
            _(
                "Some rows have no usable address, and nothing tells whom they name. Correct or skip them before you deactivate who is missing."
            )
        )


def check_undo(imported: models.Import, by: int) -> None:
    """Raise Forbidden unless this person may take back what the import did; owners it made are passed over for others."""
    if _owner(by):
        return
    if imported.deactivates:
        raise errors.Forbidden(_("This import deactivated people: only owners may let them in again."))
    if imported.lines.filter(_LETS_IN, applied_at__isnull=False, fault="").exists():
        raise errors.Forbidden(_("This import let people in again: only owners may end their access."))


def _owner(by: int) -> bool:
    return people.person(person_id=by).role == "owner"
