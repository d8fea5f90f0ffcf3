"""What people keeps about somebody, for themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from announcements.kernel import errors
from announcements.people import _checks, models
from announcements.people._apps import app_names
from announcements.people._group_values import GroupRole
from announcements.people._own_tab import OwnTab, as_own_tab
from announcements.people._tokens import Token, as_token
from announcements.people._values import Person, as_person


@dataclass(frozen=True, slots=True)
class StoredMembership:
    """A time in a group, past ones too."""

    group_id: int
    group_name: str
    role: GroupRole
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredDevice:
    """A device that was connected; of its key only a hash is kept."""

    name: str
    app_name: str
    scopes: tuple[str, ...]
    connected_at: datetime
    last_used_on: date | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredPairing:
    """That somebody let a device in; kept for a day after its code is over."""

    name: str
    app_name: str
    scopes: tuple[str, ...]
    asked_at: datetime
    granted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stored:
    """What people keeps about somebody beside the profile, oldest first."""

    invited_at: datetime
    joined_at: datetime | None
    memberships: tuple[StoredMembership, ...]
    tokens: tuple[Token, ...]
    devices: tuple[StoredDevice, ...]
    pairings: tuple[StoredPairing, ...]
    own_tab: OwnTab


def told(*, by: int, operator: bool = False) -> Person:
    """Return whom everything that is stored about them may be told: oneself; raise NotFound unless active.

    `operator`: whoever runs the installation asks for them. Then they may have left.
    """
    return as_person(_told(by, operator))


def _told(by: int, operator: bool) -> models.Person:
    row = _checks.person_row(by) if operator else _checks.actor(by)
    if row.erased_at:
        raise errors.NotFound
    return row


def stored(*, by: int, operator: bool = False) -> Stored:
    """Return what is kept about oneself; `operator` as in `told`."""
    row = _told(by, operator)
    memberships = models.Membership.objects.filter(person=row).select_related("group").order_by("started_at", "id")
    keys = list(models.Token.objects.filter(person=row).order_by("created_at", "id"))
    pairings = list(models.Pairing.objects.filter(person=row).order_by("created_at", "id"))
    names = app_names([*(one.app for one in keys if one.app), *(one.app for one in pairings)])
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
        tokens=tuple(as_token(one) for one in keys if not one.app),
        devices=tuple(_device(one, names) for one in keys if one.app),
        pairings=tuple(_pairing(one, names) for one in pairings),
        own_tab=as_own_tab(row),
    )


def _device(row: models.Token, names: dict[str, str]) -> StoredDevice:
    return StoredDevice(
        name=row.name,
        app_name=names.get(row.app, row.app),
        scopes=tuple(row.scopes),
        connected_at=row.created_at,
        last_used_on=row.last_used_on,
        ended_at=row.revoked_at,
    )


def _pairing(row: models.Pairing, names: dict[str, str]) -> StoredPairing:
    return StoredPairing(
        name=row.name,
        app_name=names.get(row.app, row.app),
        scopes=tuple(row.scopes),
        asked_at=row.created_at,
        granted_at=row.granted_at,
    )
