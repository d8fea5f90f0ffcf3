"""Claims on rows that are due: taken many at once, held by a lease, begun and given back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

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


def begin(row: Row, now: datetime) -> bool:
    """Commit that the body goes out now, under a new lease; say no when the old one was lost meanwhile."""
    lease = _lease(now)
    if not _change(row, {"body_started_at": now, "leased_until": lease}, "submitting"):
        return False
    row.leased_until = lease
    return True


def submitted(row: Row, reply: str, now: datetime) -> bool:
    """Write down that the mail server took it; say no when somebody settled it otherwise."""
    said = {"state": "submitted", "reason": "", "reply": reply, "submitted_at": now}
    return _change(row, said, "submitting", "uncertain")


def _change(row: Row, said: dict[str, Any], *states: str) -> bool:
    """Change a row as `ours(row, *states).update(**said)` would, for what is done to each mail."""
    return bool(bulk.change(type(row), said, {"id": row.pk, "leased_until": row.leased_until}, {"state": states}))


def again(row: Row, at: datetime) -> None:
    """Look at it again then; that was no attempt."""
    ours(row, "submitting").update(state="queued", due_at=at, leased_until=None, attempts=F("attempts") - 1)


def release(rows: Collection[Row]) -> None:
    """Give back what was claimed and not begun, as it was."""
    for row in list(rows)[:1]:
        held = type(row).objects.filter(pk__in=[one.pk for one in rows], state="submitting", body_started_at=None)
        held = held.filter(leased_until=row.leased_until)
        held.update(state="queued", leased_until=None, attempts=F("attempts") - 1)
