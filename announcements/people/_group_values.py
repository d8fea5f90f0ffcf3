"""The values and errors of groups: what they are, who fills them, where they hang."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from announcements.kernel import errors
from announcements.people import models
from announcements.people._values import Person

GroupKind = Literal["function", "division", "location", "project", "other"]
GroupRole = Literal["member", "manager"]
RuleField = Literal["location", "title", "timezone", "locale", "role"]
RuleTest = Literal["is", "contains", "starts_with"]
RuleMatch = Literal["all", "any"]


class GroupClosed(errors.Conflict):
    """The group is closed: it is history, and history does not change."""

    code = "group_closed"


class HasSubGroups(errors.Conflict):
    """Other groups still hang below it."""

    code = "has_sub_groups"


class FilledByRule(errors.Conflict):
    """A rule decides who is in the group, not a hand."""

    code = "filled_by_rule"


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing a rule asks about a person, whatever the case of letters."""

    field: RuleField
    test: RuleTest
    value: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Who is in a group: those for whom all, or any, of the conditions hold. Without conditions it means: filled by hand."""

    conditions: tuple[Condition, ...] = ()
    match: RuleMatch = "all"


@dataclass(frozen=True, slots=True)
class RulePreview:
    """What a rule would do now: how many it matches, the first of them by name, and whose membership would start or end."""

    people: int
    examples: tuple[Person, ...]
    starts: int
    ends: int
    in_words: str


@dataclass(frozen=True, slots=True)
class Placement:
    """A group's time below another; while it has none, it is at the top."""

    parent_id: int
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Manager:
    """Who manages a group itself, not what it is part of."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Group:
    """People who belong together, as they are at an instant.

    `people` counts active people, sub-groups included, once each. `manages` tells whether the one who asks may choose its
    members; `calendar` is the code of its public holidays, empty for the company's; `filling` that its rule has yet to be applied. `placements` are all there were and are planned, oldest first.
    """

    id: int
    workspace_id: int
    name: str
    kind: GroupKind
    description: str
    calendar: str
    rule: Rule | None
    rule_in_words: str
    filling: bool
    parent_id: int | None
    placements: tuple[Placement, ...]
    managers: tuple[Manager, ...]
    manages: bool
    people: int
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class GroupChanges:
    """What may be changed about a group; None leaves it as it is.

    `parent_id` 0 takes it to the top; a rule without conditions makes it filled by hand, by those who are in it.
    """

    name: str | None = None
    kind: GroupKind | None = None
    description: str | None = None
    calendar: str | None = None
    parent_id: int | None = None
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What more is said of a new group. With a rule, the rule fills it."""

    description: str = ""
    rule: Rule | None = None
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's time in a group. It may be planned: start, or end, later than now."""

    group_id: int
    person_id: int
    role: GroupRole
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Term:
    """From when until when something is meant to hold. None: from now on; with no end."""

    started_at: datetime | None = None
    ended_at: datetime | None = None


NOTHING_MORE = About()
FROM_NOW_ON = Term()


@dataclass(frozen=True, slots=True)
class Move:
    """Hang a group below another; None takes it to the top."""

    group_id: int
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class Start:
    """Start somebody's time in a group, or change their role in it."""

    group_id: int
    person_id: int
    role: GroupRole = "member"


@dataclass(frozen=True, slots=True)
class End:
    """End somebody's time in a group."""

    group_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class Close:
    """Close a group."""

    group_id: int


Change = Move | Start | End | Close


def as_membership(row: models.Membership) -> Membership:
    """Return the value of a row."""
    return Membership(
        group_id=row.group_id,
        person_id=row.person_id,
        role="manager" if row.role == "manager" else "member",
        started_at=row.started_at,
        ended_at=row.ended_at,
    )


def told_of(what: Membership | models.Membership) -> dict[str, Any]:
    """Return what the trail is told of a membership."""
    return {
        "person_id": what.person_id,
        "role": what.role,
        "started_at": what.started_at.isoformat(),
        "ended_at": what.ended_at.isoformat() if what.ended_at else None,
    }


def as_placement(row: models.Placement) -> Placement:
    """Return the value of a row."""
    return Placement(parent_id=row.parent_id, started_at=row.started_at, ended_at=row.ended_at)
