"""The devices a person has connected: each holds a key of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from announcements.kernel import errors
from announcements.people import _checks, _tokens, models
from announcements.people._apps import app_names
from announcements.people._key_models import TokenQuerySet


@dataclass(frozen=True, slots=True)
class Device:
    """A program on one machine, connected by its person; the key itself is not kept."""

    id: int
    name: str
    app_name: str
    scopes: tuple[str, ...]
    connected_at: datetime
    last_used_on: date | None


def devices(*, by: int, now: datetime) -> list[Device]:
    """Return one's own devices that are connected, newest first."""
    rows = list(_own(by).good(now).order_by("-created_at", "-id"))
    names = app_names(row.app for row in rows)
    return [
        Device(row.pk, row.name, names.get(row.app, row.app), tuple(row.scopes), row.created_at, row.last_used_on)
        for row in rows
    ]


@transaction.atomic
def end_device(*, by: int, device_id: int, now: datetime) -> None:
    """Disconnect one of one's own devices: its key and the feed keys it made end at once; raise NotFound."""
    if not _tokens.end(_own(by).filter(pk=device_id).first(), "device_ended", now):  # the id decides
        raise errors.NotFound


@transaction.atomic
def sign_out_device(*, app_id: str, key: str, now: datetime) -> bool:
    """End a device by its own key (RFC 7009); return whether there was one."""
    found = models.Token.objects.filter(app=app_id, digest=_tokens.digest(key)).exclude(app="").first()
    return _tokens.end(found, "device_ended", now)


def _own(by: int) -> TokenQuerySet:
    return models.Token.objects.filter(person=_checks.actor(by)).exclude(app="")
