"""Which numbers tell of a few people: whom sums and differences of those shown can be solved for, exactly, modulo a prime.

Recipients that are in the same of the groups shown are an atom: numbers never tell them apart. A set of atoms can be solved for where
its indicator is a combination of the groups' (and of everybody's, group 0). By elimination an atom is clear that is a combination of
large atoms, seen as the groups it is in: whatever tells of it tells of one of those as well. The others get random numbers that add up
to nothing in each group; those of few people that add up to nothing by themselves can be solved for, and no others but by a chance of
one to the prime.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, islice

PRIME = 2**61 - 1
EVERYBODY = 0
# Of more atoms it takes too long to look at all there are: then fewer groups are looked at.
MOST = 250
AT_ONCE = 10

Cells = Mapping[frozenset[int], int]
Vector = dict[int, int]


def safe(*, cells: Cells, orders: Iterable[Sequence[int]], smallest: int) -> set[int]:
    """Return the groups that together tell of nobody in fewer than `smallest`.

    `cells` say how many people are in exactly these groups. Groups are weighed some at a time, in each the first before the last.
    """
    shown = list[int]()
    for some in orders:
        shown = _with(cells, shown, list(some), smallest)
    return set(shown)


def _with(cells: Cells, shown: list[int], more: list[int], smallest: int) -> list[int]:
    while more:
        found = Atoms(cells, [*shown, *more], smallest)
        if len(found.unclear) > MOST:
            more = more[: len(more) // 4]
            continue
        out = set[int]()
        for few in islice(found.solvable(), AT_ONCE):
            used = found.used(few)
            if used and not used & out:
                out.add(max(used, key=[*shown, *more].index))
        if not out:
            break
        more = [id for id in more if id not in out]
    return [*shown, *more]


class Atoms:
    """The people told apart by some groups, and what can be solved for."""

    def __init__(self, cells: Cells, order: Sequence[int], smallest: int) -> None:
        self._smallest = smallest
        self._rank = {EVERYBODY: -1, **{id: at for at, id in enumerate(order)}}
        self._pivots = dict[int, int]()  # by group, which of the basis has it
        self._basis = list[Vector]()
        atoms = Counter[frozenset[int]]()
        for cell, many in cells.items():
            atoms[cell.intersection(self._rank)] += many
        by_size = sorted(atoms, key=lambda atom: (-atoms[atom], sorted(atom)))
        for atom in by_size:
            if atoms[atom] >= smallest:
                self._take(self._reduced(_column(atom))[0])
        self._large = len(self._basis)
        few = (atom for atom in by_size if atoms[atom] < smallest)
        self.unclear = list(islice((atom for atom in few if self._reduced(_column(atom))[0]), MOST + 1))
        self._sizes = [atoms[atom] for atom in self.unclear]
        self._made_of = [self._taken(atom) for atom in self.unclear[:MOST]]

    def solvable(self) -> Iterable[tuple[int, ...]]:
        """Return some sets of atoms, each by its places, that can be solved for: the smallest of them."""
        marks = self._marks()
        places = range(len(marks))
        sizes, room = self._sizes, self._smallest
        pairs = [pair for pair in combinations(places, 2) if sizes[pair[0]] + sizes[pair[1]] < room]
        sums = dict[int, list[tuple[int, ...]]]()
        for some in [*((place,) for place in places), *pairs]:
            sums.setdefault(sum(marks[place] for place in some) % PRIME, []).append(some)
        if found := sums.get(0):
            return found
        return {
            tuple(sorted({*some, *other}))
            for mark, those in sums.items()
            for other in those
            for some in sums.get(-mark % PRIME, ())
            if not set(some) & set(other) and self._small((*some, *other))
        }

    def used(self, places: Sequence[int]) -> set[int]:
        """Return by which groups these atoms can be solved for."""
        told = [0] * len(self._basis)
        for place, (coefficients, lead, at) in enumerate(self._made_of):
            if lead:
                known = sum(many * told[other] for other, many in coefficients.items())
                told[at] = ((place in places) - known) * pow(lead, -1, PRIME) % PRIME
        weights = Vector()
        for pivot, at in sorted(self._pivots.items(), key=lambda each: -each[1]):
            known = sum(many * weights.get(id, 0) for id, many in self._basis[at].items() if id != pivot)
            weights[pivot] = (told[at] - known) % PRIME
        return {id for id, weight in weights.items() if weight and id != EVERYBODY}

    def _small(self, places: Iterable[int]) -> bool:
        return sum(self._sizes[place] for place in places) < self._smallest

    def _marks(self) -> list[int]:
        """Return a number for each atom: random, but that in each group they add up to nothing."""
        chance = random.Random(len(self.unclear))  # noqa: S311  the same each time: who is shown must not flicker
        marks, due = [0] * len(self.unclear), Vector()
        for place, (coefficients, lead, _at) in enumerate(self._made_of):
            if not lead:
                marks[place] = chance.randrange(1, PRIME)
                _add(due, coefficients, marks[place])
        for place, (coefficients, lead, at) in reversed(list(enumerate(self._made_of))):
            if lead:
                marks[place] = -due.get(at, 0) * pow(lead, -1, PRIME) % PRIME
                _add(due, coefficients, marks[place])
        return marks

    def _taken(self, atom: frozenset[int]) -> tuple[Vector, int, int]:
        """Return of what in the basis an atom is made, and how much of what it adds to it (0: nothing) and where."""
        rest, coefficients = self._reduced(_column(atom))
        made_of = {at: many for at, many in coefficients.items() if at >= self._large}
        return made_of, self._take(rest), len(self._basis) - 1

    def _reduced(self, vector: Vector) -> tuple[Vector, Vector]:
        """Return what is left of a vector without the basis, and of what in the basis the rest was made."""
        coefficients = Vector()
        while here := [self._pivots[id] for id in vector if id in self._pivots]:
            at = min(here)
            pivot = next(id for id in vector if self._pivots.get(id) == at)
            coefficients[at] = vector[pivot]
            _add(vector, self._basis[at], -vector[pivot])
        return vector, coefficients

    def _take(self, vector: Vector) -> int:
        """Make a vector that is left part of the basis; return what it was divided by."""
        if not vector:
            return 0
        pivot = max(vector, key=self._rank.__getitem__)
        lead = vector[pivot]
        inverse = pow(lead, -1, PRIME)
        self._pivots[pivot] = len(self._basis)
        self._basis.append({id: many * inverse % PRIME for id, many in vector.items()})
        return lead


def _column(atom: frozenset[int]) -> Vector:
    return dict.fromkeys((EVERYBODY, *atom), 1)


def _add(vector: Vector, other: Vector, times: int) -> None:
    """Add a multiple of another vector, and keep no zeros."""
    for id, many in other.items():
        if value := (vector.get(id, 0) + many * times) % PRIME:
            vector[id] = value
        else:
            vector.pop(id, None)
