"""Whether what a workspace's admins count on is well: the queue, mail, fan-outs, imports, backups, room; and what to do where it is not.

It tells of the workspace's own rows alone, and of the installation what everybody in it lives by: whether its queue moves, when a copy
was made, how much room there is.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from announcements.delivery import _transports, models
from announcements.delivery._transport_models import EVERYBODY
from announcements.kernel import heart
from announcements.people import services as people
from announcements.porting import services as porting
from announcements.roster import services as roster

PartName = Literal["queue", "mail", "due", "uncertain", "fan_outs", "people_imports", "announcement_imports", "backup", "room"]  # fmt: skip
PartState = Literal["well", "warning", "ill"]
MAIL_LATE = timedelta(minutes=10)
BACKUP_OLD = timedelta(days=8)  # one a week, and a day to look after it
ROOM = 1 << 30  # bytes that should be free


@dataclass(frozen=True, slots=True)
class Part:
    """Something that is counted on. `said` is what was seen, `remedy` what to do (empty when it is well), `since` when it began or was last done."""

    name: PartName
    state: PartState
    said: str
    remedy: str = ""
    since: datetime | None = None
    count: int | None = None


def status(*, by: int, now: datetime) -> tuple[Part, ...]:
    """Look at every part, in the language that is active; raise Forbidden unless admin or owner."""
    workspace_id = people.acting_admin(by=by).workspace_id
    return (
        _queue(now),
        _mail(by, now),
        _due(workspace_id, now),
        _uncertain(workspace_id),
        _fan_outs(workspace_id, now),
        *_imports(by, now),
        _backup(now),
        _room(),
    )


def _queue(now: datetime) -> Part:
    beats = heart.beats(now=now)
    remedy = _(
        "Whoever runs this installation starts a worker and the beat. What is due waits meanwhile, and nothing is lost."
    )
    last = [one.last for one in beats if one.last]
    pulses = {one.pulse for one in beats}
    if "unknown" in pulses:
        return Part("queue", "ill", _("It has not moved yet, or Redis is away."), remedy, min(last, default=None))
    if "stands" in pulses:
        stand = min(one.last for one in beats if one.pulse == "stands" and one.last)
        return Part("queue", "ill", _("It stands still."), remedy, stand)
    if "starts" in pulses:
        awaited = min(one.awaited for one in beats if one.pulse == "starts" and one.awaited)
        return Part("queue", "warning", _("It was just started."), _("Look again in a minute."), awaited)
    return Part("queue", "well", _("It moves."), since=max(last))


def _mail(by: int, now: datetime) -> Part:
    found = _transports.sending(by=by, now=now)
    answers: dict[_transports.Gets, tuple[PartState, str, str]] = {
        "sending": ("well", _("Nothing is in its way."), ""),
        "paused": ("warning", _("Somebody paused nudges and digests."), _("Resume them when they may go.")),
        "held": ("ill", _("A backup was restored, so nudges and digests are held."), _("Look at what is due, then resume.")),
        "resting": ("warning", _("The server is in trouble."), _("It is asked again by itself. Read what it said.")),
        "refused": ("ill", _("The server refuses our mail."), _("Correct the mail server, then have it asked again.")),
    }  # fmt: skip
    state, said, remedy = answers[found.state]
    # When everybody's server last took a mail tells of other companies.
    return Part("mail", state, said, remedy, found.since or (found.submitted_at if found.own else None))


def _due(workspace_id: int, now: datetime) -> Part:
    many, first = 0, None
    for kind in (models.Nudge, models.Digest):
        rows = kind.objects.filter(workspace_id=workspace_id, state="queued", due_at__lte=now)
        found = rows.aggregate(many=Count("pk"), first=Min("due_at"))
        many += found["many"]
        first = min((at for at in (first, found["first"]) if at), default=None)
    if not many:
        return Part("due", "well", _("No mail is late."), count=0)
    said = ngettext("%(many)d mail is due.", "%(many)d mails are due.", many) % {"many": many}
    if first and now - first > MAIL_LATE:
        remedy = _("When queue and mail server are well, more workers are needed: ask whoever runs this installation.")
        return Part("due", "warning", said, remedy, first, many)
    return Part("due", "well", said, count=many)


def _uncertain(workspace_id: int) -> Part:
    kinds = (models.Nudge, models.Digest)
    many = sum(kind.objects.filter(workspace_id=workspace_id, state="uncertain").count() for kind in kinds)
    if not many:
        return Part("uncertain", "well", _("No mail is uncertain."), count=0)
    said = ngettext(
        "Of %(many)d mail nobody knows whether it arrived.",
        "Of %(many)d mails nobody knows whether they arrived.",
        many,
    )
    remedy = _("No machine sends them again. Say what became of each.")
    return Part("uncertain", "warning", said % {"many": many}, remedy, count=many)


def _fan_outs(workspace_id: int, now: datetime) -> Part:
    rows = models.FanOut.objects.filter(workspace_id=workspace_id, finished_at=None)
    found = rows.aggregate(many=Count("pk"), first=Min("published_at"))
    many, first = found["many"], found["first"]
    if not many:
        return Part("fan_outs", "well", _("Every announcement has reached its audience."), count=0)
    said = ngettext("%(many)d announcement is on its way to its audience.", "%(many)d announcements are on their way to their audiences.", many)  # fmt: skip
    overdue = now - first > timedelta(seconds=settings.SWEEP_SECONDS * heart.LATE)
    remedy = _("A worker must run; what was lost is found again by itself.") if overdue else ""
    return Part(
        "fan_outs", "warning" if overdue else "well", said % {"many": many}, remedy, first if overdue else None, many
    )


def _imports(by: int, now: datetime) -> Iterator[Part]:
    people_lists, announcements = roster.stopped(by=by, now=now), porting.stopped(by=by, now=now)
    said = {
        "people_imports": ngettext("%(many)d list of people has stopped.", "%(many)d lists of people have stopped.", len(people_lists)),
        "announcement_imports": ngettext("%(many)d import of announcements has stopped.", "%(many)d imports of announcements have stopped.", len(announcements)),
    }  # fmt: skip
    names: tuple[tuple[PartName, list[datetime]], ...] = (
        ("people_imports", people_lists), ("announcement_imports", announcements),
    )  # fmt: skip
    for name, times in names:
        if times:
            remedy = _("Open it: it says why, and goes on where it stopped or is undone.")
            yield Part(name, "warning", said[name] % {"many": len(times)}, remedy, min(times), len(times))
        else:
            yield Part(name, "well", _("None has stopped."), count=0)


def _backup(now: datetime) -> Part:
    at = last_backup()
    remedy = _("Whoever runs this installation makes one with manage.py backup, best each night.")
    if at is None:
        return Part("backup", "warning", _("None is known of."), remedy)
    if now - at > BACKUP_OLD:
        return Part("backup", "warning", _("The last one is old."), remedy, at)
    return Part("backup", "well", _("There is a fresh one."), since=at)


def last_backup() -> datetime | None:
    """Return when the last copy of everything was made; None when none is known of."""
    return models.Transport.objects.filter(workspace_id=EVERYBODY).values_list("backed_up_at", flat=True).first()


def note_backup(*, at: datetime) -> None:
    """Note that a copy of everything was made, beside what else is known of all workspaces' mail."""
    models.Transport.objects.update_or_create(workspace_id=EVERYBODY, defaults={"backed_up_at": at})


def _room() -> Part:
    free = shutil.disk_usage(settings.DATA).free
    said = _("%(free).1f GB are free.") % {"free": free / 1e9}
    if free < ROOM:
        return Part("room", "ill", said, _("Whoever runs this installation makes room on its disk."))
    return Part("room", "well", said)
