"""How groups nest at an instant, and what follows from it: who manages what, who belongs where."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from announcements.people import _checks, models
from announcements.people._group_values import GroupKind


class Tree:
    """The nesting of a workspace's open groups at an instant, read once. Without an instant: as it is planned to stay."""

    def __init__(self, workspace_id: int, at: datetime | None = None) -> None:
        groups = models.Group.objects.of(workspace_id).open(at).values_list("pk", flat=True)
        placed = models.Placement.objects.at(at).filter(group__workspace_id=workspace_id)
        above = dict(placed.values_list("group_id", "parent_id"))
        self.parents: dict[int, int | None] = {group_id: above.get(group_id) for group_id in groups}
        self._children: dict[int, list[int]] = {}
        for group_id, parent_id in self.parents.items():
            if parent_id:
                self._children.setdefault(parent_id, []).append(group_id)

    def below(self, group_ids: Collection[int]) -> set[int]:
        """Return these groups and all their sub-groups."""
        found: set[int] = set()
        waiting = list(group_ids)
        while waiting:
            group_id = waiting.pop()
            if group_id not in found:
                found.add(group_id)
                waiting += self._children.get(group_id, [])
        return found

    def above(self, group_id: int) -> list[int]:
        """Return this group and what it is part of, nearest first."""
        chain: list[int] = []
        here: int | None = group_id
        while here and here not in chain:
            chain.append(here)
            here = self.parents.get(here)
        return chain


@dataclass(frozen=True, slots=True)
class Branch:
    """Where a group stands, and nothing of its people."""

    id: int
    name: str
    kind: GroupKind
    parent_id: int | None


def branches(*, workspace_id: int, at: datetime) -> list[Branch]:
    """Return how a workspace's groups stood at an instant, by name, without counting anybody."""
    tree = Tree(workspace_id, at)
    rows = models.Group.objects.of(workspace_id).filter(created_at__lte=at).open(at).order_by("name", "id")
    found = rows.values_list("pk", "name", "kind")
    return [Branch(id, name, kind, tree.parents.get(id)) for id, name, kind in found]  # type: ignore[arg-type]  # checked on the way in


def manages(*, person_id: int, group_ids: Collection[int], at: datetime) -> set[int]:
    """Return which of these groups the person managed at that instant, directly or by managing what they are part of."""
    own = set(
        models.Membership.objects.at(at).filter(person_id=person_id, role="manager").values_list("group_id", flat=True)
    )
    if not own:
        return set()
    tree = Tree(_checks.person_row(person_id).workspace_id, at)
    return set(group_ids) & tree.below(own)


def groups_of(*, person_ids: Collection[int], at: datetime) -> dict[int, tuple[int, ...]]:
    """Return each person's groups at that instant, with the groups those were part of; every id has an entry."""
    rows = models.Membership.objects.at(at).filter(person_id__in=person_ids)
    found: dict[int, set[int]] = {person_id: set() for person_id in person_ids}
    trees: dict[int, Tree] = {}
    for person_id, group_id, workspace_id in rows.values_list("person_id", "group_id", "group__workspace_id"):
        if workspace_id not in trees:
            trees[workspace_id] = Tree(workspace_id, at)
        found[person_id].update(trees[workspace_id].above(group_id))
    return {person_id: tuple(sorted(ids)) for person_id, ids in found.items()}
