"""What one recipient's facts add to the roll-ups. Folding and counting anew both ask here, so that they agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from announcements.analytics._moves import Counted
from announcements.delivery import services as delivery

EVERYBODY = 0
HOUR = timedelta(hours=1)
FACTS: tuple[delivery.Fact, ...] = ("displayed", "opened", "read", "acknowledged")

# ("tally", group, column) or ("hour", fact, channel, hour)
Share = tuple[str, int, str] | tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class About:
    """What has to be known of an announcement and its recipients to count their facts."""

    published_at: datetime
    due_at: datetime | None
    groups: Mapping[int, tuple[int, ...]]
    nudged: Mapping[int, datetime]


def shares(about: About, counted: Iterable[Counted | None]) -> Counter[Share]:
    """Return what these add, all together."""
    found = Counter[Share]()
    for each in counted:
        if each is None:
            continue
        groups = (EVERYBODY, *about.groups.get(each.facts.recipient_id, ()))
        columns = ["left"] if each.gone else _columns(about, each.facts)
        found.update(("tally", group, column) for group in groups for column in columns)
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
    return columns


def _hours(about: About, facts: delivery.DeliveryFacts) -> Iterable[Share]:
    for fact in FACTS:
        if at := getattr(facts, f"{fact}_at"):
            yield ("hour", fact, getattr(facts, f"{fact}_via"), max(0, -((about.published_at - at) // HOUR)))
