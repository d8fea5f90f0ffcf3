"""What the workspace's privacy profile lets be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from announcements.analytics._counting import GroupReach
from announcements.people import services as people

SMALLEST = 5


@dataclass(frozen=True, slots=True)
class Profile:
    """What a privacy profile lets be told: names where nobody was asked to confirm (`unasked`), how far somebody named got
    (`got_to`), reading times (`dwell`), a person's facts in a file (`lines`), groups of how many people (`smallest`; 1: of any)."""

    unasked: bool
    got_to: bool
    dwell: bool
    lines: bool
    smallest: int


PROFILES: Mapping[people.Privacy, Profile] = {
    "standard": Profile(unasked=False, got_to=True, dwell=True, lines=True, smallest=1),
    "open": Profile(unasked=True, got_to=True, dwell=True, lines=True, smallest=1),
    "works_council": Profile(unasked=False, got_to=False, dwell=False, lines=False, smallest=SMALLEST),
}


def large_enough(
    *, total: int, groups: Sequence[GroupReach], parents: Mapping[int, int | None]
) -> tuple[GroupReach, ...]:
    """Return the groups from which no numbers about fewer than five people follow: neither their own, nor by subtraction.

    Left out is a group that is too small, or whose rest is: the rest of everybody, or of a group above it that is shown. Where
    groups side by side leave over too few people of those above, the smallest of them is left out as well.
    """
    shown = [group for group in groups if group.recipients >= SMALLEST and not _few(total - group.recipients)]
    sizes: dict[int | None, int] = {None: total}
    kept = dict[int, GroupReach]()
    for group in sorted(shown, key=lambda each: -each.recipients):
        above = _above(group.group_id, parents)
        if not any(_few(kept[id].recipients - group.recipients) for id in above if id in kept):
            kept[group.group_id] = group
            sizes[group.group_id] = group.recipients
    for parent, size in sorted(sizes.items(), key=lambda each: -each[1]):
        beside = [id for id in kept if _next_above(id, kept, parents) == parent]
        while beside and _few(size - sum(kept[id].recipients for id in beside)):
            del kept[beside.pop()]  # they stand by size
    return tuple(group for group in groups if group.group_id in kept)


def _few(people: int) -> bool:
    return 0 < people < SMALLEST


def _above(group_id: int, parents: Mapping[int, int | None]) -> list[int]:
    found = list[int]()
    parent = parents.get(group_id)
    while parent is not None and parent not in found:
        found.append(parent)
        parent = parents.get(parent)
    return found


def _next_above(group_id: int, kept: Mapping[int, GroupReach], parents: Mapping[int, int | None]) -> int | None:
    return next((id for id in _above(group_id, parents) if id in kept), None)
