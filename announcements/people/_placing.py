"""Where groups hang: placements are dated, so that moving a group changes no earlier answer. Call with the workspace locked."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.people import models
from announcements.people._group_values import HasSubGroups
from announcements.people._tree import Tree

MOST_NAMED = 3


def place(group: models.Group, parent_id: int | None, at: datetime) -> bool:
    """Hang a group below another from `at` on, or at the top; return whether that changes anything. Raise Invalid on `parent_id`.

    The last word counts: what was planned for it at that time or later is dropped.
    """
    if parent_id:
        _check(group, parent_id, at)
    now_or_later = group.placements.filter(Q(ended_at=None) | Q(ended_at__gt=at))
    if list(now_or_later.values_list("parent_id", "ended_at")) == ([(parent_id, None)] if parent_id else []):
        return False
    leave_place(group, at)
    if parent_id:
        models.Placement.objects.create(group=group, parent_id=parent_id, started_at=at)
    return True


def leave_place(group: models.Group, at: datetime) -> None:
    """End where a group hangs, and drop where it was planned to."""
    group.placements.filter(started_at__gte=at).delete()
    group.placements.at(at).update(ended_at=at)


def check_nothing_below(group: models.Group, at: datetime) -> None:
    """Raise HasSubGroups when a group hangs below this one then or later."""
    there = models.Placement.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at), parent=group)
    below = there.filter(Q(group__ended_at=None) | Q(group__ended_at__gt=at)).order_by("group__name", "group_id")
    if names := list(dict.fromkeys(below.values_list("group__name", flat=True))):
        shown = ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
        raise HasSubGroups(
            _("%(name)s still has sub-groups: %(groups)s. Move or close them first.")
            % {"name": group.name, "groups": shown}
        )


def _check(group: models.Group, parent_id: int, at: datetime) -> None:
    parent = models.Group.objects.of(group.workspace_id).filter(pk=parent_id).first()
    if parent is None:
        raise errors.Invalid({"parent_id": [_("There is no such group.")]})
    if parent.ended_at is not None:
        said = _("%(name)s is closed, or will be. Choose another group.") % {"name": parent.name}
        raise errors.Invalid({"parent_id": [said]})
    # Others may be planned to move later: at each of those moments there must be no circle either.
    planned = models.Placement.objects.filter(group__workspace_id=group.workspace_id, started_at__gt=at)
    for moment in [at, *planned.values_list("started_at", flat=True).distinct()]:
        if group.pk in Tree(group.workspace_id, moment).above(parent_id):
            raise errors.Invalid({"parent_id": [_("A group cannot be part of itself or of its own sub-groups.")]})
