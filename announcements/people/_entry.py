"""How people come in: founding, being invited, admitted, and claiming a domain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.people import _checks, _elsewhere, events, models
from announcements.people._values import EmailTaken, NewPerson, Person, as_person


def any_workspace() -> bool:
    """Tell whether a workspace exists yet."""
    return models.Workspace.objects.exists()


@transaction.atomic
def found(*, name: str, owner: NewPerson, now: datetime) -> Person:
    """Create a workspace and its owner; raise Invalid or EmailTaken."""
    return _found(name, (owner.email, owner.name, owner.timezone), make_password(owner.password), now)


def _found(company: str, who: tuple[str, str, str], password: str, now: datetime) -> Person:
    """Create a workspace and its owner; `who` is (email, name, time zone), the password is a hash."""
    timezone = _checks.zone(who[2])
    workspace = models.Workspace.objects.create(
        name=_checks.label("company", company), timezone=timezone, created_at=now
    )
    return _add(workspace, who, _Entry(role="owner", password=password, joined=True), now)


@transaction.atomic
def invite(*, by: int, email: str, name: str, title: str = "", timezone: str | None = None, now: datetime) -> Person:
    """Add somebody who has yet to accept; raise Forbidden, EmailTaken or Invalid. Without a zone they get the workspace's."""
    admin = _checks.admin(by)
    zone = timezone or admin.workspace.timezone
    return _add(admin.workspace, (email, name, zone), _Entry(title=title), now)


@dataclass(frozen=True, slots=True)
class _Entry:
    """How somebody enters: with the hash of a password of their own or none yet, joined or still to be let in."""

    title: str = ""
    role: str = "member"
    password: str = ""
    joined: bool = False
    asked: bool = False  # by somebody of the workspace, who is not told whom another company has


def _add(workspace: models.Workspace, who: tuple[str, str, str], how: _Entry, now: datetime) -> Person:
    """Write a person; `who` is (email, name, time zone)."""
    email, name, timezone = who
    row = models.Person(
        workspace=workspace,
        email=_checks.address(email),
        name=_checks.label("name", name),
        title=_checks.label("title", how.title, empty=True),
        role=how.role,
        timezone=_checks.zone(timezone),
        work_days=workspace.work_days,
        work_starts=workspace.work_starts,
        work_ends=workspace.work_ends,
        invited_at=now,
        joined_at=now if how.joined else None,
        password=how.password or make_password(None),
    )
    if not _saved(row) and not (how.asked and not _colleague(row) and _saved(_elsewhere.put(row))):
        raise EmailTaken(_("Somebody has this address already."))
    events.standing_changed.send(sender=None, person_ids=[row.pk], at=now)
    return as_person(row)


def _colleague(row: models.Person) -> bool:
    """Tell whether the address is somebody's of the same company: two may have asked them in at once."""
    there: bool = models.Person.objects.of(row.workspace_id).filter(email=row.email).exists()
    return there


def _saved(row: models.Person) -> bool:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


@transaction.atomic
def accept(*, person_id: int, password: str | None, now: datetime) -> Person:
    """Let an invited person in, with a password of their own (None: they will sign in another way); raise NotFound or Conflict."""
    row = _checks.person_row(person_id)
    # Who signed up has a password and waits for an admin: no invitation lets them past. The filter holds off a second accept.
    invited = models.Person.objects.filter(
        pk=person_id, joined_at=None, deactivated_at=None, password=row.password, elsewhere=""
    )
    if row.has_usable_password() or not invited.update(joined_at=now, password=make_password(password)):
        raise errors.Conflict(_("This invitation has been used already."))
    events.standing_changed.send(sender=None, person_ids=[person_id], at=now)
    return as_person(_checks.person_row(person_id))


@transaction.atomic
def admit(*, by: int, person_id: int, now: datetime) -> Person:
    """Let somebody in who signed up and waits; raise Forbidden, NotFound, or Conflict when they do not wait."""
    _actor, row = _checks.admin_over(by, person_id)
    waiting = models.Person.objects.filter(pk=row.pk, joined_at=None, deactivated_at=None)
    if not row.has_usable_password() or not waiting.update(joined_at=now):
        raise errors.Conflict(_("This person is not waiting to be let in."))
    events.standing_changed.send(sender=None, person_ids=[person_id], at=now)
    return as_person(_checks.person_row(person_id))


@transaction.atomic
def claim_domain(*, person_id: int, now: datetime) -> str | None:
    """Claim the domain of an owner's verified address for their workspace; return it, or None when it cannot be claimed.

    A public mail provider's domain is nobody's. A domain that is claimed stays where it is.
    """
    row = _checks.person_row(person_id)
    domain = row.email.rpartition("@")[2]
    if row.role != "owner" or _checks.public_mail(domain):
        return None
    claimed, new = models.Domain.objects.get_or_create(name=domain, defaults={"workspace": row.workspace})
    if claimed.workspace_id != row.workspace_id:
        return None
    if new:
        said = {"name": domain}
        events.note(
            row.workspace_id, by=row.pk, verb="domain_claimed", subject=f"domain:{claimed.pk}", at=now, details=said
        )
    return domain
