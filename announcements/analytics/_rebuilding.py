"""Making roll-ups anew from the facts: for what was never counted or is stale, and to check that they agree."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from announcements.analytics import _weekly, _weighing, models
from announcements.analytics._folding import about_them, add, clocks_of, fold, gone_of, hold
from announcements.analytics._moves import Counted
from announcements.analytics._shares import PACES, Share, shares
from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing

# Where no deadline was set, a confirmation is on time for so long.
ON_TIME = timedelta(days=7)
CHECKED_EVERY = timedelta(days=1)
CHECKED_FOR = timedelta(days=90)
TRIES = 5
READING = {"displayed", "opened", "read"}
AT_ONCE = 10
log = logging.getLogger(__name__)


class Restless(errors.Conflict):
    """Its facts kept changing while they were counted."""

    code = "restless"


def open_book(*, announcement_id: int, now: datetime) -> None:
    """Begin the roll-ups of what is being published: nothing is recorded about it yet."""
    _keep(publishing.get(announcement_id=announcement_id), now)


def stand_many(*, announcement_ids: Collection[int], now: datetime) -> None:
    """See to it that the roll-ups of several announcements stand."""
    good = models.Kept.objects.filter(announcement_id__in=announcement_ids, stale=False)
    known = dict(good.values_list("announcement_id", "workspace_id"))
    for workspace_id in set(known.values()):
        fold(workspace_id=workspace_id)
    for id in sorted(set(announcement_ids) - set(known)):
        count_anew(announcement_id=id, now=now)


def count_anew(*, announcement_id: int, now: datetime) -> Counter[Share]:
    """Make the roll-ups of an announcement from its facts; return by how much they differed, and raise Restless when facts never stand still."""
    announcement = publishing.get(announcement_id=announcement_id)
    for _try in range(TRIES):
        if (differed := _count(announcement, now)) is not None:
            return differed
    raise Restless(_("Its facts kept changing while they were counted. Try again in a moment."))


@transaction.atomic
def withdrawn(*, announcement_id: int) -> None:
    """Ask nobody to have confirmed, or read, what was taken back."""
    rows = models.Kept.objects.filter(announcement_id=announcement_id)
    if known := rows.first():
        hold(known.workspace_id)
        kept = rows.get()  # as it is now that nobody counts
        before = _weekly.all_of(kept)
        rows.update(withdrawn=True)
        kept.withdrawn = True
        _weekly.write(_weekly.all_of(kept), before)


def corrected(*, announcement_id: int) -> None:
    """Count an announcement anew before anybody looks: until when a confirmation is on time may have changed."""
    models.Kept.objects.filter(announcement_id=announcement_id).update(stale=True)


@transaction.atomic
def forget(*, announcement_ids: Collection[int]) -> None:
    """Drop the roll-ups of announcements that are gone: nobody could count them anew."""
    for kept in models.Kept.objects.filter(announcement_id__in=announcement_ids).order_by("workspace_id", "id"):
        hold(kept.workspace_id)
        kept.refresh_from_db()
        _weekly.write(_weekly.Added(), _weekly.all_of(kept))
    for table in (models.Origin, models.Tally, models.Hour, models.Kept):
        table.objects.filter(announcement_id__in=announcement_ids).delete()


@transaction.atomic
def _count(announcement: publishing.Announcement, now: datetime) -> Counter[Share] | None:
    """Return by how much the roll-ups differed; None when facts came in meanwhile, and nothing was done."""
    hold(announcement.workspace_id)
    fold(workspace_id=announcement.workspace_id)
    kept = _keep(announcement, now)
    counted, groups = _all_shares(kept)
    if _moved(announcement):
        return None
    counted.subtract(_standing(announcement.id))
    if kept.closed:
        counted = Counter({share: many for share, many in counted.items() if not _about_reading(share)})
    add(kept, counted)
    _weighing.decide(kept, groups)
    return counted


def _about_reading(share: Share) -> bool:
    """Tell whether this is a sum whose facts go by age."""
    return share[0] in PACES or (share[1] if share[0] == "hour" else share[2]) in READING


def _by_clocks(share: Share) -> bool:
    """Tell whether this is a sum that changes with the hours people work, or was not kept before there was its like."""
    return share[0] in PACES or share[2] == "at_work"


@transaction.atomic
def close(*, announcement_id: int, now: datetime) -> None:
    """See to it that the roll-ups stand, and let them stand as they are: facts about reading are about to be forgotten."""
    rows = models.Kept.objects.filter(announcement_id=announcement_id)
    if rows.filter(closed=True).exists():
        return
    stand_many(announcement_ids=[announcement_id], now=now)
    hold(rows.get().workspace_id)  # whoever counts anew has read the facts while they are all there, or finds it closed
    rows.update(closed=True)


def _keep(announcement: publishing.Announcement, now: datetime, *, stale: bool = False) -> models.Kept:
    at = announcement.published_at or announcement.created_at
    due = (announcement.deadline or at + ON_TIME) if announcement.ask_acknowledge else None
    values = {"workspace_id": announcement.workspace_id, "published_at": at, "due_at": due, "stale": stale}
    values |= {"withdrawn": announcement.withdrawn_at is not None, "everyone": announcement.audience.everyone}
    values |= {"kind": announcement.kind, "minutes": announcement.minutes, "checked_at": now}
    values["week"] = _weekly.monday(at, people.workspace(workspace_id=announcement.workspace_id).timezone)
    before = _weekly.all_of(models.Kept.objects.filter(announcement_id=announcement.id).first())
    kept, _made = models.Kept.objects.update_or_create(announcement_id=announcement.id, defaults=values)
    groups = people.groups_of(person_ids=[announcement.author_id], at=at)[announcement.author_id]
    rows = [models.Origin(announcement=kept, group_id=group_id) for group_id in groups]
    models.Origin.objects.bulk_create(rows, ignore_conflicts=True)
    _weekly.write(_weekly.all_of(kept), before)
    return kept


def _moved(announcement: publishing.Announcement) -> bool:
    """Tell whether facts came in while they were counted: some of them may be counted, and noted as well."""
    notes = models.Move.objects.filter(workspace_id=announcement.workspace_id).values_list("moves", flat=True)
    return any(move[0] == announcement.id for moves in notes for move in moves)


def _all_shares(kept: models.Kept) -> tuple[Counter[Share], list[tuple[int, ...]]]:
    """Return what all facts add up to, and the groups of each recipient who is here."""
    facts = delivery.facts(announcement_id=kept.announcement_id)
    ids = {each.recipient_id for each in facts}
    gone = gone_of(ids)
    about = about_them(kept, ids, clocks_of(ids))
    counted = shares(about, (Counted(each, each.recipient_id in gone) for each in facts))
    return counted, [groups for id, groups in about.groups.items() if id not in gone]


def _standing(announcement_id: int) -> Counter[Share]:
    """Return what the roll-ups say."""
    said = Counter[Share]()
    for tally in models.Tally.objects.filter(announcement_id=announcement_id):
        said.update({("tally", tally.group_id, name): getattr(tally, name) for name in models.COUNTED})
        for name in PACES:
            said.update({(name, tally.group_id, int(minutes)): many for minutes, many in getattr(tally, name).items()})
    for hour in models.Hour.objects.filter(announcement_id=announcement_id):
        said["hour", hour.fact, hour.channel, hour.hour] = hour.many
    return said


def check(*, announcement_id: int, now: datetime) -> bool:
    """Compare roll-ups with the facts; make them anew and say so in the log where they differ. Return whether they agreed."""
    stand_many(announcement_ids=[announcement_id], now=now)
    differed = count_anew(announcement_id=announcement_id, now=now)
    # Only facts can change these: whoever works other hours now has drifted from nothing.
    agreed = not any(many for share, many in differed.items() if not _by_clocks(share))
    if not agreed:
        log.error("The numbers of announcement %d had drifted from its facts, and were made anew.", announcement_id)
    return agreed


def sweep(*, now: datetime) -> None:
    """Count what was never counted or is stale; check some of the rest, so that each of the last months is checked once a day."""
    _fill(now)
    stale = models.Kept.objects.filter(stale=True).order_by("-published_at", "id")
    for id in list(stale.values_list("announcement_id", flat=True)[:AT_ONCE]):
        count_anew(announcement_id=id, now=now)
    old = models.Kept.objects.filter(checked_at__lte=now - CHECKED_EVERY, published_at__gt=now - CHECKED_FOR)
    for id in list(old.order_by("checked_at", "id").values_list("announcement_id", flat=True)[:AT_ONCE]):
        check(announcement_id=id, now=now)
    for workspace_id in _weighing.waiting():
        _weighing.weigh(workspace_id=workspace_id)


@transaction.atomic
def _fill(now: datetime) -> None:
    """Note, some at a time, that what went out before there were roll-ups has to be counted."""
    models.Filling.objects.get_or_create(pk=1)
    filling = models.Filling.objects.select_for_update().get(pk=1)
    out = delivery.fanned_out(after=filling.after, limit=AT_ONCE)
    ids = [one.announcement_id for one in out]
    known = models.Kept.objects.filter(announcement_id__in=ids).values_list("announcement_id", flat=True)
    for announcement in publishing.get_many(ids=set(ids) - set(known)).values():
        _keep(announcement, now, stale=True)
    if out:
        models.Filling.objects.filter(pk=1).update(after=out[-1].id)
