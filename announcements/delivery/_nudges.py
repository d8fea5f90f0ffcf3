"""Mails that are due: claimed by the UPDATE, looked at again, submitted outside any transaction, settled."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.utils.translation import gettext as _

from announcements.delivery import _digests, models
from announcements.delivery._values import NudgeStep, Swept
from announcements.delivery.channels import mail
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing

BATCH = 50
BY_HAND = 100
ATTEMPTS = 8
Row = TypeVar("Row", models.Nudge, models.Digest)
Held = QuerySet[models.Nudge] | QuerySet[models.Digest]


def tick(*, now: datetime, clock: Callable[[], datetime]) -> int:
    """Send what is due, in batches until nothing is left; return how many rows were settled. Two ticks at once share the work."""
    _digests.plan(now=now)
    settled = 0
    while rows := _claimed(now):
        with mail.Transport() as transport:
            for row in rows:
                _send(row, transport, clock)
                settled += 1
    return settled


def _claimed(now: datetime) -> list[models.Nudge | models.Digest]:
    return [*claim(models.Nudge, now), *claim(models.Digest, now)]


def claim(kind: type[Row], now: datetime, limit: int = BATCH) -> list[Row]:
    """Take rows that are due; each goes to one taker, by a conditional UPDATE, and comes back when its lease runs out."""
    due = list(
        kind.objects.filter(state="queued", due_at__lte=now)
        .order_by("due_at", "id")
        .values_list("pk", flat=True)[:limit]
    )
    lease = now + timedelta(seconds=settings.LEASE_SECONDS)
    mine = [
        pk
        for pk in due
        if kind.objects.filter(pk=pk, state="queued", due_at__lte=now).update(
            state="submitting", leased_until=lease, body_started_at=None, attempts=F("attempts") + 1
        )
    ]
    return list(kind.objects.filter(pk__in=mine).order_by("due_at", "id"))


def _send(row: models.Nudge | models.Digest, transport: mail.Transport, clock: Callable[[], datetime]) -> None:
    """Look again whether it still has to go, hand it over, write down what the server said."""
    now = clock()
    held = type(row).objects.filter(pk=row.pk, state="submitting", leased_until=row.leased_until)
    letter = _nudge(row, now) if isinstance(row, models.Nudge) else _digests.letter(row, now=now)
    if isinstance(letter, str):
        held.update(state="skipped", reason=letter)
    elif isinstance(letter, datetime):
        held.update(state="queued", due_at=letter, leased_until=None, attempts=F("attempts") - 1)
    else:
        outcome = transport.submit(letter, on_body=partial(_started, held, clock))
        _settle(row, held, outcome, clock())


def _started(held: Held, clock: Callable[[], datetime]) -> bool:
    """Commit that the body goes out now; say no when the lease was lost meanwhile."""
    return bool(held.update(body_started_at=clock()))


def _settle(row: models.Nudge | models.Digest, held: Held, outcome: mail.Outcome, now: datetime) -> None:
    reply = outcome.reply[:200]
    if outcome.kind == "later" and row.attempts < ATTEMPTS:
        wait = timedelta(minutes=min(60, 2**row.attempts))
        held.update(state="queued", due_at=now + wait, leased_until=None, reply=reply)
        return
    state = "failed" if outcome.kind == "later" else outcome.kind
    held.update(state=state, reply=reply, submitted_at=now if state == "submitted" else None)
    if state == "submitted" and isinstance(row, models.Digest):
        _digests.mention(row, now=now)


def _nudge(row: models.Nudge, now: datetime) -> mail.Mail | datetime | str:
    """Return the mail; a time when it has to wait for their working hours; or why it is not needed any more."""
    said = publishing.get_many(ids=[row.announcement_id]).get(row.announcement_id)
    person = people.get_many(ids=[row.recipient_id]).get(row.recipient_id)
    if said is None or said.state(now) != "published":
        return "announcement_gone"
    if person is None or person.state != "active":
        return "person_inactive"
    if models.Delivery.objects.filter(
        announcement_id=said.id, recipient_id=person.id, acknowledged_at__isnull=False
    ).exists():
        return "acknowledged"
    if (moment := person.working_time.next_moment(now)) != now:
        return moment
    confirmed = models.Delivery.objects.filter(announcement_id=said.id).aggregate(
        n=Count("id"), yes=Count("acknowledged_at")
    )
    return mail.nudge_mail(
        person=person,
        announcement=said,
        author=people.person(person_id=said.author_id),
        step=(row.step, len(said.nudge_hours)),
        confirmed=(confirmed["yes"], confirmed["n"]),
        now=now,
    )


def sweep(*, now: datetime, fan_outs: Collection[int]) -> Swept:
    """Return what a dead worker held: queued again when its body had not begun, else uncertain, which no machine sends again."""
    returned = uncertain = 0
    for kind in (models.Nudge, models.Digest):
        dead = kind.objects.filter(state="submitting", leased_until__lt=now)
        uncertain += dead.filter(body_started_at__isnull=False).update(state="uncertain", reason="worker_lost")
        returned += dead.filter(body_started_at=None).update(state="queued", leased_until=None)
    return Swept(fan_outs=tuple(fan_outs), returned=returned, uncertain=uncertain)


@transaction.atomic
def nudge_now(*, by: int, announcement_id: int, person_ids: list[int] | None = None, now: datetime) -> int:
    """Nudge who is missing at their next working moment; return how many were queued. Raises NotFound, or Conflict when nobody was asked."""
    said = publishing.find(by=by, announcement_id=announcement_id, now=now)
    if not said.ask_acknowledge or said.state(now) != "published":
        raise errors.Conflict(_("There is nobody to nudge: it does not ask to be acknowledged, or is not published."))
    missing = models.Delivery.objects.filter(announcement_id=said.id, acknowledged_at=None)
    if person_ids is not None:
        missing = missing.filter(recipient_id__in=person_ids)
    waiting = models.Nudge.objects.filter(
        announcement_id=said.id, step__gte=BY_HAND, state__in=["queued", "submitting"]
    )
    ids = set(missing.values_list("recipient_id", flat=True)) - set(waiting.values_list("recipient_id", flat=True))
    last = models.Nudge.objects.filter(announcement_id=said.id, step__gte=BY_HAND).aggregate(m=Max("step"))["m"]
    persons = [person for person in people.get_many(ids=ids).values() if person.state == "active"]
    models.Nudge.objects.bulk_create(
        models.Nudge(
            announcement_id=said.id,
            recipient_id=person.id,
            workspace_id=said.workspace_id,
            step=(last or BY_HAND) + 1,
            due_at=person.working_time.next_moment(now),
        )
        for person in persons
    )
    return len(persons)


def stop_nudges(*, by: int, announcement_id: int, now: datetime) -> int:
    """Stop all nudges of an announcement that are still to come; return how many. Raises NotFound."""
    said = publishing.find(by=by, announcement_id=announcement_id, now=now)
    return models.Nudge.objects.filter(announcement_id=said.id, state="queued").update(
        state="skipped", reason="stopped"
    )


def nudge_plan(*, by: int, announcement_id: int, now: datetime) -> list[NudgeStep]:
    """Return each step with when it lands and what became of it; raise NotFound."""
    said = publishing.find(by=by, announcement_id=announcement_id, now=now)
    rows = models.Nudge.objects.filter(announcement_id=said.id).values("step").order_by("step")
    many = {state: Count("id", filter=Q(state=state)) for state in ("submitted", "skipped", "failed", "uncertain")}
    queued = Count("id", filter=Q(state__in=["queued", "submitting"]))
    steps = rows.annotate(due_first=Min("due_at"), due_last=Max("due_at"), queued=queued, **many)
    named: list[dict[str, Any]] = [dict(row) for row in steps]
    return [NudgeStep(**row | {"step": row["step"] if row["step"] < BY_HAND else 0}) for row in named]
