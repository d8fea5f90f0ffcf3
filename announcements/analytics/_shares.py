"""What one recipient's facts add to the roll-ups. Folding and counting anew both ask here, so that they agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from announcements.analytics._moves import Counted
from announcements.delivery import services as delivery
from announcements.kernel.clocks import WorkingTime

EVERYBODY = 0
HOUR = timedelta(hours=1)
FACTS: tuple[delivery.Fact, ...] = ("displayed", "opened", "read", "acknowledged")

# ("tally", group, column), (one of PACES, group, minutes) or ("hour", fact, channel, hour)
Share = tuple[str, int, str] | tuple[str, int, int] | tuple[str, str, str, int]

# How long reading took: in working time, and by the clock on the wall.
PACES = ("pace", "wall")
# It is told to a quarter of an hour in the first eight hours, then to an hour until forty, then to a day; of working time no further.
QUARTER, DAY, LONGEST = 15, 8 * 60, 40 * 60
LATER = LONGEST + 60
LONGEST_ON_WALL = 7 * 24 * 60
LATER_ON_WALL = LONGEST_ON_WALL + 24 * 60


@dataclass(frozen=True, slots=True)
class About:
    """What has to be known of an announcement and its recipients to count their facts."""

    published_at: datetime
    due_at: datetime | None
    groups: Mapping[int, tuple[int, ...]]
    nudged: Mapping[int, datetime]
    clocks: Mapping[int, WorkingTime]


def shares(about: About, counted: Iterable[Counted | None]) -> Counter[Share]:
    """Return what these add, all together."""
    found = Counter[Share]()
    for each in counted:
        if each is None:
            continue
        groups = (EVERYBODY, *about.groups.get(each.facts.recipient_id, ()))
        columns = ["left"] if each.gone else _columns(about, each.facts)
        found.update(("tally", group, column) for group in groups for column in columns)
        took = {} if each.gone else _took(about, each.facts)
        found.update((pace, group, minutes) for group in groups for pace, minutes in took.items())
        if not each.gone:
            found.update(_hours(about, each.facts))
    return found


def _columns(about: About, facts: delivery.DeliveryFacts) -> list[str]:
    columns = ["recipients", *(fact for fact in FACTS if getattr(facts, f"{fact}_at"))]
    confirmed, nudged = facts.acknowledged_at, about.nudged.get(facts.recipient_id)
    if confirmed and about.due_at and confirmed <= about.due_at:
        columns.append("on_time")
    if confirmed and (nudged is None or confirmed < nudged):
        columns.append("unprompted")
    if (clock := about.clocks.get(facts.recipient_id)) and clock.is_working(facts.delivered_at):
        columns.append("at_work")
    return columns


def _took(about: About, facts: delivery.DeliveryFacts) -> dict[str, int]:
    """Return within how many minutes somebody read it: working ones on their own clock, and all there were; none where they have not."""
    clock = about.clocks.get(facts.recipient_id)
    if facts.read_at is None or clock is None:
        return {}
    working = clock.between(facts.delivered_at, facts.read_at, most=timedelta(minutes=LATER))
    return {"pace": step(working), "wall": step(facts.read_at - facts.delivered_at, most=LATER_ON_WALL)}


def step(took: timedelta, *, most: int = LATER) -> int:
    """Return the end, in minutes, of the step of time that something falls into; `most` for all that is longer."""
    minutes = -(-took // timedelta(minutes=1))
    width = QUARTER if minutes <= DAY else 60 if minutes <= LONGEST else 24 * 60
    return min(-(-minutes // width) * width, most)


def _hours(about: About, facts: delivery.DeliveryFacts) -> Iterable[Share]:
    for fact in FACTS:
        if at := getattr(facts, f"{fact}_at"):
            yield ("hour", fact, getattr(facts, f"{fact}_via"), max(0, -((about.published_at - at) // HOUR)))
