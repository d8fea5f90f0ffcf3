"""What joining keeps about somebody, for themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from announcements.joining import models
from announcements.joining._values import MailState
from announcements.people import services as people


@dataclass(frozen=True, slots=True)
class StoredInvitation:
    """That somebody was asked in, and by whom."""

    invited_by: int
    invited_by_name: str
    email: str
    role: str
    invited_at: datetime
    accepted_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """That somebody asked for a way in by a link for many."""

    link_name: str
    asked_at: datetime
    accepted_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredLetter:
    """A mail about coming in."""

    kind: str
    due_at: datetime
    state: MailState
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stored:
    """What joining keeps about somebody, oldest first."""

    invitations: tuple[StoredInvitation, ...]
    claims: tuple[StoredClaim, ...]
    letters: tuple[StoredLetter, ...]


def stored(*, by: int, operator: bool = False) -> Stored:
    """Return what is kept about oneself, by id and by address; `operator` as people tells it."""
    person = people.told(by=by, operator=operator)
    letters = models.Letter.objects.filter(email=person.email, workspace_id=person.workspace_id)
    claims = models.Claim.objects.filter(email=person.email, link__workspace_id=person.workspace_id)
    return Stored(
        invitations=_invitations(person),
        claims=tuple(
            StoredClaim(link_name=row.link.name, asked_at=row.asked_at, accepted_at=row.accepted_at)
            for row in claims.select_related("link").order_by("asked_at", "id")
        ),
        letters=tuple(
            StoredLetter(kind=row.kind, due_at=row.due_at, state=row.state, submitted_at=row.submitted_at)  # type: ignore[arg-type]  # its choices
            for row in letters.order_by("due_at", "id")
        ),
    )


def _invitations(person: people.Person) -> tuple[StoredInvitation, ...]:
    rows = list(models.Invitation.objects.filter(person_id=person.id).order_by("invited_at", "id"))
    inviters = people.get_many(ids={row.invited_by for row in rows})
    return tuple(
        StoredInvitation(
            invited_by=row.invited_by,
            invited_by_name=inviters[row.invited_by].name if row.invited_by in inviters else "",
            email=row.email,
            role=row.role,
            invited_at=row.invited_at,
            accepted_at=row.accepted_at,
            revoked_at=row.revoked_at,
        )
        for row in rows
    )
