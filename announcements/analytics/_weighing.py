"""Which groups of an announcement are shown where small ones are left out: decided once it has reached everybody, and kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db import transaction

from announcements.analytics import _weekly, models
from announcements.analytics._folding import fold, gone_of, hold
from announcements.analytics._privacy import large_enough
from announcements.analytics._shares import EVERYBODY
from announcements.delivery import services as delivery
from announcements.people import services as people

AT_ONCE = 50
WHILE_SOMEBODY_WAITS = 5


def stand(*, workspace_id: int, most: int = AT_ONCE) -> None:
    """See to it that the sums of a workspace are what is known by now; weigh `most` announcements at the most."""
    fold(workspace_id=workspace_id)
    weigh(workspace_id=workspace_id, most=most)


def weigh(*, workspace_id: int, announcement_id: int | None = None, most: int = AT_ONCE) -> None:
    """Decide of one announcement, or the newest of a workspace, that was not weighed; what is on its way is left for later."""
    left = models.Kept.objects.filter(workspace_id=workspace_id, weighed=False, stale=False)
    if announcement_id is not None:
        left = left.filter(announcement_id=announcement_id)
    ids = list(left.order_by("-published_at", "id").values_list("announcement_id", flat=True)[:most])
    progress = delivery.progress_many(announcement_ids=ids)
    for id in ids:
        if id not in progress or progress[id].finished_at:
            _weigh(workspace_id, id)


def waiting() -> list[int]:
    """Return the workspaces that have announcements which were not weighed."""
    rows = models.Kept.objects.filter(weighed=False).order_by()
    return sorted(rows.values_list("workspace_id", flat=True).distinct())


@transaction.atomic
def _weigh(workspace_id: int, announcement_id: int) -> None:
    hold(workspace_id)
    if kept := models.Kept.objects.filter(announcement_id=announcement_id, weighed=False).first():
        ids = {each.recipient_id for each in delivery.facts(announcement_id=announcement_id)}
        here = ids - gone_of(ids)
        decide(kept, people.groups_of(person_ids=here, at=kept.published_at).values())


def decide(kept: models.Kept, groups: Iterable[tuple[int, ...]]) -> None:
    """Show the groups that are large enough, by those each recipient was in. The caller holds the book."""
    cells = Counter(frozenset(ids) for ids in groups)
    branches = people.branches(workspace_id=kept.workspace_id, at=kept.published_at)
    shown = {EVERYBODY, *large_enough(cells=cells, branches=branches, everyone=kept.everyone)}
    rows = models.Tally.objects.filter(announcement_id=kept.announcement_id)
    changed = [row for row in rows if row.shown != (row.group_id in shown)]
    origins = _weekly.origins_of(kept.announcement_id)
    before = _weekly.adds(kept, origins, changed)
    for row in changed:
        row.shown = row.group_id in shown
    _weekly.write(_weekly.adds(kept, origins, changed), before)
    models.Tally.objects.bulk_update(changed, ["shown"], batch_size=500)
    models.Kept.objects.filter(pk=kept.pk).update(weighed=True)
