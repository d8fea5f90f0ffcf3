"""The digest: what somebody has not seen, once a period, at nine on their clock."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from announcements.delivery import _aligned, _missed, _suppressions, models
from announcements.delivery._claims import Row
from announcements.delivery._values import Preference
from announcements.delivery.channels import mail
from announcements.kernel import bulk, errors
from announcements.kernel.clocks import WorkingTime
from announcements.people import services as people

AT = time(9)
BATCH = 200


@dataclass(frozen=True, slots=True)
class Told:
    """A digest as it goes out, and the announcements it tells of."""

    mail: mail.Mail
    announcement_ids: tuple[int, ...]


Letter = Callable[[], Told] | datetime | str


def preference(*, by: int) -> Preference:
    """Return what mail somebody wants."""
    row = models.Preference.objects.filter(person_id=by).first()
    return Preference(digest=row.digest if row else "weekly")  # type: ignore[arg-type]  # its choices


@transaction.atomic
def set_preference(*, by: int, digest: str, now: datetime) -> Preference:
    """Choose how often the digest comes; raise Invalid."""
    if digest not in {"daily", "weekly", "never"}:
        raise errors.Invalid({"digest": [_("Use one of: %(allowed)s.") % {"allowed": "daily, weekly, never"}]})
    models.Preference.objects.update_or_create(person_id=by, defaults={"digest": digest, "changed_at": now})
    models.Digest.objects.filter(recipient_id=by, state="queued").delete()
    return preference(by=by)


def plan(*, now: datetime) -> int:
    """Plan the next digest of whoever has deliveries of the last two weeks that they neither opened nor dismissed, and waits for none; return how many were planned."""
    ids = due_for_planning(now)
    planned = last = 0
    # By id, so that who cannot be planned for, being away from the company, holds up nobody behind them.
    while page := list(ids.filter(recipient_id__gt=last)[:BATCH]):
        planned += _plan(page, now)
        last = page[-1]
    return planned


def due_for_planning(now: datetime) -> QuerySet[models.Delivery, int]:
    """Return the ids of who has something to be told and no digest planned, in order."""
    unopened = models.Delivery.objects.filter(opened_at=None, dismissed_at=None, forgotten_at=None)
    recent = unopened.filter(delivered_at__range=(now - timedelta(days=14), now))
    waiting = models.Digest.objects.filter(state="queued").values("recipient_id")
    never = models.Preference.objects.filter(digest="never").values("person_id")
    without = recent.exclude(recipient_id__in=waiting).exclude(recipient_id__in=never)
    return without.order_by("recipient_id").values_list("recipient_id", flat=True).distinct()


def _plan(person_ids: list[int], now: datetime) -> int:
    wanted = dict(
        models.Preference.objects.filter(person_id__in=bulk.among(person_ids)).values_list("person_id", "digest")
    )
    persons = [person for person in people.get_many(ids=person_ids).values() if person.state == "active"]
    rows = [
        _planned(person, *next_digest(person.working_time, wanted.get(person.id, "weekly"), now)) for person in persons
    ]
    fields = bulk.columns_of(models.Digest)
    bulk.insert(models.Digest, fields, [[getattr(row, name) for name in fields] for row in rows], again=True)
    return len(rows)


def _planned(person: people.Person, period: str, due_at: datetime) -> models.Digest:
    return models.Digest(recipient_id=person.id, workspace_id=person.workspace_id, period=period, due_at=due_at)


# Many work alike, and are planned for at the same moment.
@lru_cache(1024)
def next_digest(clock: WorkingTime, wanted: str, now: datetime) -> tuple[str, datetime]:
    """Return the period of the next digest on somebody's clock as it is set now, and when it is due."""
    today = now.astimezone(ZoneInfo(clock.timezone)).date()
    day = today if wanted == "daily" else today - timedelta(days=today.weekday())
    step = timedelta(days=1 if wanted == "daily" else 7)
    if clock.instant(day, AT) <= now:
        day += step
    period = day.isoformat() if wanted == "daily" else "{}-W{:02d}".format(*day.isocalendar())
    return period, clock.next_moment(clock.instant(day, AT))


def look(rows: Sequence[Row], *, now: datetime, press: mail.Press) -> dict[int, Letter]:
    """Return, for each of these rows, what makes its mail; a time when it has to wait for their working hours; or why there is none.

    So many queries, however many rows.
    """
    readers = _suppressions.readers({row.recipient_id for row in rows})
    ids, places = list(readers), {row.workspace_id for row in rows}
    wanted = models.Preference.objects.filter(person_id__in=bulk.among(ids), digest="never")
    never = set(wanted.values_list("person_id", flat=True))
    heads = {place: press.head(place) for place in places}
    missed = _missed.missed(person_ids=ids, workspace_ids=places, now=now)
    made = {place: mail.digests(head=head, now=now, press=press) for place, head in heads.items()}
    zones = {place: head.workspace.timezone for place, head in heads.items()}
    aligned = _aligned.aligned(person_ids=list(missed), zones=zones, now=now)

    def found(row: Row) -> Letter:
        person = readers[row.recipient_id]
        if isinstance(person, str):
            return person
        if person.id in never:
            return "unsubscribed"
        if (moment := person.working_time.next_moment(now)) != now:
            return moment
        if person.id not in missed:
            return "empty"
        recap = mail.Recap(missed[person.id], row.period, aligned.get(person.id))
        return partial(_letter, made[row.workspace_id], person, recap)

    return {row.id: found(row) for row in rows}


def _letter(make: Callable[[people.Person, mail.Recap], mail.Mail], person: people.Person, recap: mail.Recap) -> Told:
    return Told(make(person, recap), tuple(item.announcement_id for item in recap.items))


def mention(told: Mapping[int, Collection[int]]) -> None:
    """Note what submitted digests have told of: announcements, by recipient."""
    pairs = [(person_id, announcement_id) for person_id, ids in told.items() for announcement_id in ids]
    bulk.count(models.Mention, ["recipient_id", "announcement_id"], pairs, "times")
