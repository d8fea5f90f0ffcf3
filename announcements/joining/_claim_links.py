"""Claim links: made, limited, rotated, revoked by admins."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from announcements.joining import _tokens, _trail, models
from announcements.joining._values import ClaimLink, Limits
from announcements.kernel import errors, text
from announcements.people import services as people

MOST_OPEN = 20
MOST_DOMAINS = 50
MOST_USES = 100_000
_plain_domain = DomainNameValidator(accept_idna=False)


def claim_links(*, by: int, now: datetime) -> list[ClaimLink]:
    """Return the workspace's links that are not revoked, oldest first; raise Forbidden."""
    rows = models.ClaimLink.objects.filter(workspace_id=people.acting_admin(by=by).workspace_id, revoked_at=None)
    return [_valued(row, now) for row in rows.order_by("id")]


@transaction.atomic
def create_claim_link(*, by: int, name: str, limits: Limits, now: datetime) -> ClaimLink:
    """Make a link; raise Forbidden, Conflict beyond 20 open ones, or Invalid by field."""
    actor = people.acting_admin(by=by)
    people.hold(workspace_id=actor.workspace_id)  # two at once would both find room for the last one
    open_ones = models.ClaimLink.objects.filter(workspace_id=actor.workspace_id, revoked_at=None)
    if open_ones.count() >= MOST_OPEN:
        raise errors.Conflict(_("There are %(most)d links already. Revoke one first.") % {"most": MOST_OPEN})
    row = models.ClaimLink.objects.create(
        workspace_id=actor.workspace_id,
        name=_name(name),
        created_by=by,
        created_at=now,
        expires_at=_later(limits.expires_at, now),
        most_uses=_uses(limits.most_uses),
        domains=_domains(limits.domains),
    )
    _trail.note(by=actor, verb="claim_link_created", subject=f"claim_link:{row.pk}", now=now, name=row.name)
    return _valued(row, now)


@transaction.atomic
def rotate_claim_link(*, by: int, link_id: int, now: datetime) -> ClaimLink:
    """Give a link a new address: the old one, and what was asked for by it, dies. Raises Forbidden or NotFound."""
    row = _row(people.find(by=by, person_id=by), link_id)
    actor = people.acting_admin(by=by)
    models.ClaimLink.objects.filter(pk=row.pk).update(turn=F("turn") + 1)
    _trail.note(by=actor, verb="claim_link_rotated", subject=f"claim_link:{row.pk}", now=now, name=row.name)
    return _valued(_row(actor, link_id), now)


@transaction.atomic
def revoke_claim_link(*, by: int, link_id: int, now: datetime) -> None:
    """End a link for ever; raise Forbidden or NotFound."""
    row = _row(people.find(by=by, person_id=by), link_id)
    actor = people.acting_admin(by=by)
    models.ClaimLink.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=now)
    _trail.note(by=actor, verb="claim_link_revoked", subject=f"claim_link:{row.pk}", now=now, name=row.name)


def _row(actor: people.Person, link_id: int) -> models.ClaimLink:
    row = models.ClaimLink.objects.filter(pk=link_id, workspace_id=actor.workspace_id, revoked_at=None).first()
    if row is None:
        raise errors.NotFound
    return row


def _name(given: str) -> str:
    tidy = text.one_line(given)
    if not 0 < len(tidy) <= 80:
        raise errors.Invalid(
            {"name": [_("Give it a name of at most 80 characters, such as Handbook or Browser policy.")]}
        )
    return tidy


def _later(given: datetime | None, now: datetime) -> datetime | None:
    if given is not None and given <= now:
        raise errors.Invalid({"expires_at": [_("Choose a time that is still to come.")]})
    return given


def _uses(given: int | None) -> int | None:
    if given is not None and not 1 <= given <= MOST_USES:
        raise errors.Invalid({"most_uses": [_("Use a number from 1 to %(most)d.") % {"most": MOST_USES}]})
    return given


def _domains(given: tuple[str, ...]) -> list[str]:
    tidy = sorted({people.comparable(email=name).removeprefix("@") for name in given if name.strip()})
    try:
        for name in tidy:
            _plain_domain(name)  # as addresses are, so that it fits one
    except ValidationError:
        raise errors.Invalid({"domains": [_("Use domains such as example.com.")]}) from None
    if len(tidy) > MOST_DOMAINS:
        raise errors.Invalid({"domains": [_("At most %(most)d domains.") % {"most": MOST_DOMAINS}]})
    return tidy


def _valued(row: models.ClaimLink, now: datetime) -> ClaimLink:
    return ClaimLink(
        id=row.pk,
        name=row.name,
        token=_tokens.make("link", row.pk, row.turn),
        created_by=row.created_by,
        created_at=row.created_at,
        limits=Limits(row.expires_at, row.most_uses, tuple(row.domains)),
        uses=row.uses,
        open=row.is_open(now),
        revoked_at=row.revoked_at,
    )
