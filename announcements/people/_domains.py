"""Claimed domains: whose addresses may sign up by themselves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_domain_name
from django.db import transaction
from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.people import _checks, events, models


class DomainTaken(errors.Conflict):
    """It cannot be claimed here. By whom it is held is nobody's business."""

    code = "domain_unavailable"


class DomainNotProved(errors.Forbidden):
    """Whoever claims it has no verified address of it."""

    code = "domain_not_proved"


@dataclass(frozen=True, slots=True)
class Domain:
    """An email domain of the workspace."""

    id: int
    name: str


def domains(*, by: int) -> list[Domain]:
    """Return the workspace's domains by name; raise Forbidden."""
    rows = models.Domain.objects.filter(workspace_id=_checks.admin(by).workspace_id)
    return [Domain(row.pk, row.name) for row in rows.order_by("name", "id")]


@transaction.atomic
def claim(*, by: int, name: str, verified: Collection[str], now: datetime) -> Domain:
    """Claim a domain of which the admin has a verified address, one of `verified`; claiming twice is once.

    Raises Forbidden, DomainNotProved, DomainTaken, or Invalid for what is no domain or a public mail provider's.
    """
    admin = _checks.admin(by)
    domain = _domain(name)
    if _checks.public_mail(domain):
        raise errors.Invalid({"name": [_("The domain of a public mail provider is nobody’s. Use your company’s own.")]})
    if domain not in {_checks.same_address(address).rpartition("@")[2] for address in verified}:
        raise DomainNotProved(
            _("Only somebody with a verified address at %(domain)s may claim it.") % {"domain": domain}
        )
    row, new = models.Domain.objects.get_or_create(name=domain, defaults={"workspace": admin.workspace})
    if row.workspace_id != admin.workspace_id:
        raise DomainTaken(_("This domain cannot be claimed here. Ask whoever runs this server, if it is yours."))
    if new:
        _note(admin, "domain_claimed", row, now)
    return Domain(row.pk, row.name)


@transaction.atomic
def release(*, by: int, domain_id: int, now: datetime) -> None:
    """Give a domain back: nobody signs up by it any more. Raises Forbidden or NotFound."""
    row = models.Domain.objects.filter(pk=domain_id, workspace_id=_checks.actor(by).workspace_id).first()
    if row is None:
        raise errors.NotFound
    admin = _checks.admin(by)
    _note(admin, "domain_released", row, now)
    row.delete()


def _note(admin: models.Person, verb: str, row: models.Domain, now: datetime) -> None:
    events.noted.send(
        sender=None,
        workspace_id=admin.workspace_id,
        by=admin.pk,
        verb=verb,
        subject=f"domain:{row.pk}",
        details={"name": row.name},
        at=now,
    )


def _domain(given: str) -> str:
    tidy = _checks.same_address(given).removeprefix("@").rstrip(".")
    try:
        validate_domain_name(tidy)
    except ValidationError:
        raise errors.Invalid({"name": [_("This is not a domain. Use one such as example.com.")]}) from None
    if not tidy.isascii() or "." not in tidy or len(tidy) > 253:
        raise errors.Invalid({"name": [_("This is not a domain. Use one such as example.com.")]})
    return tidy
