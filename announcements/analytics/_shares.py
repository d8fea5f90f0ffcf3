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

# ("tally", group, column), ("pace", group, minutes) or ("hour", fact, channel, hour)
Share = tuple[str, int, str] | tuple[str, int, int] | tuple[str, str, str, int]

# How long reading took is told to a quarter of an hour in the first working day, and then to an hour, until five days.
QUARTER, DAY, LONGEST = 15, 8 * 60, 40 * 60
LATER = LONGEST + 60


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
        minutes = None if each.gone else _took(about, each.facts)
        found.update(("pace", group, minutes) for group in groups if minutes is not None)
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


def _took(about: About, facts: delivery.DeliveryFacts) -> int | None:
    """Return within how many working minutes on their own clock somebody read it."""
    clock = about.clocks.get(facts.recipient_id)
    if facts.read_at is None or clock is None:
        return None
    return step(clock.between(facts.delivered_at, facts.read_at, most=timedelta(minutes=LATER)))


def step(took: timedelta) -> int:
    """Return the end, in minutes, of the step of time that something falls into."""
    minutes = -(-took // timedelta(minutes=1))
    width = QUARTER if minutes <= DAY else 60
    return min(-(-minutes // width) * width, LATER)


def _hours(about: About, facts: delivery.DeliveryFacts) -> Iterable[Share]:
    for fact in FACTS:
        if at := getattr(facts, f"{fact}_at"):
            yield ("hour", fact, getattr(facts, f"{fact}_via"), max(0, -((about.published_at - at) // HOUR)))
