"""Addresses that mail goes to no more: noted when they are refused, bounce or complain; lifted by a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from announcements.delivery import events
from announcements.delivery._bounce_models import Suppression as Row
from announcements.kernel import bulk, errors, text
from announcements.people import services as people

Why = Literal["refused", "bounced", "complained"]


@dataclass(frozen=True, slots=True)
class Suppression:
    """An address that is written to no more. `person_id` is whose it is now, if anybody's; `said` are the words of whoever told us."""

    id: int
    address: str
    person_id: int | None
    person_name: str
    reason: Why
    said: str
    suppressed_at: datetime


def suppress(*, workspace_id: int, address: str, reason: Why, said: str, now: datetime) -> bool:
    """Write to an address no more; return whether it was written to until now."""
    row = Row(workspace_id=workspace_id, address=address.casefold(), reason=reason, suppressed_at=now)
    row.said = text.one_line(said)[:300]
    if Row.objects.standing().filter(workspace_id=workspace_id, address=row.address).exists():
        return False
    Row.objects.bulk_create([row], ignore_conflicts=True)
    return True


def readers(recipient_ids: Collection[int]) -> dict[int, people.Person | str]:
    """Return who is to get a mail, or why they get none, by id."""
    return reached(recipient_ids, people.get_many(ids=recipient_ids))


def reached(recipient_ids: Collection[int], persons: Mapping[int, people.Person]) -> dict[int, people.Person | str]:
    """Return the same of people who are looked up already."""
    active = {id: persons[id] for id in recipient_ids if id in persons and persons[id].state == "active"}
    addresses = {person.email.casefold() for person in active.values()}
    places = {person.workspace_id for person in active.values()}
    standing = Row.objects.standing().filter(workspace_id__in=places, address__in=bulk.among_words(addresses))
    stopped = set(standing.values_list("workspace_id", "address")) if active else set()
    found = {
        id: "suppressed" if (person.workspace_id, person.email.casefold()) in stopped else person
        for id, person in active.items()
    }
    return {id: found.get(id, "person_inactive") for id in recipient_ids}


def unreachable(*, persons: Collection[people.Person]) -> dict[int, Suppression]:
    """Return, of these people of one workspace, those whose address mail does not reach."""
    by_address = {person.email.casefold(): person for person in persons}
    if not by_address:
        return {}
    workspace_id = next(iter(persons)).workspace_id
    rows = Row.objects.standing().filter(workspace_id=workspace_id, address__in=list(by_address))
    return {by_address[row.address].id: _value(row, by_address[row.address]) for row in rows}


def suppressions(
    *, by: int, search: str = "", before: tuple[datetime, int] | None = None, limit: int = 50
) -> list[Suppression]:
    """Return the addresses that one's workspace writes to no more, newest first; raise Forbidden unless admin or owner."""
    workspace_id = _admin(by).workspace_id
    rows = Row.objects.standing().filter(workspace_id=workspace_id, address__icontains=search.strip())
    if before:
        rows = rows.filter(Q(suppressed_at__lt=before[0]) | Q(suppressed_at=before[0], pk__lt=before[1]))
    page = list(rows.order_by("-suppressed_at", "-id")[:limit])
    persons = people.get_by_email(emails=[row.address for row in page], workspace_id=workspace_id)
    return [_value(row, persons.get(row.address)) for row in page]


@transaction.atomic
def lift_suppression(*, by: int, suppression_id: int, now: datetime) -> None:
    """Write to an address again; raise NotFound, or Forbidden unless admin or owner. Twice is once."""
    actor = people.find(by=by, person_id=by)
    row = Row.objects.filter(pk=suppression_id, workspace_id=actor.workspace_id).first()
    if row is None:
        raise errors.NotFound
    _admin(by)
    if not Row.objects.standing().filter(pk=row.pk).update(lifted_at=now, lifted_by=by):
        return
    events.noted.send(
        sender=None,
        workspace_id=row.workspace_id,
        by=by,
        verb="suppression_lifted",
        details={"address": row.address, "reason": row.reason},
        at=now,
    )


def _admin(by: int) -> people.Person:
    person = people.find(by=by, person_id=by)
    if person.role == "member":
        raise errors.Forbidden(_("Only admins and owners may do this."))
    return person


def _value(row: Row, person: people.Person | None) -> Suppression:
    return Suppression(
        id=row.pk,
        address=row.address,
        person_id=person.id if person else None,
        person_name=person.name if person else "",
        reason=row.reason,  # type: ignore[arg-type]  # its choices
        said=row.said,
        suppressed_at=row.suppressed_at,
    )
