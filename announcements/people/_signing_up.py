"""Signing up: somebody says who they are, and is nobody until they prove that the address is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.people import _checks, models
from announcements.people._entry import _add, _Entry, _found, any_workspace, claim_domain
from announcements.people._values import NewPerson, NotInvited, Person

# How long what somebody said is kept for them to prove the address. The code they get by mail is good for minutes.
LIFE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SignUp:
    """That somebody wants in by an address they have yet to prove."""

    id: int
    email: str


def sign_up(*, person: NewPerson, company: str = "", now: datetime) -> SignUp:
    """Keep what somebody says of themselves until they prove the address; raise NotInvited, or Invalid by field.

    With a company they are to found a workspace; without a time zone they get the workspace's. Whether the address is
    somebody's is not looked at: what happens here is the same for all.
    """
    email = _checks.address(person.email)
    if company:
        _may_found()
    else:
        _claimed(email)
    row = models.SignUp.objects.create(
        email=email,
        name=_checks.label("name", person.name),
        password=make_password(person.password),
        timezone=_checks.zone(person.timezone) if person.timezone else "",
        company=_checks.label("company", company, empty=True),
        began_at=now,
    )
    return SignUp(row.pk, row.email)


@transaction.atomic
def prove(*, sign_up_id: int, now: datetime) -> Person:
    """Let in whose address is proved to be theirs: they found their workspace, or join by its policy, once.

    Only now are they a person. Raise NotFound when it is too late, EmailTaken when somebody has come in by the address
    meanwhile, or NotInvited when the company has closed its door. A founder's domain is claimed.
    """
    row = _held(sign_up_id)
    if row is None or row.began_at <= now - LIFE:
        raise errors.NotFound(_("This took too long. Sign up once more."))
    person = _founded(row, now) if row.company else _joined(row, now)
    models.SignUp.objects.filter(email=row.email).delete()
    return person


def _held(sign_up_id: int) -> models.SignUp | None:
    """Return a sign-up for whoever is first: held are those of the same address, and all founders, of whom one begins an
    empty installation."""
    said = models.SignUp.objects.filter(pk=sign_up_id).first()
    if said is None:
        return None
    rivals = models.SignUp.objects.filter(Q(email=said.email) | ~Q(company="")).select_for_update().order_by("pk")
    return next((one for one in rivals if one.pk == sign_up_id), None)


def _founded(row: models.SignUp, now: datetime) -> Person:
    _may_found()
    person = _found(row.company, (row.email, row.name, row.timezone or "UTC"), row.password, now)
    claim_domain(person_id=person.id, now=now)
    return person


def _joined(row: models.SignUp, now: datetime) -> Person:
    workspace = _claimed(row.email)
    how = _Entry(password=row.password, joined=workspace.join_policy == "open")
    return _add(workspace, (row.email, row.name, row.timezone or workspace.timezone), how, now)


def _may_found() -> None:
    if any_workspace() and not settings.OPEN_TO_COMPANIES:
        raise NotInvited(_("This installation has its company already. Ask a colleague to invite you."))


def _claimed(email: str) -> models.Workspace:
    """Return the workspace that claimed the address's domain; raise NotInvited when there is none, or it only invites."""
    domain = email.rpartition("@")[2]
    claimed = models.Domain.objects.select_related("workspace").filter(name=domain).first()
    if claimed is None or claimed.workspace.join_policy == "invite":
        raise NotInvited(_("Ask a colleague to invite you: nobody here has opened the door for this address yet."))
    workspace: models.Workspace = claimed.workspace
    return workspace


def forget_sign_ups(*, now: datetime) -> int:
    """Forget what was said by whoever did not prove their address in a day; return how many."""
    return models.SignUp.objects.filter(began_at__lte=now - LIFE).delete()[0]
