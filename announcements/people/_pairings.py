"""Connecting a device: by a code its person types in (RFC 8628), or by a code their browser brings back (RFC 7636).

Each pairing gives one key, once. Everything it is known by is kept as a hash.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.people import _checks, _tokens, models
from announcements.people._apps import App, app, app_names

LIFE = timedelta(minutes=10)
CODE_LIFE = timedelta(minutes=2)
KEPT = timedelta(days=1)
SLOWER = 5
# Without vowels no code is a word, and without digits none is misread.
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class NotPaired(errors.Conflict):
    """No key for this code: `code` says why, in the words of RFC 6749 and RFC 8628."""

    def __init__(self, code: str) -> None:
        said = {
            "authorization_pending": _("The person has not answered yet. Ask again."),
            "slow_down": _("Ask more slowly: wait five seconds more between two questions."),
            "access_denied": _("The person has refused, or may not come in any more."),
            "expired_token": _("This code has expired. Start again."),
            "invalid_grant": _("This code is unknown, of another program, or has been used."),
        }
        super().__init__(said[code], code=code)


@dataclass(frozen=True, slots=True)
class Pairing:
    """A device that asks to be connected, as its person is shown it."""

    app_name: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    enrolled: bool


@dataclass(frozen=True, slots=True)
class NewPairing:
    """A pairing that has begun: the device keeps one code, and shows the other."""

    device_code: str
    user_code: str
    expires_at: datetime
    interval: int


@dataclass(frozen=True, slots=True)
class Requested:
    """What a program asks for, checked: by whom, for which device, to do what."""

    app: App
    name: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WayBack:
    """Where a browser brings the code, and what its holder must be able to prove."""

    redirect: str
    challenge: str


def requested(*, app_id: str, name: str, scopes: Collection[str]) -> Requested:
    """Check what a program asks for; without scopes it is all it may ask for. Raise Invalid by field."""
    program = app(app_id)
    if set(scopes) - set(program.scopes):
        allowed = " ".join(program.scopes)
        raise errors.Invalid({"scope": [_("This program may ask for: %(allowed)s.") % {"allowed": allowed}]})
    chosen = sorted(set(scopes)) or program.scopes
    return Requested(program, _checks.label("device_name", name), tuple(chosen))


@transaction.atomic
def start_pairing(*, what: Requested, now: datetime, workspace_id: int | None = None) -> NewPairing:
    """Begin to connect a device by a code that its person types in; with a workspace, for its people alone."""
    models.Pairing.objects.filter(expires_at__lt=now - KEPT).delete()
    user_code = "".join(secrets.choice(LETTERS) for _place in range(8))
    device_code = secrets.token_urlsafe(32)
    row = _ask(what, device_code, now + LIFE, now, user_code=_typed(user_code), workspace_id=workspace_id)
    return NewPairing(device_code, f"{user_code[:4]}-{user_code[4:]}", row.expires_at, row.interval)


def _ask(what: Requested, code: str, until: datetime, now: datetime, **more: object) -> models.Pairing:
    given = {"app": what.app.id, "name": what.name, "scopes": list(what.scopes), "code": _tokens.digest(code)}
    return models.Pairing.objects.create(**given, created_at=now, expires_at=until, **more)


def _typed(user_code: str) -> str:
    """Return a code as it is kept, however it was typed. It is short, so that its hash is a keyed one."""
    letters = re.sub("[^A-Za-z]", "", user_code).upper()
    return salted_hmac("people.pairing", letters, algorithm="sha256").hexdigest()


def pairing(*, by: int, user_code: str, now: datetime) -> Pairing:
    """Return who asks by this code; raise NotFound when it is unknown, answered or over."""
    row = _open(_checks.actor(by), user_code, now).first()  # the code decides: there is one or none
    if row is None:
        raise errors.NotFound
    names = app_names([row.app])
    return Pairing(
        names.get(row.app, row.app),
        row.name,
        tuple(row.scopes),
        row.created_at,
        row.expires_at,
        row.workspace_id is not None,
    )


def grant_pairing(*, by: int, user_code: str, now: datetime) -> None:
    """Let a device be connected to oneself; raise NotFound."""
    row = _checks.actor(by)
    if not _open(row, user_code, now).update(person=row, epoch=row.epoch, granted_at=now):
        raise errors.NotFound


def refuse_pairing(*, by: int, user_code: str, now: datetime) -> None:
    """Refuse a device; raise NotFound."""
    if not _open(_checks.actor(by), user_code, now).update(refused_at=now):
        raise errors.NotFound


def _open(actor: models.Person, user_code: str, now: datetime) -> QuerySet[models.Pairing]:
    """Return what waits by a code, for whom it may be answered by."""
    theirs = Q(workspace=None) | Q(workspace_id=actor.workspace_id)
    waiting = models.Pairing.objects.filter(theirs, granted_at=None, refused_at=None, expires_at__gt=now)
    return waiting.filter(user_code=_typed(user_code))


def redeem_pairing(*, app_id: str, device_code: str, now: datetime) -> _tokens.NewToken:
    """Return the key of a device whose person has let it in, once; raise NotPaired."""
    row = _found(app_id, device_code, challenge="")
    if row.refused_at:
        raise NotPaired("access_denied")
    if row.expires_at <= now:
        raise NotPaired("expired_token")
    _pace(row, now)
    if row.granted_at is None:
        raise NotPaired("authorization_pending")
    return _connect(row, now)


def _found(app_id: str, code: str, **more: str) -> models.Pairing:
    row = models.Pairing.objects.filter(app=app_id, code=_tokens.digest(code), used_at=None, **more).first()
    if row is None:
        raise NotPaired("invalid_grant")
    return row


def _pace(row: models.Pairing, now: datetime) -> None:
    """Hold a device to its interval. No transaction is open: what is written stays, though it is refused."""
    rows = models.Pairing.objects.filter(pk=row.pk)
    patient = Q(asked_at=None) | Q(asked_at__lte=now - timedelta(seconds=row.interval - 1))
    if not rows.filter(patient).update(asked_at=now):
        rows.update(asked_at=now, interval=F("interval") + SLOWER)
        raise NotPaired("slow_down")


def grant_code(*, by: int, what: Requested, back: WayBack, now: datetime) -> str:
    """Let a program be connected to oneself; return the code its browser brings back. Raise Invalid by field."""
    row = _checks.actor(by)
    check_way_back(what=what, back=back)
    code = secrets.token_urlsafe(32)
    granted = {"person": row, "epoch": row.epoch, "granted_at": now}
    _ask(what, code, now + CODE_LIFE, now, redirect=back.redirect, challenge=back.challenge, **granted)
    return code


def check_way_back(*, what: Requested, back: WayBack) -> None:
    """Check where a browser is to go and the challenge (S256) it carries; raise Invalid by field."""
    if not what.app.returns_to(back.redirect):
        raise errors.Invalid({"redirect_uri": [_("This program may not be sent back there.")]})
    if not CHALLENGE.fullmatch(back.challenge):
        raise errors.Invalid({"code_challenge": [_("Send the SHA-256 of your verifier, base64url without padding.")]})


def redeem_code(*, app_id: str, code: str, redirect: str, verifier: str, now: datetime) -> _tokens.NewToken:
    """Return the key of a program that brings its code and proves that it asked for it, once; raise NotPaired."""
    row = _found(app_id, code, user_code="")
    hashed = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    proved = VERIFIER.fullmatch(verifier) and constant_time_compare(hashed, row.challenge)
    if not proved or row.redirect != redirect or row.expires_at <= now:
        raise NotPaired("invalid_grant")
    return _connect(row, now)


@transaction.atomic
def _connect(row: models.Pairing, now: datetime) -> _tokens.NewToken:
    """Make the key. The person's row is held: whoever ends all their keys comes before, and is seen, or after, and ends it."""
    person = models.Person.objects.select_for_update().get(pk=row.person_id)
    if not person.is_active or person.epoch != row.epoch:
        raise NotPaired("access_denied")
    if not models.Pairing.objects.filter(pk=row.pk, used_at=None).update(used_at=now):
        raise NotPaired("invalid_grant")  # another request was first
    return _tokens.connect(person=person, app=row.app, name=row.name, scopes=row.scopes, now=now)
