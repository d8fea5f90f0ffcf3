"""Many people at once, as a list of them needs it. Each call is one transaction.

The trail has each of them, as if it had been done one by one; `through` is what it was done with: "import:12".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from announcements.kernel import bulk, errors
from announcements.people import _checks, _elsewhere, events, models
from announcements.people._groups import tell
from announcements.people._values import Role, State, state_of

BATCH = 2000
ROLES = ("member", "admin", "owner")


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody as a list has them, with the groups they are in themselves."""

    id: int
    email: str
    name: str
    title: str
    location: str
    timezone: str
    locale: str
    role: Role
    state: State
    group_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody to add; without a zone they get the workspace's."""

    email: str
    name: str
    title: str = ""
    location: str = ""
    timezone: str = ""
    locale: str = ""
    role: str = "member"


@dataclass(frozen=True, slots=True)
class Updated:
    """What was written of whom, each field from what to what; and who is left of whom something could not be."""

    done: Mapping[int, Mapping[str, tuple[str, str]]]
    left: frozenset[int]


def tidy_address(*, email: str) -> str:
    """Return an address as it is kept and compared; raise Invalid."""
    return _checks.address(email)


def tidy_name(*, name: str) -> str:
    """Return a name as it is compared: its case, width and accents' spelling aside."""
    return _checks.same_name(name)


def listed(
    *, by: int, emails: Collection[str] | None = None, after: int = 0, limit: int = BATCH, now: datetime
) -> list[Listed]:
    """Return people by id after the cursor, or those with these addresses; raise Forbidden unless admin or owner."""
    rows = models.Person.objects.of(_checks.admin(by).workspace_id)
    rows = (
        rows.filter(pk__gt=after).order_by("pk")[:limit]
        if emails is None
        else rows.filter(_elsewhere.addressed(emails))
    )
    found = list(rows)
    inside: dict[int, set[int]] = {row.pk: set() for row in found}
    memberships = models.Membership.objects.at(now).filter(person__in=list(inside))
    for person_id, group_id in memberships.values_list("person_id", "group_id"):
        inside[person_id].add(group_id)
    return [
        Listed(
            id=row.pk,
            email=_elsewhere.address(row),
            name=row.name,
            title=row.title,
            location=row.location,
            timezone=row.timezone,
            locale=row.locale,
            role=row.role,
            state=state_of(row),
            group_ids=frozenset(inside[row.pk]),
        )
        for row in found
    ]


def all_but_owners(*, by: int) -> frozenset[int]:
    """Return the ids of everybody who is not deactivated, but owners and who asks; raise Forbidden."""
    rows = models.Person.objects.of(_checks.admin(by).workspace_id).filter(deactivated_at=None)
    return frozenset(rows.exclude(role="owner").exclude(pk=by).values_list("pk", flat=True))


def zones_by_location(*, by: int) -> dict[str, tuple[str, int]]:
    """Return for each location, as it is compared, the time zone most have there, and how many."""
    rows = models.Person.objects.of(_checks.admin(by).workspace_id).filter(deactivated_at=None).exclude(location="")
    counts: dict[str, Counter[str]] = {}
    for location, zone, many in rows.values_list("location", "timezone").annotate(many=Count("pk")):
        counts.setdefault(_checks.same_name(location), Counter())[zone] += many
    # The most first; by name where they are as many.
    return {place: min(zones.items(), key=lambda one: (-one[1], one[0])) for place, zones in counts.items()}


@transaction.atomic
def enter_many(*, by: int, newcomers: Sequence[Newcomer], through: str = "", now: datetime) -> dict[str, int]:
    """Add people who have yet to accept, and return their ids by address; an address that a colleague has is left out.

    Raises Forbidden, Invalid, or Conflict when somebody took one of the addresses meanwhile: then nobody was added.
    """
    admin = _checks.admin(by)
    if admin.role != "owner" and any(one.role == "owner" for one in newcomers):
        raise errors.Forbidden(_("Only owners may make or unmake owners."))
    unusable = make_password(None)  # one for all: it can match nothing, and making 50,000 takes seconds
    rows = {row.email: row for one in newcomers for row in [_row(admin.workspace, one, unusable, now)]}
    for colleague in models.Person.objects.of(admin.workspace_id).filter(_elsewhere.addressed(list(rows))):
        rows.pop(_elsewhere.address(colleague), None)
    for email in models.Person.objects.filter(email__in=list(rows)).values_list("email", flat=True):
        _elsewhere.put(rows[email])
    try:
        with transaction.atomic():
            added = _write(rows)
    except IntegrityError:
        raise errors.Conflict(_("Somebody has taken one of these addresses meanwhile.")) from None
    tell(added.values(), now)
    noted = (
        ("person_added", f"person:{added[email]}", {"email": email, "role": row.role}) for email, row in rows.items()
    )
    events.note_many(admin.workspace_id, by=by, at=now, through=through, noted=noted)
    return added


def _write(rows: Mapping[str, models.Person]) -> dict[str, int]:
    """Write new people, given by the addresses they are known by, and return their ids by these."""
    known_by = {row.email: email for email, row in rows.items()}
    fields = bulk.columns_of(models.Person)
    given = [[getattr(row, field) for field in fields] for row in rows.values()]
    return {known_by[email]: pk for email, pk in bulk.insert(models.Person, fields, given, ("email", "pk"))}


def _row(workspace: models.Workspace, one: Newcomer, password: str, now: datetime) -> models.Person:
    return models.Person(
        workspace=workspace,
        email=_checks.address(one.email),
        name=_checks.label("name", one.name),
        title=_checks.label("title", one.title, empty=True),
        location=_checks.label("location", one.location, empty=True),
        role=_checks.one_of("role", one.role, ROLES),
        locale=_checks.locale(one.locale or "en"),
        timezone=_checks.zone(one.timezone or workspace.timezone),
        work_days=workspace.work_days,
        work_starts=workspace.work_starts,
        work_ends=workspace.work_ends,
        invited_at=now,
        password=password,
    )


_CHECKED: dict[str, Callable[[str], str]] = {
    "name": lambda value: _checks.label("name", value),
    "title": lambda value: _checks.label("title", value, empty=True),
    "location": lambda value: _checks.label("location", value, empty=True),
    "locale": _checks.locale,
    "timezone": _checks.zone,
    "role": lambda value: _checks.one_of("role", value, ROLES),
}


@transaction.atomic
def update_many(
    *,
    by: int,
    changes: Mapping[int, Mapping[str, Sequence[str]]],
    whole: bool = False,
    through: str = "",
    now: datetime,
) -> Updated:
    """Write fields of people, by id, each from what it was seen to be to what it becomes. Raise Forbidden or Invalid.

    What is otherwise by now stays; with `whole`, nothing of that person is written. Only owners make and unmake owners, nobody oneself.
    """
    admin = _checks.admin(by)
    if any(pairs["role"][0] == "owner" for pairs in changes.values() if "role" in pairs):
        _checks.locked(admin.workspace_id)  # two owners must not unmake each other
        admin = _checks.admin(by)
    rows = models.Person.objects.of(admin.workspace_id).filter(pk__in=list(changes)).order_by("pk").select_for_update()
    done: dict[int, dict[str, tuple[str, str]]] = {}
    left = set(changes)
    touched: list[models.Person] = []
    for row in rows:
        wanted = _open(row, changes[row.pk])
        written = {field: pair for field, pair in wanted.items() if _may_write(admin, row, field, pair)}
        if len(written) == len(wanted):
            left.remove(row.pk)
        elif whole:
            continue
        for field, (_before, value) in written.items():
            setattr(row, field, value)
        if written:
            done[row.pk] = written
            touched.append(row)
    if touched:
        fields = sorted({field for written in done.values() for field in written})
        models.Person.objects.bulk_update(touched, fields, batch_size=200)
        _tell(admin, done, through, now)
    return Updated(done, frozenset(left))


def _open(row: models.Person, pairs: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, str]]:
    """Return what has yet to be written: what is as it should be by now is not among it."""
    tidy = {field: (before, _CHECKED[field](value)) for field, (before, value) in pairs.items()}
    return {field: pair for field, pair in tidy.items() if getattr(row, field) != pair[1]}


def _may_write(admin: models.Person, row: models.Person, field: str, pair: tuple[str, str]) -> bool:
    before, value = pair
    if getattr(row, field) != before:
        return False
    return field != "role" or (row.pk != admin.pk and ("owner" not in pair or admin.role == "owner"))


def _tell(admin: models.Person, done: Mapping[int, Mapping[str, tuple[str, str]]], through: str, now: datetime) -> None:
    tell(done, now)
    events.note_many(
        admin.workspace_id, by=admin.pk, at=now, through=through,
        noted=(deed for person_id, written in done.items() for deed in _deeds(person_id, written)),
    )  # fmt: skip
    if any({"name", "title"} & written.keys() for written in done.values()):
        events.names_changed.send(sender=None, workspace_id=admin.workspace_id, at=now)


def _deeds(person_id: int, written: Mapping[str, tuple[str, str]]) -> Iterator[events.Deed]:
    if "role" in written:
        before, value = written["role"]
        yield "role_changed", f"person:{person_id}", {"from": before, "to": value}
    if others := sorted(written.keys() - {"role"}):
        yield "person_changed", f"person:{person_id}", {"fields": others}
