"""Keeping the roll-ups as facts arrive: changes are noted with the facts, and folded in shortly after, before anybody looks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.db.models import Q

from announcements.analytics import _weekly, models
from announcements.analytics._moves import Counted, Move, pack, unpack
from announcements.analytics._privacy import SMALLEST
from announcements.analytics._shares import EVERYBODY, PACES, About, Share, shares
from announcements.delivery import services as delivery
from announcements.kernel import bulk
from announcements.kernel.clocks import WorkingTime
from announcements.kernel.prepared import Among, Prepared
from announcements.people import services as people

AT_ONCE = 200


def note(*, workspace_id: int, moves: Sequence[delivery.Moved]) -> None:
    """Note facts that changed, in the transaction that changes them."""
    gone = gone_of({move.recipient_id for move in moves})

    def counted(person_id: int, facts: delivery.DeliveryFacts | None) -> Counted | None:
        return Counted(facts, person_id in gone) if facts else None

    noted = [
        Move(
            move.announcement_id,
            move.recipient_id,
            counted(move.recipient_id, move.before),
            counted(move.recipient_id, move.after),
        )
        for move in moves
    ]
    bulk.insert(models.Move, ["workspace_id", "moves"], [[workspace_id, pack(noted)]])


_gone = Prepared(lambda: models.Gone.objects.filter(Among("ids", "person_id")).values_list("person_id"))


def gone_of(person_ids: Collection[int]) -> frozenset[int]:
    """Return who of these is gone."""
    return frozenset(id for (id,) in _gone(ids=sorted(person_ids)))


def standing_changed(*, person_ids: Collection[int]) -> None:
    """Count people nowhere from when they are deactivated or removed, and again once they are back."""
    gone = set(person_ids) - people.present(ids=person_ids)
    turning = gone ^ gone_of(person_ids)
    if not turning:
        return
    # Their deliveries are held first: a receipt of theirs that comes in between waits, and then finds them gone.
    theirs = delivery.facts_of(person_ids=turning)
    models.Gone.objects.filter(person_id__in=turning - gone).delete()
    models.Gone.objects.bulk_create([models.Gone(person_id=one) for one in sorted(turning & gone)])
    by_workspace = defaultdict[int, list[Move]](list)
    for one in theirs:
        left = one.facts.recipient_id in gone
        before, after = Counted(one.facts, gone=not left), Counted(one.facts, gone=left)
        by_workspace[one.workspace_id].append(Move(one.announcement_id, one.facts.recipient_id, before, after))
    models.Move.objects.bulk_create(
        models.Move(workspace_id=workspace_id, moves=pack(moves[start : start + AT_ONCE]))
        for workspace_id, moves in by_workspace.items()
        for start in range(0, len(moves), AT_ONCE)
    )


def noted_in() -> list[int]:
    """Return the workspaces where something was noted and is not folded in."""
    return sorted(set(models.Move.objects.order_by().values_list("workspace_id", flat=True).distinct()))


def hold(workspace_id: int) -> None:
    """Let nobody else write a workspace's roll-ups until the transaction ends."""
    models.Book.objects.get_or_create(workspace_id=workspace_id)
    models.Book.objects.select_for_update().get(workspace_id=workspace_id)


def fold(*, workspace_id: int) -> int:
    """Fold in what was noted, some at a time; return how many notes there were."""
    folded = 0
    while done := _fold(workspace_id):
        folded += done
    return folded


@transaction.atomic
def _fold(workspace_id: int) -> int:
    waiting = models.Move.objects.filter(workspace_id=workspace_id).order_by("id")
    if not waiting.exists():
        return 0
    hold(workspace_id)
    notes = list(waiting[:AT_ONCE])
    by_announcement = defaultdict[int, list[Move]](list)
    for move in unpack(each for one in notes for each in one.moves):
        by_announcement[move.announcement_id].append(move)
    # What is stale, or was never counted, is counted anew as a whole; its notes are in the facts already, while these are kept.
    good = Q(stale=False) | Q(closed=True)
    kept = models.Kept.objects.filter(good, announcement_id__in=by_announcement)
    # The same people meet many announcements: their clocks are looked up once.
    clocks = clocks_of({move.recipient_id for moves in by_announcement.values() for move in moves})
    for one in kept.order_by("announcement_id"):
        moves = by_announcement[one.announcement_id]
        about = about_them(one, {move.recipient_id for move in moves}, clocks)
        change = shares(about, (move.after for move in moves))
        change.subtract(shares(about, (move.before for move in moves)))
        add(one, change)
    models.Move.objects.filter(pk__in=[one.pk for one in notes]).delete()
    return len(notes)


def clocks_of(person_ids: Collection[int]) -> dict[int, WorkingTime]:
    """Return when these people work."""
    return {id: person.working_time for id, person in people.get_many(ids=person_ids).items()}


def about_them(kept: models.Kept, person_ids: Collection[int], clocks: Mapping[int, WorkingTime]) -> About:
    """Return what has to be known to count the facts of these recipients."""
    return About(
        published_at=kept.published_at,
        due_at=kept.due_at,
        groups=people.groups_of(person_ids=person_ids, at=kept.published_at),
        nudged=delivery.first_nudges(announcement_id=kept.announcement_id, recipient_ids=person_ids),
        clocks=clocks,
    )


def add(kept: models.Kept, change: Counter[Share]) -> None:
    """Add to the roll-ups of an announcement, which the caller holds."""
    tallies = defaultdict[int, dict[str, int]](dict)
    paces = defaultdict[int, dict[tuple[str, int], int]](dict)
    hours = dict[tuple[str, str, int], int]()
    for share, many in change.items():
        if not many:
            continue
        if share[0] == "hour":
            hours[share[1:]] = many  # type: ignore[index]  # the first word tells which share it is
        elif share[0] in PACES:
            paces[share[1]][share[0], share[2]] = many  # type: ignore[index]
        else:
            tallies[share[1]][share[2]] = many  # type: ignore[index]
    _add_tallies(kept, tallies, paces)
    _add_hours(kept.announcement_id, hours)


def _add_tallies(
    kept: models.Kept, change: Mapping[int, Mapping[str, int]], paces: Mapping[int, Mapping[tuple[str, int], int]]
) -> None:
    rows = {row.group_id: row for row in models.Tally.objects.filter(announcement_id=kept.announcement_id)}
    origins = _weekly.origins_of(kept.announcement_id)
    touched = {*change, *paces}
    # Whom it reaches is others now: of every group it may be another question whether it is shown.
    if others := change.get(EVERYBODY, {}).get("recipients", 0):
        touched |= set(rows)
    if others > 0:
        models.Kept.objects.filter(pk=kept.pk).update(weighed=False)
    unseen = set(rows) - {EVERYBODY} if others > 0 else set()  # until it is weighed anew

    def of_week() -> _weekly.Added:
        some = [row for row in rows.values() if row.group_id in touched]
        return _weekly.adds(kept, origins, some) + _weekly.length(kept, origins, rows.values())

    before = of_week()
    for group_id in touched:
        row = rows.setdefault(group_id, models.Tally(announcement_id=kept.announcement_id, group_id=group_id))
        for column, many in change.get(group_id, {}).items():
            setattr(row, column, getattr(row, column) + many)
        row.shown = row.shown and group_id not in unseen
        _add_paces(row, paces.get(group_id, {}))
    _hide_few(rows)
    _weekly.write(of_week(), before)
    models.Tally.objects.bulk_create(
        [rows[group_id] for group_id in touched],
        update_conflicts=True,
        unique_fields=["announcement", "group_id"],
        update_fields=[*models.COUNTED, *PACES, "shown"],
    )


def _add_paces(row: models.Tally, change: Mapping[tuple[str, int], int]) -> None:
    for (name, minutes), many in change.items():
        kept = getattr(row, name)
        kept[str(minutes)] = kept.get(str(minutes), 0) + many
    for name in PACES:
        setattr(row, name, {minutes: many for minutes, many in getattr(row, name).items() if many})


def _hide_few(rows: Mapping[int, models.Tally]) -> None:
    """Show a group no longer of which, or of all but which, a few are left."""
    everybody = rows[EVERYBODY].recipients if EVERYBODY in rows else 0
    for group_id, row in rows.items():
        few = row.recipients < SMALLEST or 0 < everybody - row.recipients < SMALLEST
        row.shown = group_id == EVERYBODY or (row.shown and not few)


def _add_hours(announcement_id: int, change: dict[tuple[str, str, int], int]) -> None:
    there = models.Hour.objects.filter(announcement_id=announcement_id, hour__in={hour for _f, _c, hour in change})
    rows = {(row.fact, row.channel, row.hour): row for row in there}
    for (fact, channel, hour), many in change.items():
        row = rows.setdefault(
            (fact, channel, hour),
            models.Hour(announcement_id=announcement_id, fact=fact, channel=channel, hour=hour),
        )
        row.many += many
    models.Hour.objects.bulk_create(
        [rows[key] for key in change],
        update_conflicts=True,
        unique_fields=["announcement_id", "fact", "channel", "hour"],
        update_fields=["many"],
    )
