"""What the workspace's privacy profile lets be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from announcements.analytics._shares import EVERYBODY
from announcements.people import services as people

SMALLEST = 5
KINDS: tuple[str, ...] = get_args(people.GroupKind)


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


def large_enough(*, sizes: Mapping[int, int], tree: Mapping[int, people.Branch], everyone: bool) -> set[int]:
    """Return the groups from which no numbers about fewer than five people follow: neither their own, nor by subtraction.

    `sizes` are the recipients of one announcement in each group, and of everybody as group 0; `tree` is how groups stand. Groups are
    weighed the largest first, and left out where, with those already shown, they would tell of a few people: where everybody, or a
    group shown, differs by a few from some shown that may lie side by side in it. Groups of a kind share nobody unless they nest.
    Those of another kind may run across them, and who they share is not known: so they may lie anywhere, and come after. What went to
    everyone is told by function first, anything else by the kind of which the fewest groups were reached: most likely those it was for.
    """
    shown = Shown(sizes, tree, everyone=everyone)
    for id in sorted((id for id in sizes if id != EVERYBODY and sizes[id] >= SMALLEST), key=shown.rank):
        shown.add(id)
    return set(shown.ids)


class Shown:
    """The groups that are shown of one announcement, each before those it is made of."""

    def __init__(self, sizes: Mapping[int, int], tree: Mapping[int, people.Branch], *, everyone: bool) -> None:
        self._sizes = {EVERYBODY: 0, **sizes}
        self._paths = {id: _path(id, tree) for id in sizes if id != EVERYBODY}
        self._kinds = {id: tree[path[0]].kind if path[0] in tree else "" for id, path in self._paths.items()}
        tops = Counter(self._kinds[id] for id, path in self._paths.items() if len(path) == 1)
        kinds = KINDS if everyone else sorted(KINDS, key=lambda kind: tops[kind])
        self._order = {kind: at for at, kind in enumerate(kinds)}
        self.ids: list[int] = []

    def rank(self, id: int) -> tuple[int, int, int]:
        """Return by what groups are weighed one after the other: the kind at the top of their tree, then their size."""
        return (self._order.get(self._kinds[id], len(KINDS)), -self._sizes[id], id)

    def add(self, id: int) -> None:
        """Show a group as well, unless something about a few people would follow."""
        ids = sorted([*self.ids, id], key=self._paths.__getitem__)
        wholes = [EVERYBODY, id, *(whole for whole in self.ids if self._may_hold(whole, id))]
        if not any(self._tells_of_few(whole, ids) for whole in wholes):
            self.ids = ids

    def _may_hold(self, whole: int, id: int) -> bool:
        if whole == EVERYBODY or id == whole:
            return id != whole
        return whole in self._paths[id] or self._kinds[whole] != self._kinds[id]

    def _tells_of_few(self, whole: int, ids: Sequence[int]) -> bool:
        """Tell whether a whole differs by a few from what groups inside it, none within another, may add up to."""
        size = self._sizes[whole]
        inside = [id for id in ids if self._may_hold(whole, id)]
        # From the last on: bit n says that these and those after them can add up to n. Who takes a group skips those within it.
        sums = [1] * (len(inside) + 1)
        for at in reversed(range(len(inside))):
            id, after = inside[at], at + 1
            while after < len(inside) and id in self._paths[inside[after]]:
                after += 1
            sums[at] = (sums[at + 1] | sums[after] << self._sizes[id]) & ((1 << size + SMALLEST) - 1)
        return any(
            sums[0] >> other & 1 for few in range(1, SMALLEST) for other in (size - few, size + few) if other > 0
        )


def _path(id: int, tree: Mapping[int, people.Branch]) -> tuple[int, ...]:
    """Return a group and those it is part of, from the top down."""
    path = [id]
    while (here := tree.get(path[0])) and here.parent_id is not None and here.parent_id not in path:
        path.insert(0, here.parent_id)
    return tuple(path)
