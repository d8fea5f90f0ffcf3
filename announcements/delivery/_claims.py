"""Claims on rows that are due: taken many at once, held by a lease, begun and given back."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.db.models import F, IntegerField, TextField, Value

from announcements.delivery import models
from announcements.kernel import bulk

# Stands with a row from when it is sent once more, whatever is said to that, so that it is not sent a third time.
AGAIN = "sent_again"
Kind = type[models.TestMail] | type[models.Nudge] | type[models.Digest]
_NO_NUMBER, _NO_WORD = Value(0, IntegerField()), Value("", TextField())
COLUMNS: tuple[Any, ...] = ("pk", "recipient_id", "workspace_id", "due_at", "reason", F("attempts") + 1)
OWN_COLUMNS: dict[Kind, tuple[Any, ...]] = {
    models.TestMail: ("announcement_id", _NO_NUMBER, _NO_WORD),
    models.Nudge: ("announcement_id", "step", _NO_WORD),
    models.Digest: (_NO_NUMBER, _NO_NUMBER, "period"),
}


@dataclass(slots=True, eq=False)
class Row:
    """A claimed row, as far as it is needed until it is settled: of very many, a model each costs the most."""

    kind: Kind
    leased_until: datetime | None
    id: int
    recipient_id: int
    workspace_id: int
    due_at: datetime
    reason: str
    attempts: int
    announcement_id: int  # 0 of a digest
    step: int  # 0 but of a nudge
    period: str  # empty but of a digest
    whose: Hashable = field(init=False)  # the same for steps of one person, which wait for each other

    def __post_init__(self) -> None:
        self.whose = self.recipient_id, self.announcement_id

    def __str__(self) -> str:
        return f"{self.name} {self.id}"

    @property
    def name(self) -> str:
        """What it is, in a word."""
        return str(self.kind._meta.model_name)


@transaction.atomic
def claim(kind: Kind, ids: Collection[int], now: datetime) -> list[Row]:
    """Take those of these rows that are due and nobody has, until their lease runs out; the oldest first.

    Two workers never take the same: on PostgreSQL each passes over what the other has locked, on SQLite one writes at a time.
    """
    due = kind.objects.filter(pk__in=bulk.among(ids), state="queued", due_at__lte=now).order_by("due_at", "id")
    lease, columns = _lease(now), COLUMNS + OWN_COLUMNS[kind]
    rows = [Row(kind, lease, *said) for said in due.select_for_update(skip_locked=True).values_list(*columns)]
    taken = kind.objects.filter(pk__in=bulk.among([row.id for row in rows]))
    taken.update(state="submitting", leased_until=lease, body_started_at=None, attempts=F("attempts") + 1)
    return rows


def once_more(rows: Any) -> Any:
    """Return of these first nudges those that may go once more, though nobody knows whether they arrived: none unless the operator says so."""
    if not settings.MAIL_FIRST_AGAIN or rows.model is not models.Nudge:
        return rows.none()
    return rows.filter(step=1).exclude(reason=AGAIN)


def _lease(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.LEASE_SECONDS)


def ours(row: Row, *states: str) -> Any:
    """Return the row as long as our claim on it stands: every claim has a lease of its own."""
    return row.kind.objects.filter(pk=row.id, state__in=states, leased_until=row.leased_until)


@dataclass(frozen=True, slots=True)
class Step:
    """What a step changed: ids of rows that were `taken`, and of those that have `begun`."""

    taken: set[int]
    begun: set[int]


def step(taken: Mapping[Row, str], begin: Sequence[Row], now: datetime) -> Step:
    """Commit by one statement that the mail server took these, which began together, with its words; and that the bodies of those,
    which one claim took, go out now, under a new lease. Of each only what nobody settled otherwise is changed, and returned.
    """
    if not taken and not begin:
        return Step(set(), set())
    kind, lease = next(iter(taken or begin)).kind, _lease(now)
    given: list[Any] = [now, now, lease]
    given += [value for row, reply in taken.items() for value in (row.id, reply)]
    for rows in (list(taken), begin):
        given += [rows[0].leased_until, *(row.id for row in rows)] if rows else []
    changed = dict(bulk.run(kind, _step(len(taken), len(begin)), given))
    begun = {row.id for row in begin if changed.get(row.id) == "submitting"}
    for row in begin:
        if row.id in begun:
            row.leased_until = lease
    return Step({row.id for row in taken if changed.get(row.id) == "submitted"}, begun)


@lru_cache(256)
def _step(taken: int, begin: int) -> str:
    """Return the statement for so many. A row that has not begun is told from one that has by what stands in it."""
    replies = f"CASE id {'WHEN %s THEN %s ' * taken}ELSE reply END" if taken else "reply"
    groups = [
        f"(body_started_at IS NOT NULL AND state IN ('submitting', 'uncertain') AND {_of_lease(taken)})"
        if taken
        else "",
        f"(body_started_at IS NULL AND state = 'submitting' AND {_of_lease(begin)})" if begin else "",
    ]
    written = f"""
        submitted_at = CASE WHEN body_started_at IS NULL THEN submitted_at ELSE %s END,
        body_started_at = CASE WHEN body_started_at IS NULL THEN %s ELSE body_started_at END,
        leased_until = CASE WHEN body_started_at IS NULL THEN %s ELSE leased_until END,
        state = CASE WHEN body_started_at IS NULL THEN state ELSE 'submitted' END,
        reason = CASE WHEN body_started_at IS NULL THEN reason ELSE '' END,
        reply = {replies}"""
    return f"UPDATE {{table}} SET {written} WHERE {' OR '.join(filter(None, groups))} RETURNING id, state"  # noqa: S608  numbers


def _of_lease(many: int) -> str:
    return f"leased_until = %s AND id IN ({', '.join(['%s'] * many)})"


def not_begun(rows: Sequence[Row], lease: datetime | None, now: datetime) -> None:
    """Write down that the bodies of these, which may say that they began under a new lease, did not go out; they have `lease` again."""
    if rows:
        begun = rows[0].kind.objects.filter(pk__in=[row.id for row in rows], state="submitting", body_started_at=now)
        begun.filter(leased_until=_lease(now)).update(body_started_at=None, leased_until=lease)
    for row in rows:
        row.leased_until = lease


def _held(kind: Kind, ids: Collection[int], lease: datetime) -> set[int]:
    return set(kind.objects.filter(pk__in=ids, state="submitting", leased_until=lease).values_list("pk", flat=True))


def still_ours(rows: Sequence[Row]) -> list[Row]:
    """Return those of a claim that nobody else has taken or settled: its lease may have run out."""
    held = _held(rows[0].kind, [row.id for row in rows], cast(datetime, rows[0].leased_until)) if rows else set()
    return [row for row in rows if row.id in held]


def set_aside(said: Mapping[Row, datetime | str]) -> int:
    """Let rows of one claim that are not sent now wait until then, which was no attempt, or skip them with a reason; return how many."""
    alike: dict[datetime | str, list[Row]] = {}
    for row, what in said.items():
        alike.setdefault(what, []).append(row)
    for what, rows in alike.items():
        held = rows[0].kind.objects.filter(pk__in=[row.id for row in rows], state="submitting")
        held = held.filter(leased_until=rows[0].leased_until)
        if isinstance(what, str):
            held.update(state="skipped", reason=what)
        else:
            held.update(state="queued", due_at=what, leased_until=None, attempts=F("attempts") - 1)
    return len(said)


def release(rows: Collection[Row]) -> None:
    """Give back what was claimed and not begun, as it was."""
    for row in list(rows)[:1]:
        held = row.kind.objects.filter(pk__in=[one.id for one in rows], state="submitting", body_started_at=None)
        held = held.filter(leased_until=row.leased_until)
        held.update(state="queued", leased_until=None, attempts=F("attempts") - 1)
