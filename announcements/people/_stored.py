"""What people keeps about somebody, for themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from announcements.people import _checks, models
from announcements.people._group_values import GroupRole
from announcements.people._tokens import Token, as_token


@dataclass(frozen=True, slots=True)
class StoredMembership:
    """A time in a group, past ones too."""

    group_id: int
    group_name: str
    role: GroupRole
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stored:
    """What people keeps about somebody beside the profile, oldest first."""

    invited_at: datetime
    joined_at: datetime | None
    memberships: tuple[StoredMembership, ...]
    tokens: tuple[Token, ...]


def stored(*, by: int) -> Stored:
    """Return what is kept about oneself."""
    row = _checks.actor(by)
    memberships = models.Membership.objects.filter(person=row).select_related("group").order_by("started_at", "id")
    return Stored(
        invited_at=row.invited_at,
        joined_at=row.joined_at,
        memberships=tuple(
            StoredMembership(
                group_id=one.group_id,
                group_name=one.group.name,
                role=one.role,  # type: ignore[arg-type]  # its choices
                started_at=one.started_at,
                ended_at=one.ended_at,
            )
            for one in memberships
        ),
        tokens=tuple(as_token(one) for one in models.Token.objects.filter(person=row).order_by("created_at", "id")),
    )
