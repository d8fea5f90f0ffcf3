"""Filling groups by their rules. A group's `rule_due_at` is the truth about what has yet to be done; tasks are hints."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Min, Q

from announcements.people import _checks, _rules, events, models
from announcements.people._group_values import Rule, RulePreview, told_of
from announcements.people._values import as_person

# Up to so many people a change is followed at once; more go through the queue.
AT_ONCE = 500
BATCH = 2000
EXAMPLES = 5
One = TypeVar("One")


def preview_rule(*, by: int, rule: Rule, group_id: int | None = None, now: datetime) -> RulePreview:
    """Return whom a rule would match now, and what it would change in a group; raise Forbidden, NotFound, or Invalid by field."""
    admin = _checks.admin(by)
    group = _checks.group(admin, group_id) if group_id else None
    stored = _rules.as_rule(_rules.checked(rule))
    wanted = _rules.matching(admin.workspace_id, stored) if stored else set()
    starts, ends = _difference(group, wanted, None, now) if group else (wanted, [])
    active = models.Person.objects.of(admin.workspace_id).active().order_by("name", "id")
    found = [pk for pk in active.values_list("pk", flat=True) if pk in wanted]
    return RulePreview(
        people=len(found),
        examples=tuple(as_person(row) for row in active.filter(pk__in=found[:EXAMPLES])),
        starts=len(starts),
        ends=len(ends),
        in_words=_rules.in_words(stored),
    )


def refill(group: models.Group, now: datetime) -> None:
    """Fill a group whose rule changed: at once in a small workspace, through the queue in a large one."""
    if models.Person.objects.of(group.workspace_id).count() <= AT_ONCE:
        _fill_whole(group, now)
    else:
        look_again(group, now)
        events.rule_due.send(sender=None, group_id=group.pk)


def look_again(group: models.Group, at: datetime) -> None:
    """Note that a rule has to be looked at again by then."""
    models.Group.objects.filter(pk=group.pk).filter(Q(rule_due_at=None) | Q(rule_due_at__gt=at)).update(rule_due_at=at)


@transaction.atomic
def follow(*, person_ids: Collection[int], now: datetime) -> None:
    """Bring the rule-filled groups of these people's workspaces up to date with what changed about them."""
    workspaces = models.Group.objects.open(now).filter(rule__isnull=False).values_list("workspace_id", flat=True)
    if not (some := list(person_ids)) or not workspaces.exists():
        return
    touched = {
        workspace_id
        for chunk in _batches(some)
        for workspace_id in models.Person.objects.filter(pk__in=chunk).values_list("workspace_id", flat=True).distinct()
    }
    for workspace_id in sorted(touched & set(workspaces)):
        _checks.locked(workspace_id)
        for group in models.Group.objects.of(workspace_id).open(now).filter(rule__isnull=False).order_by("id"):
            if len(some) > AT_ONCE:
                look_again(group, now)
                events.rule_due.send(sender=None, group_id=group.pk)
            else:
                fill(group, now, some)


@transaction.atomic
def fill_group(*, group_id: int, now: datetime) -> bool:
    """Fill a group by its rule, for everybody; return whether there was one to apply. Twice changes nothing."""
    group = models.Group.objects.filter(pk=group_id).first()
    if group is None:
        return False
    _checks.locked(group.workspace_id)
    group.refresh_from_db()
    if group.rule is None or (group.ended_at and group.ended_at <= now):
        models.Group.objects.filter(pk=group.pk).update(rule_due_at=None)
        return False
    _fill_whole(group, now)
    return True


def groups_to_fill(*, now: datetime) -> list[int]:
    """Return the groups whose rule is due to be looked at, the longest waiting first."""
    due = models.Group.objects.filter(rule_due_at__lte=now).order_by("rule_due_at", "id")
    return list(due.values_list("pk", flat=True))


def _fill_whole(group: models.Group, now: datetime) -> None:
    fill(group, now)
    # A manager chosen by hand until a date becomes a member by rule then, if they match.
    following = group.memberships.filter(ended_at__gt=now).aggregate(at=Min("ended_at"))["at"]
    models.Group.objects.filter(pk=group.pk).update(rule_due_at=following)


def fill(group: models.Group, now: datetime, person_ids: Sequence[int] | None = None) -> None:
    """Start and end memberships so that a group's members are who its rule matches. Managers are chosen by hand and stay."""
    rule = _rules.as_rule(group.rule)
    if rule is None:
        return
    wanted = _rules.matching(group.workspace_id, rule, person_ids)
    starts, ends = _difference(group, wanted, person_ids, now)
    for chunk in _batches(ends):
        models.Membership.objects.filter(pk__in=[row.pk for row in chunk]).update(ended_at=now)
    begun = models.Membership.objects.bulk_create(_begun(group, starts, now), batch_size=BATCH)
    if begun or ends:
        for row in ends:
            row.ended_at = now
        _tell(group, begun, ends, now)


def _tell(
    group: models.Group, begun: Sequence[models.Membership], ended: Sequence[models.Membership], now: datetime
) -> None:
    changed = sorted({row.person_id for row in (*begun, *ended)})
    events.standing_changed.send(sender=None, person_ids=changed, at=now, by_rule=True)
    subject = f"group:{group.pk}"
    events.note_many(
        group.workspace_id, by=None, at=now, through="rule",
        noted=[
            *(("membership_ended", subject, told_of(row)) for row in ended),
            *(("membership_started", subject, told_of(row)) for row in begun),
        ],
    )  # fmt: skip
    counted = {"started": len(begun), "ended": len(ended)}
    events.note(group.workspace_id, by=None, verb="rule_applied", subject=subject, details=counted, at=now)


def _difference(
    group: models.Group, wanted: set[int], person_ids: Sequence[int] | None, now: datetime
) -> tuple[set[int], list[models.Membership]]:
    """Return whose membership has to start, and which memberships have to end."""
    running = group.memberships.at(now)
    if person_ids is not None:
        running = running.filter(person_id__in=person_ids)
    rows = list(running.order_by("id"))
    there = {row.person_id for row in rows}
    return wanted - there, [row for row in rows if row.role == "member" and row.person_id not in wanted]


def _begun(group: models.Group, starts: set[int], now: datetime) -> Iterator[models.Membership]:
    """Yield memberships from now on, each until somebody is planned to manage the group or the group to be closed."""
    planned = group.memberships.filter(started_at__gt=now).values("person_id").annotate(at=Min("started_at"))
    until = {row["person_id"]: row["at"] for row in planned}
    for person_id in sorted(starts):
        ends = [end for end in (until.get(person_id), group.ended_at) if end]
        yield models.Membership(group=group, person_id=person_id, started_at=now, ended_at=min(ends) if ends else None)


def _batches(items: Sequence[One]) -> Iterator[Sequence[One]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
