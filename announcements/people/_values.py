"""The values and errors of the door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal

from django.contrib.auth.hashers import is_password_usable
from django.db.models import TextField
from django.db.models.functions import Cast

from announcements.kernel import errors
from announcements.kernel.clocks import WorkingTime
from announcements.people import models
from announcements.people._company import Clock, Link

Role = Literal["member", "admin", "owner"]
State = Literal["invited", "waiting", "active", "deactivated"]
SCOPES = frozenset(
    {
        "feed:read",
        "receipts:write",
        "announcements:read",
        "announcements:write",
        "people:read",
        "people:write",
        "workspace:write",
        "reach:read",
        "facts:read",
        "audit:read",
    }
)


class EmailTaken(errors.Conflict):
    """Somebody has this address already."""

    code = "email_taken"


class NotInvited(errors.Forbidden):
    """No workspace has claimed this address's domain, or it takes invited people only."""

    code = "not_invited"


class LastOwner(errors.Conflict):
    """A workspace keeps at least one owner."""

    code = "last_owner"


class AudienceNotYours(errors.Forbidden):
    """They may not address these people."""

    code = "audience_not_yours"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A company. Hours are wall-clock; `nudge_hours` count from delivery; `logo` is the hash of its content, empty without one.

    `calendar` is the code of its public holidays, empty for none.
    """

    id: int
    name: str
    timezone: str
    work_days: tuple[int, ...]
    work_starts: time
    work_ends: time
    nudge_hours: tuple[float, ...]
    join_policy: str
    brand_hue: int
    second_factor_required: bool
    sign_in_to_acknowledge: bool
    calendar: str
    logo: str
    privacy: str
    retention_days: int
    clocks: tuple[Clock, ...]
    links: tuple[Link, ...]

    def working_time(self, timezone: str) -> WorkingTime:
        """Return the company's hours in a zone of its choice."""
        return WorkingTime(timezone=timezone, days=self.work_days, starts=self.work_starts, ends=self.work_ends)


@dataclass(frozen=True, slots=True)
class Company(Workspace):
    """A workspace with its claimed email domains, by name, and how many people it lists, whatever their state."""

    domains: tuple[str, ...]
    people: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of one workspace. `picture` is the hash of its content, empty without one."""

    id: int
    workspace_id: int
    email: str
    name: str
    title: str
    location: str
    pronouns: str
    about: str
    picture: str
    role: Role
    state: State
    locale: str
    timezone: str
    working_time: WorkingTime
    theme: str
    epoch: int
    key_round: int
    last_seen_on: date | None


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is needed to come in by oneself."""

    email: str
    name: str
    password: str
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class ProfileChanges:
    """What a person may change about themselves; None leaves it as it is. `away` are inclusive (first, last) dates."""

    name: str | None = None
    title: str | None = None
    pronouns: str | None = None
    about: str | None = None
    locale: str | None = None
    timezone: str | None = None
    work_days: tuple[int, ...] | None = None
    work_starts: time | None = None
    work_ends: time | None = None
    away: tuple[tuple[date, date], ...] | None = None
    theme: str | None = None


@dataclass(frozen=True, slots=True)
class PersonChanges:
    """What an admin may change about somebody; None leaves it as it is."""

    name: str | None = None
    title: str | None = None
    location: str | None = None
    timezone: str | None = None
    work_days: tuple[int, ...] | None = None
    work_starts: time | None = None
    work_ends: time | None = None


@dataclass(frozen=True, slots=True)
class WorkspaceChanges:
    """What an admin may change about the workspace; None leaves it as it is."""

    name: str | None = None
    timezone: str | None = None
    work_days: tuple[int, ...] | None = None
    work_starts: time | None = None
    work_ends: time | None = None
    nudge_hours: tuple[float, ...] | None = None
    join_policy: str | None = None
    brand_hue: int | None = None
    second_factor_required: bool | None = None
    sign_in_to_acknowledge: bool | None = None
    calendar: str | None = None
    privacy: str | None = None
    retention_days: int | None = None
    clocks: tuple[Clock, ...] | None = None
    links: tuple[Link, ...] | None = None


def as_workspace(row: models.Workspace) -> Workspace:
    """Return the value of a row."""
    return Workspace(
        id=row.pk,
        name=row.name,
        timezone=row.timezone,
        work_days=tuple(row.work_days),
        work_starts=row.work_starts,
        work_ends=row.work_ends,
        nudge_hours=tuple(row.nudge_hours),
        join_policy=row.join_policy,
        brand_hue=row.brand_hue,
        second_factor_required=row.second_factor_required,
        sign_in_to_acknowledge=row.sign_in_to_acknowledge,
        calendar=row.calendar,
        logo=row.logo,
        privacy=row.privacy,
        retention_days=row.retention_days,
        clocks=tuple(Clock(**clock) for clock in row.clocks),
        links=tuple(Link(**link) for link in row.links),
    )


def state_of(row: models.Person) -> State:
    """Return the state that a person's times add up to."""
    return _state(row.deactivated_at, row.joined_at, row.password)


def _state(deactivated_at: datetime | None, joined_at: datetime | None, password: str) -> State:
    if deactivated_at:
        return "deactivated"
    if joined_at:
        return "active"
    return "waiting" if is_password_usable(password) else "invited"


def as_person(row: models.Person) -> Person:
    """Return the value of a row."""
    return of_columns(*[getattr(row, name) for name in COLUMNS], hours=models.working_time)


COLUMNS = (
    "id", "workspace_id", "email", "elsewhere", "name", "title", "location", "pronouns", "about", "picture", "role",
    "deactivated_at", "joined_at", "password", "locale", "timezone", "work_days", "work_starts", "work_ends", "away", "theme",
    "epoch", "key_round", "last_seen_on",
)  # fmt: skip
# Left as the database keeps them: taken apart once for all who have the same, or asked only whether they are there.
_KEPT = {"deactivated_at", "joined_at", "work_days", "work_starts", "work_ends", "away", "last_seen_on"}
AS_KEPT = [Cast(name, TextField()) if name in _KEPT else name for name in COLUMNS]


def of_columns(*said: Any, hours: Callable[..., WorkingTime] = models.kept_working_time) -> Person:
    """Return the value of a row of which only these were read, AS_KEPT: of very many people, a model each costs the most."""
    (
        id, workspace_id, email, elsewhere, name, title, location, pronouns, about, picture, role,
        deactivated_at, joined_at, password, locale, timezone, work_days, work_starts, work_ends, away, theme,
        epoch, key_round, last_seen_on,
    ) = said  # fmt: skip
    return Person(
        id=id,
        workspace_id=workspace_id,
        email=elsewhere or email,
        name=name,
        title=title,
        location=location,
        pronouns=pronouns,
        about=about,
        picture=picture,
        role=role,
        state=_state(deactivated_at, joined_at, password),
        locale=locale,
        timezone=timezone,
        working_time=hours(timezone, work_days, work_starts, work_ends, away),
        theme=theme,
        epoch=epoch,
        key_round=key_round,
        last_seen_on=date.fromisoformat(last_seen_on) if isinstance(last_seen_on, str) else last_seen_on,
    )
