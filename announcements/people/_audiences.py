"""Whom an audience means, and who may address it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.people import _checks, models
from announcements.people._tree import Tree, manages
from announcements.people._values import Audience, AudienceNotYours

MOST_IDS = 500


def resolve(*, workspace_id: int, audience: Audience, at: datetime) -> list[int]:
    """Return the ids of who was meant at that instant: active then, once each, ascending.

    Joining, leaving, memberships and how groups nest are dated, so a reorganization changes no earlier answer. Reactivating
    somebody forgets that they were away: whoever needs the answer for ever keeps it.
    """
    active = models.Person.objects.of(workspace_id).active_at(at)
    if audience.everyone:
        return list(active.order_by("id").values_list("pk", flat=True))
    groups = Tree(workspace_id, at).below(audience.group_ids)
    meant = set(models.Membership.objects.at(at).filter(group_id__in=groups).values_list("person_id", flat=True))
    meant.update(audience.person_ids)
    return [pk for pk in active.order_by("id").values_list("pk", flat=True) if pk in meant]


def check_audience(*, by: int, audience: Audience, at: datetime) -> None:
    """Raise Invalid on `audience` when nobody is chosen or an id is not of this workspace, AudienceNotYours when `by` may not address it.

    Admins and owners address anyone; a manager their groups with sub-groups; a member nobody.
    """
    actor = _checks.actor(by)
    if problems := _problems(actor.workspace_id, audience, at):
        raise errors.Invalid({"audience": problems})
    if actor.role != "member":
        return
    allowed = manages(person_id=by, group_ids=audience.group_ids, at=at)
    if audience.everyone or audience.person_ids or allowed != set(audience.group_ids):
        raise AudienceNotYours(_("You may publish to the groups you manage. Ask an admin to reach others."))


def _problems(workspace_id: int, audience: Audience, at: datetime) -> list[str]:
    if not (audience.everyone or audience.group_ids or audience.person_ids):
        return [_("Choose at least one group or person, or everyone.")]
    if len(audience.group_ids) + len(audience.person_ids) > MOST_IDS:
        return [_("At most %(most)d groups and people. Make a group for more.") % {"most": MOST_IDS}]
    if problems := _unknown(workspace_id, audience):
        return problems
    closed = models.Group.objects.filter(pk__in=audience.group_ids, ended_at__lte=at).order_by("name", "id")
    return [_("%(name)s is closed. Choose another group.") % {"name": row.name} for row in closed]


def check_known(*, workspace_id: int, audience: Audience) -> None:
    """Raise Invalid on `audience` naming the groups and people in it that are not of this workspace."""
    if problems := _unknown(workspace_id, audience):
        raise errors.Invalid({"audience": problems})


def _unknown(workspace_id: int, audience: Audience) -> list[str]:
    groups, persons = set(audience.group_ids), set(audience.person_ids)
    groups -= set(models.Group.objects.filter(workspace_id=workspace_id, pk__in=groups).values_list("pk", flat=True))
    persons -= set(models.Person.objects.of(workspace_id).filter(pk__in=persons).values_list("pk", flat=True))
    return [_("There is no group %(id)d.") % {"id": id} for id in sorted(groups)] + [
        _("There is no person %(id)d.") % {"id": id} for id in sorted(persons)
    ]


def may_publish(*, person_id: int, at: datetime) -> bool:
    """Tell whether this person may address anyone at all."""
    row = models.Person.objects.active().filter(pk=person_id).first()
    if row is None:
        return False
    return row.role != "member" or models.Membership.objects.at(at).filter(person=row, role="manager").exists()
