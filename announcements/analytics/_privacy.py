"""What the workspace's privacy profile lets be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from announcements.analytics._solving import safe
from announcements.people import services as people

SMALLEST = 5
KINDS: tuple[str, ...] = get_args(people.GroupKind)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a privacy profile lets be told: names where nobody was asked to confirm (`unasked`), how far somebody named got
    (`got_to`), why no mail reaches somebody named (`unreached`), reading times (`dwell`), a person's facts in a file (`lines`), groups of how
    many people (`smallest`; 1: of any)."""

    unasked: bool
    got_to: bool
    unreached: bool
    dwell: bool
    lines: bool
    smallest: int


PROFILES: Mapping[people.Privacy, Profile] = {
    "standard": Profile(unasked=False, got_to=True, unreached=True, dwell=True, lines=True, smallest=1),
    "open": Profile(unasked=True, got_to=True, unreached=True, dwell=True, lines=True, smallest=1),
    "works_council": Profile(unasked=False, got_to=False, unreached=False, dwell=False, lines=False, smallest=SMALLEST),
}


def large_enough(*, cells: Mapping[frozenset[int], int], branches: Iterable[people.Branch], everyone: bool) -> set[int]:
    """Return the groups from which no numbers about fewer than five people follow: neither their own, nor by adding and subtracting.

    `cells` say how many recipients of one announcement were in exactly these groups; `branches` are all groups of then. What went to
    everyone is told by function first, anything else by the kind of which the fewest groups were reached: most likely those it was
    for. Of a kind the largest groups come first.
    """
    kinds = {branch.id: branch.kind for branch in branches}
    sizes = Counter[int]()
    for ids, many in cells.items():
        sizes.update(dict.fromkeys(ids, many))
    by_kind = {kind: [id for id in sizes if kinds.get(id) == kind] for kind in KINDS}
    order = KINDS if everyone else sorted(KINDS, key=lambda kind: len(by_kind[kind]))
    orders = [
        sorted((id for id in by_kind[kind] if sizes[id] >= SMALLEST), key=lambda id: (-sizes[id], id)) for kind in order
    ]
    return safe(cells=cells, orders=orders, smallest=SMALLEST)
