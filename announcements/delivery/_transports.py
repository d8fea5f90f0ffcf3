"""How mail gets on, for admins: whether the server takes it, and pausing and resuming what a workspace sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from announcements.delivery import _gate, _generations, events, models
from announcements.delivery._transport_models import EVERYBODY
from announcements.kernel import errors
from announcements.people import services as people

Gets = Literal["sending", "resting", "refused", "paused", "held"]


@dataclass(frozen=True, slots=True)
class Sending:
    """How a workspace's nudges and digests get on.

    `sending`: nothing is in the way; `resting`: the server was in trouble and is asked again at `until` (None: with the next
    mail); `refused`: it takes nothing from us, and is asked again then; `paused`: `by` paused it; `held`: a backup was restored, and an admin has to say that mail
    may go. `since` is when that began, `reply` what the server said last. `waiting` counts mails that are due.
    """

    state: Gets
    own: bool
    since: datetime | None
    until: datetime | None
    by: int | None
    reply: str
    submitted_at: datetime | None
    waiting: int


def sending(*, by: int, now: datetime) -> Sending:
    """Return how mail of one's workspace gets on; raise Forbidden unless admin or owner."""
    workspace_id = _admin(by).workspace_id
    own, known, used = _known(workspace_id)
    due = {"workspace_id": workspace_id, "state": "queued", "due_at__lte": now}
    waiting = sum(kind.objects.filter(**due).count() for kind in (models.Nudge, models.Digest))
    state, since, until, who = _state(workspace_id, known, used, now)
    reply = "" if state == "sending" else used.reply
    return Sending(state, own is not None, since, until, who, reply, used.submitted_at, waiting)


def way_out(workspace_id: int, now: datetime) -> tuple[Gets, datetime | None]:
    """Return how a workspace's nudges and digests get on, and when a server in trouble is asked again."""
    _own, known, used = _known(workspace_id)
    state, _since, until, _who = _state(workspace_id, known, used, now)
    return state, until


def _known(workspace_id: int) -> tuple[people.MailServer | None, dict[int, models.Transport], models.Transport]:
    """Return a workspace's own server, what is known of the two ways out there are, and of the one it uses."""
    own = people.mail_server(workspace_id=workspace_id)
    rows = models.Transport.objects.filter(workspace_id__in=(EVERYBODY, workspace_id))
    known = {row.workspace_id: row for row in rows}
    used = known.get(workspace_id if own else EVERYBODY)
    if used is None or used.server != _gate.fingerprint(own):  # nothing is known yet of one that was changed
        used = models.Transport()
    return own, known, used


def _state(
    workspace_id: int, known: dict[int, models.Transport], used: models.Transport, now: datetime
) -> tuple[Gets, datetime | None, datetime | None, int | None]:
    mine = known.get(workspace_id)
    if mine and mine.paused_at:
        return "paused", mine.paused_at, None, mine.paused_by
    if _gate.paused(workspace_id):
        return "held", known[EVERYBODY].held_at, None, None
    # One that has taken a mail since its rest is in no trouble, though it would rest longer the next time.
    rested = used.submitted_at and used.rests_until and used.submitted_at >= used.rests_until
    if used.failures and not rested:
        until = used.rests_until if used.rests_until and used.rests_until > now else None  # else the next mail asks
        return "refused" if used.refused else "resting", used.failing_since, until, None
    return "sending", None, None, None


def held_since() -> datetime | None:
    """Return since when mail of some workspace waits for an admin, as a backup was restored; None where none does."""
    held = models.Transport.objects.filter(workspace_id=EVERYBODY).values_list("held_at", flat=True).first()
    if held is None:
        return None
    resumed = models.Transport.objects.filter(resumed_at__gte=held).values("workspace_id")
    waiting = (kind.objects.filter(state="queued") for kind in (models.Nudge, models.Digest))
    return held if any(rows.exclude(workspace_id__in=resumed).exists() for rows in waiting) else None


@transaction.atomic
def pause_sending(*, by: int, now: datetime) -> None:
    """Send no nudges and digests of one's workspace until somebody resumes it; raise Forbidden unless admin or owner. Twice is once."""
    actor = _admin(by)
    row = _mine(actor)
    if not models.Transport.objects.filter(pk=row.pk, paused_at=None).update(paused_at=now, paused_by=by):
        return
    events.noted.send(sender=None, workspace_id=actor.workspace_id, by=by, verb="mail_paused", at=now)


@transaction.atomic
def resume_sending(*, by: int, now: datetime) -> None:
    """Send again what waits, and ask a server at once that rests; raise Forbidden unless admin or owner."""
    actor = _admin(by)
    row = _mine(actor)
    stood = _gate.paused(actor.workspace_id)
    models.Transport.objects.filter(pk=row.pk).update(paused_at=None, paused_by=None, resumed_at=now)
    own = people.mail_server(workspace_id=actor.workspace_id) is not None
    used = models.Transport.objects.filter(workspace_id=actor.workspace_id if own else EVERYBODY)
    used.filter(rests_until__gt=now).update(rests_until=now)
    if stood:
        events.noted.send(sender=None, workspace_id=actor.workspace_id, by=by, verb="mail_resumed", at=now)


def hold_mail(*, now: datetime) -> None:
    """Hold nudges and digests of every workspace until an admin of each resumes them: for whoever restores a backup.

    Kept feeds are forgotten: an id may be that of something else now.
    """
    row, _new = models.Transport.objects.get_or_create(workspace_id=EVERYBODY)
    models.Transport.objects.filter(pk=row.pk).update(held_at=now)
    _generations.forget_all()


def _mine(actor: people.Person) -> models.Transport:
    row, _new = models.Transport.objects.get_or_create(workspace_id=actor.workspace_id)
    return row


def _admin(by: int) -> people.Person:
    person = people.find(by=by, person_id=by)
    if person.role == "member":
        raise errors.Forbidden(_("Only admins and owners may do this."))
    return person
