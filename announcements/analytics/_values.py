"""The values and errors of the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from announcements.analytics._counting import Counts, GroupReach
from announcements.analytics._curve import Point
from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people

GotTo = delivery.GotTo


class NamesNotShown(errors.Forbidden):
    """The privacy profile lets nobody be named here."""

    code = "names_not_shown"


@dataclass(frozen=True, slots=True)
class Reach:
    """How an announcement landed. `recipients` leaves out the `deactivated`; `by_channel` says where people acknowledged,
    or opened where no acknowledgement was asked. `on_the_way` are the recipients whose clock has yet to say that it arrives.

    `joined_later` are whom its audience means by now and it did not reach: they may read it and are counted nowhere else; None where they
    were not asked for. `groups_hidden` are too small to be shown, by the privacy profile; `few`: so few people that it lets only
    confirmations be told, and displayed, opened and read are None; `names` tells whether the missing are named; `on_time` and
    `unprompted` count confirmations, `channel_of` says what `by_channel` is of."""

    recipients: int
    on_the_way: int
    displayed: int | None
    opened: int | None
    read: int | None
    acknowledged: int
    deactivated: int
    by_group: tuple[GroupReach, ...]
    groups_hidden: int
    by_channel: dict[delivery.Channel, int]
    channel_of: Literal["opened", "acknowledged"]
    on_time: int
    unprompted: int
    progress: delivery.Progress
    curve: tuple[Point, ...]
    privacy: people.Privacy
    names: bool
    few: bool = False
    joined_later: int | None = None


@dataclass(frozen=True, slots=True)
class Landed:
    """How an announcement landed, in short, for a list of many."""

    counts: Counts
    progress: delivery.Progress


@dataclass(frozen=True, slots=True)
class Among:
    """Which of the missing are asked for: who got just so far, whom no mail reaches, who was in a group or below it at the moment of
    publishing, whom a search finds by name, title, address or location."""

    got_to: GotTo | None = None
    unreachable: bool = False
    group_id: int | None = None
    search: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody who was asked to acknowledge and has not; where nobody was asked, who has not read. `local_time` is now on their clock, `nudge_at`
    when a nudge by hand would go out there, None where no working day of theirs comes; `planned_nudge_at` when
    their next one is due, by hand or by itself, None where none is to come or no mail reaches them.

    `suppressed` says why no mail reaches them, *unreachable* where the privacy profile lets no reason be told: then nothing is planned either.
    `got_to` is None where it lets reading facts be told of nobody."""

    person_id: int
    name: str
    groups: tuple[str, ...]
    timezone: str
    local_time: datetime
    got_to: GotTo | None
    last_nudge_at: datetime | None
    nudge_state: str | None
    suppressed: str = ""
    nudge_at: datetime | None = None
    planned_nudge_at: datetime | None = None
