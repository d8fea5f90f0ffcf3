"""What waits to be sent, for whoever watches the installation. It is counted over all workspaces, and names nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db.models import Count, Min, QuerySet

from announcements.delivery import models

Kind = Literal["nudge", "digest", "test", "letter"]


@dataclass(frozen=True, slots=True)
class Due:
    """How many mails of a kind are due and have not been handed over, and for how long the first."""

    kind: Kind
    due: int
    late: timedelta


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits: mails by kind, and announcements whose audience has not been reached."""

    mail: tuple[Due, ...]
    fan_outs: int


def backlog(*, now: datetime) -> Backlog:
    """Count what waits now; by the indexes of tick and sweep, so that it costs what waits and not what was sent."""
    mail = (
        _due("nudge", models.Nudge.objects.filter(state="queued"), now),
        _due("digest", models.Digest.objects.filter(state="queued"), now),
        _due("test", models.TestMail.objects.filter(state="queued"), now),
        _due("letter", models.Letter.objects.all(), now),
    )
    return Backlog(mail, models.FanOut.objects.filter(finished_at=None).count())


def _due(kind: Kind, rows: QuerySet[Any], now: datetime) -> Due:
    found = rows.filter(due_at__lte=now).aggregate(many=Count("pk"), first=Min("due_at"))
    return Due(kind, found["many"], now - found["first"] if found["first"] else timedelta())
