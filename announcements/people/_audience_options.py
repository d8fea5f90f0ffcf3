"""What an audience may be chosen from: everyone, groups, attributes, people; ranked, counted, only what one may address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.people import _checks, models
from announcements.people._audience_values import Attribute, AudienceOption
from announcements.people._audience_words import FIELDS, attribute_in_words
from announcements.people._audiences import managed_groups, managed_people, may_publish
from announcements.people._tree import Tree

_TYPES = ("everyone", "group", "attribute", "person")
_NOT = 9


def audience_options(
    *, by: int, search: str = "", excepting: bool = False, limit: int = 20, now: datetime
) -> tuple[AudienceOption, ...]:
    """Return what `by` may choose, best first: what the search begins, then what has it at a word's start, then within.

    Without a search everyone, the upper groups and the most common attributes; people have to be searched for. `excepting`
    asks for what may be left out instead: a manager may except any group, and what is true of people in theirs. Raises
    Forbidden for who may address nobody.
    """
    actor = _checks.actor(by)
    if not may_publish(person_id=by, at=now):
        raise errors.Forbidden(_("You may publish once you manage a group. Ask an admin."))
    wanted = _checks.same_name(" ".join(search.split()))
    bound = actor.role == "member"
    theirs = managed_people(actor, now) if bound else models.Person.objects.of(actor.workspace_id).active_at(now)
    found = list(_groups(actor, wanted, bound and not excepting, limit, now))
    if not bound or excepting:
        found += _attributes(theirs, wanted)
    if not bound and not excepting and _rank(_("Everyone"), wanted) != _NOT:
        found.append(AudienceOption("everyone", _("Everyone"), theirs.count()))
    if wanted:
        found += _people(theirs, wanted, limit)
    ranked = sorted(found, key=lambda one: _order(one, wanted))
    return tuple((ranked if wanted else _mixed(ranked, limit))[:limit])


def _mixed(ranked: list[AudienceOption], limit: int) -> list[AudienceOption]:
    """Return a first look without a search: of many groups so few that the most common attributes have room too."""
    attributes = [one for one in ranked if one.type == "attribute"][: limit // 3]
    others = [one for one in ranked if one.type != "attribute"]
    return others[: limit - len(attributes)] + attributes


def _rank(label: str, wanted: str) -> int:
    """Return how well a label fits, 0 the best."""
    said = _checks.same_name(label)
    if wanted == said or not wanted:
        return 0
    if said.startswith(wanted):
        return 1
    if f" {wanted}" in said:
        return 2
    return 3 if wanted in said else _NOT


def _order(one: AudienceOption, wanted: str) -> tuple[int, int, int, str]:
    # What is found by something else than its label, such as a person by their address, comes last.
    return _rank(one.label, wanted), _TYPES.index(one.type), -one.people, one.label


def _groups(actor: models.Person, wanted: str, own: bool, limit: int, now: datetime) -> Iterator[AudienceOption]:
    tree = Tree(actor.workspace_id, now)
    rows = models.Group.objects.of(actor.workspace_id).open(now).filter(created_at__lte=now)
    named = {row.pk: row for row in rows}
    allowed = managed_groups(actor, now) if own else set(named)
    fitting = [row for row in named.values() if row.pk in allowed and _rank(row.name, wanted) != _NOT]
    depth = {row.pk: 0 if wanted else len(tree.above(row.pk)) for row in fitting}
    shown = sorted(fitting, key=lambda row: (_rank(row.name, wanted), depth[row.pk], row.name))[:limit]
    sizes = _sizes(tree, [row.pk for row in shown], now)
    for row in shown:
        above = [named[up].name for up in reversed(tree.above(row.pk)[1:]) if up in named]
        yield AudienceOption("group", row.name, sizes[row.pk], id=row.pk, kind=row.kind, detail=" › ".join(above))


def _sizes(tree: Tree, group_ids: Collection[int], now: datetime) -> dict[int, int]:
    """Count each group's active people; those of sub-groups too, once each."""
    families = {group_id: tree.below([group_id]) for group_id in group_ids}
    active = models.Membership.objects.at(now).filter(person__deactivated_at=None, person__joined_at__lte=now)
    inside: dict[int, set[int]] = {}
    for group_id, person_id in active.filter(group__in=set().union(*families.values())).values_list(
        "group_id", "person_id"
    ):
        inside.setdefault(group_id, set()).add(person_id)
    return {
        group_id: len(set().union(*(inside[one] for one in family if one in inside)))
        for group_id, family in families.items()
    }


def _attributes(rows: models.PersonQuerySet, wanted: str) -> Iterator[AudienceOption]:
    for field, name in FIELDS.items():
        spelled = rows.order_by().exclude(**{field: ""}).values_list(field).annotate(n=Count("pk"))
        counts: Counter[str] = Counter()
        shown: dict[str, str] = {}
        for value, many in sorted(spelled, key=lambda pair: (-pair[1], pair[0])):
            same = _checks.same_name(value)
            counts[same] += many
            shown.setdefault(same, value)
        for same, value in shown.items():
            label = attribute_in_words(attribute=Attribute(field, value))
            if _rank(label, wanted) != _NOT or _rank(value, wanted) != _NOT:
                yield AudienceOption("attribute", label, counts[same], field=field, value=value, detail=str(name))


def _people(rows: models.PersonQuerySet, wanted: str, limit: int) -> Iterator[AudienceOption]:
    address = Q(elsewhere="", email__istartswith=wanted) | Q(elsewhere__istartswith=wanted)
    first = Q(name__istartswith=wanted) | address
    found = list(rows.filter(first).order_by("name", "id")[:limit])
    if len(found) < limit:
        more = rows.filter(name__icontains=wanted).exclude(first)
        found += more.order_by("name", "id")[: limit - len(found)]
    for row in found:
        detail = ", ".join(filter(None, (row.title, row.location)))
        yield AudienceOption("person", row.name, 1, id=row.pk, detail=detail, picture=row.picture)
