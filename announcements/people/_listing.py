"""The list of people: filtered, sorted, in parts, and counted. The number of queries does not depend on how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Q

from announcements.people import _checks, models
from announcements.people._groups import count_people
from announcements.people._listing_values import (
    BY_NAME,
    EVERYBODY,
    Belonging,
    Counts,
    Listing,
    Mark,
    Order,
    Place,
    Profile,
    Sort,
    Wanted,
)
from announcements.people._tree import Tree
from announcements.people._values import State, as_person

MOST_LOCATIONS = 200
FEW = 500
_ENTERED = Q(joined_at__isnull=False)
_NO_PASSWORD = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
_HERE = Q(deactivated_at=None)
_STATES: dict[State, Q] = {
    "active": _HERE & _ENTERED,
    "invited": _HERE & ~_ENTERED & _NO_PASSWORD,
    "waiting": _HERE & ~_ENTERED & ~_NO_PASSWORD,
    "deactivated": ~_HERE,
}


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of a sort that one index gives in order: who `keep` keeps, by `field`, then id."""

    keep: Q
    field: str


_ROLES = ("owner", "admin", "member")

# A column with empty places is two stretches, because databases disagree on where the empty ones belong.
_SORTS: dict[Sort, tuple[_Stretch, ...]] = {
    "name": (_Stretch(Q(), "name"),),
    "last_seen_on": (
        _Stretch(Q(last_seen_on=None), "id"),
        _Stretch(Q(last_seen_on__isnull=False), "last_seen_on"),
    ),
    "joined": (_Stretch(Q(joined_at=None), "id"), _Stretch(Q(joined_at__isnull=False), "joined_at")),
    "role": tuple(_Stretch(Q(role=role), "name") for role in _ROLES),
}


def listing(
    *,
    by: int,
    wanted: Wanted = EVERYBODY,
    order: Order = BY_NAME,
    after: Place | None = None,
    limit: int = 50,
    now: datetime,
) -> Listing:
    """Return colleagues, each exactly once from the first part to the last; raise NotFound for a group that is not theirs."""
    actor = _checks.actor(by)
    rows, total = _counted(_wanted(actor, wanted, now), wanted)
    back = after is not None and after.back
    found = _walk(rows, Order(order.by, order.down != back), after, limit + 1)
    more, shown = len(found) > limit, found[:limit][:: -1 if back else 1]
    following = _place(shown[-1], order, False) if shown and (more or back) else None
    preceding = _place(shown[0], order, True) if shown and (more if back else after is not None) else None
    return Listing(profiles(actor, shown, now), total, following, preceding)


def profile(*, by: int, person_id: int, now: datetime) -> Profile:
    """Return a colleague with their groups; raise NotFound across workspaces."""
    actor = _checks.actor(by)
    return profiles(actor, [_checks.colleague(actor, person_id)], now)[0]


def counts(*, by: int, now: datetime) -> Counts:
    """Return how many colleagues there are, by what a list of them is filtered by."""
    actor = _checks.actor(by)
    rows = models.Person.objects.of(actor.workspace_id)
    # Looked through once: places and zones are few, whoever is counted are many.
    kept = {name: Count("pk", filter=state) for name, state in _STATES.items()}
    found = list(rows.values_list("location", "timezone").annotate(**kept).order_by("location", "timezone"))
    states, locations, zones = Counter[State](), Counter[str](), Counter[str]()
    for location, zone, *numbers in found:
        states.update(dict(zip(_STATES, numbers, strict=True)))
        locations[location] += sum(numbers)
        zones[zone] += sum(numbers)
    del locations[""]
    tree = Tree(actor.workspace_id, now)
    memberships = models.Membership.objects.at(now).filter(group__workspace_id=actor.workspace_id)
    return Counts(
        total=states.total(),
        states={name: states[name] for name in _STATES},
        groups=dict.fromkeys(tree.parents, 0) | dict(count_people(tree, list(tree.parents), memberships)),
        locations=_most_first(locations)[:MOST_LOCATIONS],
        timezones=_most_first(zones),
    )


def _most_first(counted: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counted.items(), key=lambda one: (-one[1], one[0])))


def _wanted(actor: models.Person, wanted: Wanted, now: datetime) -> models.PersonQuerySet:
    exact = {"role": wanted.role, "timezone": wanted.timezone, "location__iexact": wanted.location}
    kept = Q(**{name: value for name, value in exact.items() if value})
    if wanted.state:
        kept &= _STATES[wanted.state]
    if wanted.not_seen_since:
        kept &= Q(last_seen_on=None) | Q(last_seen_on__lt=wanted.not_seen_since)
    if wanted.group_id is not None:
        kept &= _inside(actor, wanted.group_id, wanted.sub_groups, now)
    rows: models.PersonQuerySet = models.Person.objects.of(actor.workspace_id).filter(kept)
    return rows.search(wanted.search) if wanted.search else rows


def _counted(rows: models.PersonQuerySet, wanted: Wanted) -> tuple[models.PersonQuerySet, int]:
    """Return the rows with their number; few among many by their ids, so that they are looked for once and not again to sort."""
    if wanted != EVERYBODY:
        few = list(rows.values_list("pk", flat=True)[: FEW + 1])
        if len(few) <= FEW:
            return models.Person.objects.filter(pk__in=few), len(few)
    return rows, rows.count()


def _inside(actor: models.Person, group_id: int, sub_groups: bool, now: datetime) -> Q:
    group = _checks.group(actor, group_id)
    ids = Tree(actor.workspace_id, now).below([group.pk]) if sub_groups else {group.pk}
    return Q(pk__in=models.Membership.objects.at(now).filter(group__in=ids).values("person_id"))


def _walk(rows: models.PersonQuerySet, order: Order, after: Place | None, most: int) -> list[models.Person]:
    """Return at most so many rows, stretch by stretch."""
    found: list[models.Person] = []
    sign = "-" if order.down else ""
    for number, stretch in _from(order, after):
        part = rows.filter(stretch.keep)
        if after and number == after.stretch:
            part = _beyond(part, stretch.field, after, order.down)
        fields = dict.fromkeys([f"{sign}{stretch.field}", f"{sign}id"])
        found += part.order_by(*fields)[: most - len(found)]
        if len(found) == most:
            break
    return found


def _from(order: Order, after: Place | None) -> Iterator[tuple[int, _Stretch]]:
    """Give the stretches that are left, in the order's direction."""
    numbered = list(enumerate(_SORTS[order.by]))
    for number, stretch in reversed(numbered) if order.down else numbered:
        if after is None or (number <= after.stretch if order.down else number >= after.stretch):
            yield number, stretch


def _beyond(part: models.PersonQuerySet, field: str, after: Place, down: bool) -> models.PersonQuerySet:
    """Keep what comes after a place. The bound on the field alone is what an index can start from."""
    way = "lt" if down else "gt"
    if field == "id":
        return part.filter(**{f"pk__{way}": after.id})
    bounded = part.filter(**{f"{field}__{way}e": after.mark})
    return bounded.filter(Q(**{f"{field}__{way}": after.mark}) | Q(**{f"pk__{way}": after.id}))


def _place(row: models.Person, order: Order, back: bool) -> Place:
    stretches = _SORTS[order.by]
    if order.by == "role":
        return Place(row.name, row.pk, _ROLES.index(row.role), back)
    mark: Mark = getattr(row, stretches[-1].field)
    return Place(mark, row.pk, 0 if mark is None else len(stretches) - 1, back)


def profiles(actor: models.Person, rows: Sequence[models.Person], now: datetime) -> tuple[Profile, ...]:
    """Return these people in their order, each with their groups of now, as `actor` sees them."""
    groups: dict[int, list[Belonging]] = {}
    memberships = models.Membership.objects.at(now).filter(person__in=[row.pk for row in rows])
    for one in memberships.select_related("group").order_by("group__name", "group_id"):
        groups.setdefault(one.person_id, []).append(_belonging(one))
    return tuple(
        Profile(
            person=as_person(row),
            groups=tuple(groups.get(row.pk, ())),
            joined_at=row.joined_at,
            invited_at=None if actor.role == "member" else row.invited_at,
        )
        for row in rows
    )


def _belonging(row: models.Membership) -> Belonging:
    return Belonging(
        id=row.group_id,
        name=row.group.name,
        kind=row.group.kind,  # type: ignore[arg-type]  # checked on the way in
        role="manager" if row.role == "manager" else "member",
        by_rule=row.group.rule is not None and row.role == "member",
        started_at=row.started_at,
    )
