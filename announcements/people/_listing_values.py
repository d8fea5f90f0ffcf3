"""The values of the list of people: which, in which order, where it goes on, and what is told about each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from announcements.people._group_values import GroupKind, GroupRole
from announcements.people._values import Person, Role, State

Sort = Literal["name", "last_seen_on", "joined", "role"]
Mark = str | date | datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people. What is left as it is lets everybody through.

    `search` looks at name, title, address and location; `not_seen_since` keeps who was last seen before that day, or never.
    """

    search: str = ""
    role: Role | None = None
    state: State | None = None
    group_id: int | None = None
    sub_groups: bool = False
    timezone: str = ""
    location: str = ""
    not_seen_since: date | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """By what a list is sorted. Who was never seen, or has not joined, comes before the earliest day; owners before admins."""

    by: Sort = "name"
    down: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list goes on: after the person `id`, who stands at `mark` in that stretch of the sort; or `back`, before them."""

    mark: Mark
    id: int
    stretch: int = 0
    back: bool = False


@dataclass(frozen=True, slots=True)
class Belonging:
    """A group somebody is in now. `by_rule`: a rule put them there, not a hand."""

    id: int
    name: str
    kind: GroupKind
    role: GroupRole
    by_rule: bool
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Profile:
    """A person with their groups of now. `invited_at` is told to admins and owners only."""

    person: Person
    groups: tuple[Belonging, ...]
    joined_at: datetime | None
    invited_at: datetime | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A part of the list. `total` counts all who are wanted; `following` and `preceding` are where it goes on and back, None at its ends."""

    people: tuple[Profile, ...]
    total: int
    following: Place | None
    preceding: Place | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people there are: in each state, group (sub-groups included, once each), location and time zone."""

    total: int
    states: dict[State, int]
    groups: dict[int, int]
    locations: tuple[tuple[str, int], ...]
    timezones: tuple[tuple[str, int], ...]


EVERYBODY = Wanted()
BY_NAME = Order()
