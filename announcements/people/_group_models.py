"""Tables of groups: what they are, where they hang, who is in them and when. models.py shows them."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q


def holding(at: datetime | None) -> Q:
    """Return what keeps rows that held at that instant; without one, those with no end."""
    return Q(ended_at=None) if at is None else Q(started_at__lte=at) & (Q(ended_at=None) | Q(ended_at__gt=at))


class GroupQuerySet(models.QuerySet["Group"]):
    """Groups in the words of the product."""

    def of(self, workspace_id: int) -> GroupQuerySet:
        """Keep the groups of one workspace."""
        return self.filter(workspace_id=workspace_id)

    def open(self, at: datetime | None) -> GroupQuerySet:
        """Keep those that were not closed at that instant; without one, those that nobody plans to close."""
        return self.filter(Q(ended_at=None) if at is None else Q(ended_at=None) | Q(ended_at__gt=at))


class Group(models.Model):
    """People who belong together: a function, a division, a place, a project. It may be closed; it is never deleted."""

    workspace = models.ForeignKey("Workspace", on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(max_length=80)
    # The name as it is compared: one open group of it in a workspace, whatever its case, width or accents' spelling.
    compared = models.TextField()
    kind = models.CharField(
        max_length=8,
        choices=[(k, k) for k in ("function", "division", "location", "project", "other")],
        default="other",
    )
    description = models.CharField(max_length=500, blank=True)
    calendar = models.CharField(max_length=12, blank=True)  # of public holidays; empty: the company's
    # Who is in it by rule: {"match": "all", "conditions": [{"field": …, "test": …, "value": …}]}; None: filled by hand.
    rule = models.JSONField(null=True)
    # When the rule has to be looked at again; the sweep finds it.
    rule_due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = GroupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("workspace", "compared", condition=Q(ended_at=None), name="group_one_open_per_name")
        ]
        indexes = [
            models.Index(fields=["rule_due_at"], condition=Q(rule_due_at__isnull=False), name="group_rule_due")
        ]  # the sweep

    def __str__(self) -> str:
        return self.name


class PlacementQuerySet(models.QuerySet["Placement"]):
    """Placements in the words of the product."""

    def at(self, at: datetime | None) -> PlacementQuerySet:
        """Keep those that held at that instant; without one, those with no end."""
        return self.filter(holding(at))


class Placement(models.Model):
    """A group's time below another. While it has none, it is at the top. It ends and stays, so that history keeps its numbers."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="placements")
    parent = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="placed_below")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group"], condition=Q(ended_at=None), name="placement_one_open"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="placement_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(group=F("parent")), name="placement_not_in_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} below {self.parent_id}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships in the words of the product."""

    def at(self, at: datetime | None) -> MembershipQuerySet:
        """Keep those that held at that instant; without one, those with no end."""
        return self.filter(holding(at))


class Membership(models.Model):
    """A person's time in a group. It ends; it is never deleted, so that history keeps its numbers."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=7, choices=[(r, r) for r in ("member", "manager")], default="member")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "person"], condition=Q(ended_at=None), name="membership_one_open"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="membership_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.group_id}"
