"""Reaching an audience: recipients frozen in batches, resumable at any point, repeatable without effect."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import redis
from django.db import transaction
from django.db.models import Count

from announcements.delivery import _counts, _facts, _feed, _generations, _told, models
from announcements.delivery._values import Moved, Progress, as_facts
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing

BATCH = 200


def announce(*, announcement_id: int, workspace_id: int, at: datetime) -> None:
    """Note that an announcement has to reach its audience; inside the transaction that publishes it."""
    models.FanOut.objects.create(announcement_id=announcement_id, workspace_id=workspace_id, published_at=at)


def brought_in(*, announcement_id: int, workspace_id: int, at: datetime) -> None:
    """Note that an announcement was said elsewhere: it reaches nobody here, and nobody is ever nudged about it."""
    done = {"total": 0, "finished_at": at, "stopped_at": at}
    models.FanOut.objects.create(announcement_id=announcement_id, workspace_id=workspace_id, published_at=at, **done)


def taken_back(*, announcement_ids: Collection[int]) -> None:
    """Forget announcements that were brought in and are gone again."""
    models.FanOut.objects.filter(announcement_id__in=announcement_ids, total=0).delete()


def fan_out(*, announcement_id: int, now: datetime) -> Progress:
    """Freeze the recipients of an announcement and plan their nudges; return how far it has come. Raises NotFound.

    Who is meant is asked for the moment of publishing, so that a run that was cut off goes on with the same people;
    rows that exist are left alone.
    """
    row = models.FanOut.objects.filter(announcement_id=announcement_id).first()
    if row is None:
        raise errors.NotFound
    if not row.finished_at:
        _reach(row, now)
    return progress(announcement_id=announcement_id)


def _reach(row: models.FanOut, now: datetime) -> None:
    audience = publishing.get(announcement_id=row.announcement_id).audience
    ids = people.resolve(workspace_id=row.workspace_id, audience=audience, at=row.published_at)
    models.FanOut.objects.filter(pk=row.pk).update(total=len(ids))
    reached = models.Delivery.objects.filter(announcement_id=row.announcement_id)
    there = set(reached.values_list("recipient_id", flat=True))
    # Of whom a run that was cut off has written, it may not have told.
    _feed.bump(there)
    waiting = [person_id for person_id in ids if person_id not in there]
    for start in range(0, len(waiting), BATCH):
        _freeze(row.announcement_id, waiting[start : start + BATCH], now)
    try:
        _generations.settle()  # what could not be told yet
    except redis.RedisError:
        return  # so it is not finished: the sweep comes back to it
    frozen = models.Delivery.objects.filter(announcement_id=row.announcement_id).count()
    models.FanOut.objects.filter(pk=row.pk, finished_at=None).update(finished_at=now, total=frozen)
    _facts.keep_recipients(announcement_id=row.announcement_id)


@transaction.atomic
def _freeze(announcement_id: int, person_ids: Sequence[int], now: datetime) -> None:
    """Write a batch, as the announcement stands now: it may have been corrected, withdrawn or stopped since the last one."""
    fan_out = models.FanOut.objects.hold(announcement_id)
    announcement = publishing.get(announcement_id=announcement_id)
    persons = people.get_many(ids=person_ids)
    arriving = {person.id: _arrives(person, announcement, now) for person in persons.values()}
    _write(announcement, arriving)
    if announcement.ask_acknowledge and not announcement.withdrawn_at and not fan_out.stopped_at:
        _plan(announcement, persons.values(), arriving)
    _counts.recount([announcement.id])


def _write(announcement: publishing.Announcement, arriving: Mapping[int, datetime]) -> None:
    """Write the deliveries that are not there yet. Whoever writes them holds the fan-out, so none comes in between."""
    there = models.Delivery.objects.filter(announcement_id=announcement.id, recipient_id__in=arriving)
    known = set(there.values_list("recipient_id", flat=True))
    rows = [
        models.Delivery(
            announcement_id=announcement.id,
            recipient_id=person_id,
            workspace_id=announcement.workspace_id,
            delivered_at=at,
            asked_version=announcement.version,
        )
        for person_id, at in arriving.items()
        if person_id not in known
    ]
    models.Delivery.objects.bulk_create(rows, ignore_conflicts=True)  # there are none: so it need not return ids
    _feed.bump(known)  # another run has written them, and may have ended before it told
    _generations.tell(announcement.id, {row.recipient_id: row.delivered_at for row in rows})
    _told.tell(
        announcement.workspace_id, [Moved(row.announcement_id, row.recipient_id, None, as_facts(row)) for row in rows]
    )


def _arrives(person: people.Person, announcement: publishing.Announcement, now: datetime) -> datetime:
    """Return when it reaches somebody: at once, or when their clock, as it is set now, says so."""
    clock = announcement.own_clock
    return max(now, clock.instant(person.timezone)) if clock else now


def _plan(
    announcement: publishing.Announcement, persons: Iterable[people.Person], arriving: Mapping[int, datetime]
) -> None:
    models.Nudge.objects.bulk_create(
        [
            models.Nudge(
                announcement_id=announcement.id,
                recipient_id=person.id,
                workspace_id=announcement.workspace_id,
                step=step,
                due_at=person.working_time.next_moment(arriving[person.id] + timedelta(hours=hours)),
            )
            for person in persons
            for step, hours in enumerate(announcement.nudge_hours, start=1)
        ],
        ignore_conflicts=True,
    )


def progress(*, announcement_id: int) -> Progress:
    """Return how far fanning out has come; raise NotFound."""
    found = progress_many(announcement_ids=[announcement_id]).get(announcement_id)
    if found is None:
        raise errors.NotFound
    return found


def progress_many(*, announcement_ids: Collection[int]) -> dict[int, Progress]:
    """Return how far fanning out of each has come; what was never published is left out.

    Only where it is under way are its rows counted: no recipient is added or taken away afterwards.
    """
    found = list(models.FanOut.objects.filter(announcement_id__in=announcement_ids).defer("recipients"))
    running = [row.announcement_id for row in found if row.finished_at is None]
    rows = models.Delivery.objects.filter(announcement_id__in=running).order_by()
    done = dict(rows.values_list("announcement_id").annotate(many=Count("id")))
    return {row.announcement_id: _progress(row, done.get(row.announcement_id, 0)) for row in found}


def _progress(row: models.FanOut, done: int) -> Progress:
    if row.finished_at:
        return Progress(total=row.total or 0, done=row.total or 0, finished_at=row.finished_at)
    return Progress(total=done if row.total is None else row.total, done=done, finished_at=None)


def unfinished(*, before: datetime) -> list[int]:
    """Return the announcements whose fan-out should have been finished by now, oldest first."""
    rows = models.FanOut.objects.filter(finished_at=None, published_at__lt=before)
    return list(rows.order_by("published_at", "id").values_list("announcement_id", flat=True))
