"""Keys to the API: people's own, and what the keys of devices share with them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import DateField, QuerySet
from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.kernel.prepared import INSTANT, Given, Prepared
from announcements.people import _checks, _keys, events, models
from announcements.people._key_models import IDLE
from announcements.people._values import SCOPES

PREFIX = "mtl_"
DEVICE = "mtd_"
# What an edge offers to who does not say how long. A key without an end is a choice that somebody makes.
TOKEN_LIFE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Token:
    """A key's description; the key itself is shown once and not kept."""

    id: int
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_on: date | None


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was just made, with its key."""

    token: Token
    key: str


def as_token(row: models.Token) -> Token:
    """Return the value of a row."""
    return Token(
        id=row.pk,
        name=row.name,
        scopes=tuple(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_on=row.last_used_on,
    )


def digest(key: str) -> str:
    """Return a key as it is kept. It is random and long: no salt is needed."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def issue_token(
    *, by: int, name: str, scopes: Collection[str], expires_at: datetime | None = None, now: datetime
) -> NewToken:
    """Make a key for oneself; raise Invalid by field."""
    row = _checks.actor(by)
    if not scopes or set(scopes) - SCOPES:
        raise errors.Invalid(
            {"scopes": [_("Choose at least one of: %(allowed)s.") % {"allowed": ", ".join(sorted(SCOPES))}]}
        )
    if expires_at is not None and expires_at <= now:
        raise errors.Invalid({"expires_at": [_("Choose a time that is still to come.")]})
    key = PREFIX + secrets.token_urlsafe(32)
    token = models.Token.objects.create(
        person=row,
        name=_checks.label("name", name),
        digest=digest(key),
        scopes=sorted(set(scopes)),
        created_at=now,
        expires_at=expires_at,
    )
    note(row, "token_issued", token, now, {"scopes": token.scopes})
    return NewToken(token=as_token(token), key=key)


def connect(*, person: models.Person, app: str, name: str, scopes: Collection[str], now: datetime) -> NewToken:
    """Make the key of a device. Who may is decided where it was granted."""
    key = DEVICE + secrets.token_urlsafe(32)
    device = models.Token.objects.create(
        person=person, app=app, name=name, digest=digest(key), scopes=sorted(scopes), created_at=now
    )
    note(person, "device_connected", device, now, {"scopes": device.scopes, "app": app})
    return NewToken(token=as_token(device), key=key)


def tokens(*, by: int) -> list[Token]:
    """Return one's own tokens that are not revoked, newest first."""
    rows = models.Token.objects.filter(person=_checks.actor(by), app="", revoked_at=None)
    return [as_token(row) for row in rows.order_by("-created_at", "-id")]


@transaction.atomic
def revoke_token(*, by: int, token_id: int, now: datetime) -> None:
    """End one of one's own tokens and the feed keys it made, at once; raise NotFound."""
    own = models.Token.objects.filter(person=_checks.actor(by), app="", pk=token_id)
    if not end(own.first(), "token_revoked", now):  # the id decides: there is one or none
        raise errors.NotFound


def end(token: models.Token | None, verb: str, now: datetime) -> bool:
    """End a key and the feed keys it made; return whether it was there and good until now."""
    if token is None or not models.Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        return False
    if "feed:read" in token.scopes:
        _keys.end_feed_keys(token.person, now)
    note(token.person, verb, token, now, {})
    return True


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose key it is, and under what; what it is good for, and until when. `needs_factor`: their workspace asks for a second factor."""

    person_id: int
    workspace_id: int
    epoch: int
    key_round: int
    last_seen_on: date | None
    needs_factor: bool
    scopes: list[str]
    expires_at: datetime | None


def _who_holds() -> QuerySet[models.Token, Any]:
    good = models.Token.objects.unended(Given("now", INSTANT), Given("since", INSTANT), Given("day", DateField()))
    theirs = good.filter(digest=Given("digest"), person__joined_at__isnull=False, person__deactivated_at=None)
    of_person = ("workspace_id", "epoch", "key_round", "last_seen_on", "workspace__second_factor_required")
    held = ("person_id", *(f"person__{name}" for name in of_person), "scopes", "expires_at")
    return theirs.values_list("id", "last_used_on", *held)


# Asked by each request that comes with a key.
_holding = Prepared(_who_holds)


def authenticate(*, key: str, now: datetime) -> Holder | None:
    """Return whose key this is and what it is good for; None when it is unknown, over, or its person is not active."""
    if not key.startswith((PREFIX, DEVICE)):
        return None
    since = now - IDLE
    found = _holding(digest=digest(key), now=now, since=since, day=since.date())
    if not found:
        return None
    [(token_id, last_used_on, *held)] = found
    if last_used_on != now.date():
        _used(token_id, now)
    return Holder(*held)


@transaction.atomic
def _used(token_id: int, now: datetime) -> None:
    """Note a key's first use of the day, once however many requests come at the same time."""
    unused = models.Token.objects.filter(pk=token_id).exclude(last_used_on=now.date())
    if unused.update(last_used_on=now.date()):
        token = models.Token.objects.select_related("person").get(pk=token_id)
        note(token.person, "device_used" if token.app else "token_used", token, now, {})


def note(person: models.Person, verb: str, token: models.Token, now: datetime, details: dict[str, Any]) -> None:
    """Tell something of a key, without anything that could find it."""
    events.noted.send(
        sender=None,
        workspace_id=person.workspace_id,
        by=person.pk,
        verb=verb,
        subject=f"{'device' if token.app else 'token'}:{token.pk}",
        details={"name": token.name, **details},
        at=now,
    )
