"""Claims on rows that are due: taken many at once, held by a lease, begun and given back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.db.models import F

from announcements.delivery import models
from announcements.kernel import bulk

Row = models.TestMail | models.Nudge | models.Digest
Kind = type[models.TestMail] | type[models.Nudge] | type[models.Digest]


@transaction.atomic
def claim(kind: Kind, ids: Collection[int], now: datetime) -> list[Row]:
    """Take those of these rows that are due and nobody has, until their lease runs out; the oldest first.

    Two workers never take the same: on PostgreSQL each passes over what the other has locked, on SQLite one writes at a time.
    """
    due = kind.objects.filter(pk__in=ids, state="queued", due_at__lte=now).order_by("due_at", "id")
    rows: list[Row] = list(due.select_for_update(skip_locked=True))
    lease = _lease(now)
    taken = kind.objects.filter(pk__in=[row.pk for row in rows])
    taken.update(state="submitting", leased_until=lease, body_started_at=None, attempts=F("attempts") + 1)
    for row in rows:
        row.state, row.leased_until, row.body_started_at, row.attempts = "submitting", lease, None, row.attempts + 1
    return rows


def _lease(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.LEASE_SECONDS)


def ours(row: Row, *states: str) -> Any:
    """Return the row as long as our claim on it stands: every claim has a lease of its own."""
    return type(row).objects.filter(pk=row.pk, state__in=states, leased_until=row.leased_until)


def begin(rows: Sequence[Row], now: datetime) -> set[int]:
    """Commit that the bodies of these, which one claim took, go out now, under a new lease; return the ids of those that it still held."""
    if not rows:
        return set()
    kind, ids, lease = type(rows[0]), tuple(row.pk for row in rows), _lease(now)
    said = {"body_started_at": now, "leased_until": lease}
    begun = bulk.change(kind, said, {"leased_until": rows[0].leased_until}, {"id": ids, "state": ("submitting",)})
    held = set(ids) if begun == len(ids) else _held(kind, ids, lease)
    for row in rows:
        if row.pk in held:
            row.leased_until = lease
    return held


def submitted(replies: Mapping[Row, str], now: datetime) -> set[int]:
    """Write down that the mail server took these, which began together; return the ids of those that nobody settled otherwise."""
    rows = list(replies)
    kind, ids, lease = type(rows[0]), tuple(row.pk for row in rows), rows[0].leased_until
    still = {"leased_until": lease}, {"state": ("submitting", "uncertain")}
    said = {"state": "submitted", "reason": "", "submitted_at": now}
    if len(set(replies.values())) == 1:
        many = bulk.change(kind, said | {"reply": replies[rows[0]]}, still[0], {"id": ids, **still[1]})
    else:
        many = bulk.update(kind, ["reply"], [(row.pk, reply) for row, reply in replies.items()], said, *still)
    if many == len(ids):
        return set(ids)
    taken = kind.objects.filter(pk__in=ids, state="submitted", leased_until=lease, submitted_at=now)
    return set(taken.values_list("pk", flat=True))


def _held(kind: Kind, ids: Collection[int], lease: datetime) -> set[int]:
    return set(kind.objects.filter(pk__in=ids, state="submitting", leased_until=lease).values_list("pk", flat=True))


def still_ours(rows: Sequence[Row]) -> list[Row]:
    """Return those of a claim that nobody else has taken or settled: its lease may have run out."""
    held = _held(type(rows[0]), [row.pk for row in rows], cast(datetime, rows[0].leased_until)) if rows else set()
    return [row for row in rows if row.pk in held]


def set_aside(said: Mapping[Row, datetime | str]) -> int:
    """Let rows of one claim that are not sent now wait until then, which was no attempt, or skip them with a reason; return how many."""
    alike: dict[datetime | str, list[Row]] = {}
    for row, what in said.items():
        alike.setdefault(what, []).append(row)
    for what, rows in alike.items():
        held = type(rows[0]).objects.filter(pk__in=[row.pk for row in rows], state="submitting")
        held = held.filter(leased_until=rows[0].leased_until)
        if isinstance(what, str):
            held.update(state="skipped", reason=what)
        else:
            held.update(state="queued", due_at=what, leased_until=None, attempts=F("attempts") - 1)
    return len(said)


def release(rows: Collection[Row]) -> None:
    """Give back what was claimed and not begun, as it was."""
    for row in list(rows)[:1]:
        held = type(row).objects.filter(pk__in=[one.pk for one in rows], state="submitting", body_started_at=None)
        held = held.filter(leased_until=row.leased_until)
        held.update(state="queued", leased_until=None, attempts=F("attempts") - 1)
