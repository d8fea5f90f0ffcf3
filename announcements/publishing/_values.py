"""The values and errors of the door."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

from announcements.kernel import errors, text
from announcements.kernel.clocks import WorkingTime
from announcements.people import services as people
from announcements.publishing import models
from announcements.publishing._audiences import as_audience

Kind = Literal["update", "news", "story", "decision", "policy"]
State = Literal["draft", "scheduled", "published", "withdrawn", "expired"]
Shelf = Literal["draft", "scheduled", "published", "withdrawn", "expired", "archive"]
Change = Literal["first", "typo", "material"]
Face = people.Person


class AlreadyPublished(errors.Conflict):
    """It is out; what is out is corrected or withdrawn."""

    code = "already_published"


class NotPublished(errors.Conflict):
    """It is not out yet."""

    code = "not_published"


class AlreadyWithdrawn(errors.Conflict):
    """It was taken back."""

    code = "already_withdrawn"


class Scheduled(errors.Conflict):
    """It goes out by itself; it is taken off its schedule before it is changed."""

    code = "scheduled"


class NotScheduled(errors.Conflict):
    """It is not going out by itself."""

    code = "not_scheduled"


class TooManyPinned(errors.Conflict):
    """Where much is pinned, nothing is."""

    code = "too_many_pinned"


class Stale(errors.Conflict):
    """Somebody saved in between; theirs is not overwritten."""

    code = "stale"


class NotAuthor(errors.Forbidden):
    """They may see it, but its words are the author's."""

    code = "not_author"


class Unset:
    """What a draft leaves as it is."""

    def __bool__(self) -> bool:
        return False


UNSET = Unset()


# Where a day begins first.
FIRST_CLOCK = "Pacific/Kiritimati"


@dataclass(frozen=True, slots=True)
class OwnClock:
    """A day and a time on each reader's own clock."""

    day: date
    time: time

    def instant(self, timezone: str) -> datetime:
        """Return when that is in a zone: the first moment after a gap of its clocks, the first of two in an overlap."""
        return WorkingTime(timezone).instant(self.day, self.time)


@dataclass(frozen=True, slots=True)
class When:
    """When to go out: at an instant, the same for all; or on each reader's own clock. Neither means now."""

    at: datetime | None = None
    own_clock: OwnClock | None = None

    def first(self) -> datetime | None:
        """Return when that is for whoever it is soonest for: for an own clock, where a day begins first. None means now."""
        return self.own_clock.instant(FIRST_CLOCK) if self.own_clock else self.at


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be saved; what is left out stays as it is. `nudge_hours` None means the workspace's."""

    kind: Kind | Unset = UNSET
    title: str | Unset = UNSET
    summary: str | Unset = UNSET
    body: str | Unset = UNSET
    audience: people.Audience | Unset = UNSET
    ask_acknowledge: bool | Unset = UNSET
    deadline: datetime | None | Unset = UNSET
    nudge_hours: tuple[float, ...] | None | Unset = UNSET
    expires_at: datetime | None | Unset = UNSET
    planned: When | None | Unset = UNSET
    pin: bool | Unset = UNSET


@dataclass(frozen=True, slots=True)
class Again:
    """A version to be said again, how much of a change that is, and with which deadline; left out, with the one there is."""

    number: int
    change: Literal["typo", "material"]
    deadline: datetime | None | Unset = UNSET


@dataclass(frozen=True, slots=True)
class Arrival:
    """When something reaches the readers of a time zone."""

    timezone: str
    people: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Announcement:
    """What somebody says to an audience. `version` is 0 while it is a draft; `revision` rises with each save.

    `planned` is the time that is chosen for a draft, and binds nobody. `scheduled_for` is when it goes out by itself; with
    `own_clock` that is for its first readers, and for each other one when their clock says so. `pin` says that it is to be
    pinned once it is out, or went out by itself and found no place; `refused`, by field, why it did not go out when its time had come.
    """

    id: int
    workspace_id: int
    author_id: int
    kind: Kind
    title: str
    summary: str
    body: str
    audience: people.Audience
    ask_acknowledge: bool
    deadline: datetime | None
    nudge_hours: tuple[float, ...]
    expires_at: datetime | None
    version: int
    revision: int
    created_at: datetime
    updated_at: datetime
    planned: When | None
    scheduled_for: datetime | None
    own_clock: OwnClock | None
    refused: dict[str, list[str]]
    published_at: datetime | None
    pin: bool
    pinned_at: datetime | None
    withdrawn_at: datetime | None
    withdraw_reason: str
    words: int = field(default=0)
    minutes: int = field(default=1)
    updated_by: int = field(default=0)  # who changed it last; 0 where only the words came

    def state(self, now: datetime) -> State:
        """Return the state its times add up to."""
        if self.withdrawn_at:
            return "withdrawn"
        if self.published_at is None:
            return "scheduled" if self.scheduled_for else "draft"
        return "expired" if self.expires_at and self.expires_at <= now else "published"


@dataclass(frozen=True, slots=True)
class Version:
    """What an announcement said from `at` on."""

    announcement_id: int
    number: int
    title: str
    summary: str
    body: str
    change: Change
    by: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AudienceCount:
    """How many people an audience is, in all and by time zone, with somebody of each of the largest zones, and the audience in words."""

    people: int
    timezones: dict[str, int]
    faces: tuple[Face, ...] = ()
    text: str = ""


def as_own_clock(row: models.Announcement) -> OwnClock | None:
    """Return when a row arrives on each reader's clock, if it does so."""
    return OwnClock(row.clock_day, row.clock_time) if row.clock_day and row.clock_time else None


def as_planned(row: models.Announcement) -> When | None:
    """Return the time that is chosen for a row."""
    if row.planned_day and row.planned_time:
        return When(own_clock=OwnClock(row.planned_day, row.planned_time))
    return When(at=row.planned_at) if row.planned_at else None


def as_announcement(row: models.Announcement) -> Announcement:
    """Return the value of a row."""
    return Announcement(
        id=row.pk,
        workspace_id=row.workspace_id,
        author_id=row.author_id,
        kind=row.kind,  # type: ignore[arg-type]  # checked on the way in
        title=row.title,
        summary=row.summary,
        body=row.body,
        audience=as_audience(row.audience),
        ask_acknowledge=row.ask_acknowledge,
        deadline=row.deadline,
        nudge_hours=tuple(row.nudge_hours),
        expires_at=row.expires_at,
        version=row.version,
        revision=row.revision,
        created_at=row.created_at,
        updated_at=row.updated_at,
        updated_by=row.updated_by or row.author_id,
        planned=as_planned(row),
        scheduled_for=row.scheduled_for,
        own_clock=as_own_clock(row),
        refused=row.refused,
        published_at=row.published_at,
        pin=row.pin,
        pinned_at=row.pinned_at,
        withdrawn_at=row.withdrawn_at,
        withdraw_reason=row.withdraw_reason,
        words=text.count_words(row.body),
        minutes=text.reading_minutes(row.body),
    )


def as_version(row: models.Version) -> Version:
    """Return the value of a row."""
    return Version(
        announcement_id=row.announcement_id,
        number=row.number,
        title=row.title,
        summary=row.summary,
        body=row.body,
        change=row.change,  # type: ignore[arg-type]  # we wrote it
        by=row.by,
        at=row.at,
    )
