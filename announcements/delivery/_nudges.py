"""Nudges: what one says, and what an author does about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any, Literal

from django.db import transaction
from django.db.models import Case, Count, IntegerField, Max, Min, Q, When
from django.utils.translation import gettext as _

from announcements.delivery import _suppressions, events, models
from announcements.delivery._audiences import audiences
from announcements.delivery._by_hand import BY_HAND, Nudged, NudgePreview, missing
from announcements.delivery._claims import Row
from announcements.delivery._counts import counts
from announcements.delivery._transports import way_out
from announcements.delivery._values import NudgeStep
from announcements.delivery.channels import mail
from announcements.kernel import bulk, errors
from announcements.people import services as people
from announcements.publishing import services as publishing

# Another worker holds an earlier step of the same person: what becomes of it has to be known first.
BUSY: Literal["busy"] = "busy"
Letter = Callable[[], mail.Mail] | datetime | str


def look(rows: Sequence[Row], *, now: datetime, press: mail.Press) -> dict[int, Letter]:
    """Return, for each of these rows, what makes its mail; a time when it has to wait for their working hours; why it is not needed
    any more; or BUSY while another worker is at an earlier step of theirs. So many queries, however many rows.
    """
    known = publishing.get_many(ids={row.announcement_id for row in rows})
    said = {one.id: one for one in known.values() if one.state(now) == "published"}
    whom = {row.recipient_id for row in rows}
    persons = people.get_many(ids=whom | {one.author_id for one in said.values()})
    readers = _suppressions.reached(whom, persons)
    pairs = {"announcement_id__in": list(said), "recipient_id__in": bulk.among(readers)}
    confirmed = set(
        models.Delivery.objects.filter(**pairs, acknowledged_at__isnull=False).values_list(
            "announcement_id", "recipient_id"
        )
    )
    others = _others(rows, pairs)
    nudges = _nudges(said, persons, now, press)

    def found(row: Row) -> Letter:
        one, person = said.get(row.announcement_id), readers[row.recipient_id]
        if one is None:
            return "announcement_gone"
        if isinstance(person, str):
            return person
        if (one.id, person.id) in confirmed:
            return "acknowledged"
        if (steps := others.get((one.id, person.id))) and (hindered := _hindered(row, steps)):
            return hindered
        if (moment := person.working_time.next_moment(now)) != now:
            return moment
        return partial(nudges(one.id, row.step, person.locale), person)

    return {row.id: found(row) for row in rows}


def _nudges(
    said: Mapping[int, publishing.Announcement], persons: Mapping[int, people.Person], now: datetime, press: mail.Press
) -> Callable[[int, int, str], Callable[[people.Person], mail.Mail]]:
    """Return what tells, by announcement, step and language, what makes the nudges of all who are asked that."""
    counted = counts(list(said)) if said else {}
    words = cache(lambda locale: audiences(said.values(), locale))

    @cache
    def nudges(announcement_id: int, step: int, locale: str) -> Callable[[people.Person], mail.Mail]:
        one = said[announcement_id]
        steps, audience = (step, len(one.nudge_hours)), words(locale)[one.id]
        asked = mail.Asked(one, persons[one.author_id], steps, counted[one.id], audience)
        return mail.nudges(head=press.head(one.workspace_id), asked=asked, now=now, press=press)

    return nudges


Others = Sequence[tuple[int, str, datetime | None]]


def _others(rows: Sequence[Row], pairs: dict[str, Any]) -> Mapping[tuple[int, int], Others]:
    """Return the steps that have begun, or that somebody else holds, by announcement and recipient."""
    found: dict[tuple[int, int], list[tuple[int, str, datetime | None]]] = {}
    begun = models.Nudge.objects.filter(**pairs).exclude(state__in=["failed", "queued", "skipped"])
    others = begun.exclude(pk__in=bulk.among([row.id for row in rows]), body_started_at=None)
    columns = "announcement_id", "recipient_id", "pk", "state", "body_started_at"
    for one, who, *step in others.values_list(*columns):
        found.setdefault((one, who), []).append(tuple(step))
    return found


def _hindered(row: Row, others: Others) -> Literal["", "just_nudged", "busy"]:
    """Tell whether another step stands in the way.

    Steps pile up over a weekend, an absence or an outage: whoever had one since this was due is not told again.
    """
    if any(at and at >= row.due_at for pk, _state, at in others if pk != row.id):
        return "just_nudged"
    return BUSY if any(state == "submitting" and not at and pk < row.id for pk, state, at in others) else ""


@transaction.atomic
def nudge_now(
    *, by: int, announcement_id: int, person_ids: list[int] | None = None, again: bool = False, outside: bool = True,
    now: datetime,
) -> Nudged:  # fmt: skip
    """Nudge who is missing at their next working moment; who has none within a year, or an address that mail goes to no more, is not.
    Of some people what comes of it tells who is missing, and is noted as a look at their names.

    Who had a nudge in the last 24 hours is left out unless nudged `again`; who is outside of their working hours, unless these are nudged too.
    Raises NotFound, NotAuthor, or Conflict when nobody was asked.
    """
    said = _asking(by, announcement_id, now)
    models.FanOut.objects.hold(said.id)
    _note_look(by, said, person_ids, now)
    found = missing(said, person_ids, again=again, now=now)
    whom = [(person, at) for person, at in found.reached if outside or at == now]
    last = models.Nudge.objects.filter(announcement_id=said.id, step__gte=BY_HAND).aggregate(m=Max("step"))["m"]
    models.Nudge.objects.bulk_create(
        models.Nudge(
            announcement_id=said.id,
            recipient_id=person.id,
            workspace_id=said.workspace_id,
            step=(last or BY_HAND) + 1,
            due_at=at,
        )
        for person, at in whom
    )
    return Nudged(
        queued=len(whom),
        unreachable=found.unreachable,
        lately=0 if again else found.lately,
        never_at_work=found.never_at_work,
        mail=way_out(said.workspace_id, now)[0],
    )


def nudge_preview(*, by: int, announcement_id: int, person_ids: list[int] | None = None, now: datetime) -> NudgePreview:
    """Return what nudging by hand would do now. Of some people it tells who is missing, and is noted as a look at their names.

    Raises NotFound, NotAuthor, or Conflict when nobody was asked.
    """
    said = _asking(by, announcement_id, now)
    _note_look(by, said, person_ids, now)
    return missing(said, person_ids, now=now).preview(said.workspace_id, now)


def _note_look(by: int, said: publishing.Announcement, person_ids: list[int] | None, now: datetime) -> None:
    """Note that numbers of some people were told, which say of each whether they are missing; those of everybody name nobody."""
    if person_ids is None:
        return
    reached = models.Delivery.objects.filter(announcement_id=said.id, recipient_id__in=bulk.among(set(person_ids)))
    known = sorted(reached.values_list("recipient_id", flat=True))
    if not known:
        return
    details = {"title": said.title, "fact": "acknowledged", "person_ids": known}
    events.noted.send(
        sender=None,
        workspace_id=said.workspace_id,
        by=by,
        verb="missing_looked_at",
        subject=f"announcement:{said.id}",
        details=details,
        at=now,
    )


def _asking(by: int, announcement_id: int, now: datetime) -> publishing.Announcement:
    said = _own(by, announcement_id, now)
    if why := _nobody(said, now):
        raise errors.Conflict(why)
    return said


def _nobody(said: publishing.Announcement, now: datetime) -> str:
    """Say why nobody is nudged about this, and what to do; nothing where somebody may be."""
    state = said.state(now)
    if state in ("draft", "scheduled"):
        return _("It is not published yet. Once it is, who has not confirmed it can be nudged.")
    if state == "withdrawn":
        return _("It was withdrawn, so nobody is asked to confirm it any more.")
    if not said.ask_acknowledge:
        return _("It asks nobody to confirm it. How far it got is told by its analytics.")
    return (
        _("It is no longer shown to those it is for, so nobody is asked to confirm it.") if state == "expired" else ""
    )


def _own(by: int, announcement_id: int, now: datetime) -> publishing.Announcement:
    """Return it to who may have people nudged about it: who may change it. A manager of one of its groups would speak for the others too."""
    said = publishing.find(by=by, announcement_id=announcement_id, now=now)
    if not publishing.may_change(by=by, announcement=said, now=now):
        told = _("Only admins and owners may nudge about this, and its author while they may publish to its audience.")
        raise publishing.NotAuthor(told)
    return said


@transaction.atomic
def stop_nudges(*, by: int, announcement_id: int, now: datetime) -> int:
    """Stop all nudges of an announcement that are still to come, also for whom it has yet to reach; return how many.

    Raises NotFound or NotAuthor.
    """
    said = _own(by, announcement_id, now)
    models.FanOut.objects.filter(announcement_id=said.id).update(stopped_at=now)
    # One that a worker has claimed is stopped too, while its body has not begun: the worker finds its claim gone.
    to_come = Q(state="queued") | Q(state="submitting", body_started_at=None)
    nudges = models.Nudge.objects.filter(to_come, announcement_id=said.id)
    return nudges.update(state="skipped", reason="stopped")


def nudges_stopped_at(*, announcement_id: int) -> datetime | None:
    """Return when somebody stopped the nudges of an announcement; None where nobody did, also of one that was said elsewhere."""
    rows = models.FanOut.objects.filter(announcement_id=announcement_id).exclude(total=0)
    return rows.values_list("stopped_at", flat=True).first()


def nudge_plan(*, by: int, announcement_id: int, now: datetime) -> list[NudgeStep]:
    """Return each step with when it lands and what became of it; raise NotFound."""
    said = publishing.find(by=by, announcement_id=announcement_id, now=now)
    shown = Case(When(step__gte=BY_HAND, then=0), default="step", output_field=IntegerField())
    rows = models.Nudge.objects.filter(announcement_id=said.id).values(shown=shown).order_by("shown")
    many = {state: Count("id", filter=Q(state=state)) for state in ("submitted", "skipped", "failed", "uncertain")}
    queued = Count("id", filter=Q(state__in=["queued", "submitting"]))
    steps = rows.annotate(due_first=Min("due_at"), due_last=Max("due_at"), queued=queued, **many)
    named: list[dict[str, Any]] = [dict(row) for row in steps]
    return [NudgeStep(step=row.pop("shown"), **row) for row in named]
