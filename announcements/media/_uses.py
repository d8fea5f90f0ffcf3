"""Which announcements show which images."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from announcements.media import models
from announcements.media._values import Use


def uses(*, key: str) -> list[Use]:
    """Return the announcements that show an image."""
    rows = models.Use.objects.filter(image__key=key).order_by("announcement_id")
    return [Use(announcement_id=row.announcement_id, current=row.current) for row in rows]


def uses_many(*, keys: Collection[str]) -> dict[str, list[Use]]:
    """Return the announcements that show each of these images; what nothing shows is left out."""
    found: dict[str, list[Use]] = {}
    rows = models.Use.objects.filter(image__key__in=keys).select_related("image").order_by("announcement_id")
    for row in rows:
        found.setdefault(row.image.key, []).append(Use(row.announcement_id, row.current))
    return found


@transaction.atomic
def bind(*, announcement_id: int, keys: Collection[str], keep: bool, now: datetime) -> None:
    """Note what the words of an announcement show now. What they showed before is let go, or with `keep` noted as earlier."""
    images = models.Image.objects.select_for_update().filter(key__in=keys).order_by("id")
    shown = [row.pk for row in images]
    before = models.Use.objects.filter(announcement_id=announcement_id).exclude(image_id__in=shown)
    if keep:
        before.update(current=False)
    else:
        gone = list(before.values_list("image_id", flat=True))
        before.delete()
        _rest(gone, now)
    made = [models.Use(image_id=pk, announcement_id=announcement_id) for pk in shown]
    models.Use.objects.bulk_create(
        made, update_conflicts=True, unique_fields=["image", "announcement_id"], update_fields=["current"]
    )
    models.Image.objects.filter(pk__in=shown).update(unused_since=None)


def _rest(image_ids: Collection[int], now: datetime) -> None:
    """Begin to count the days of those that nothing shows any more."""
    models.Image.objects.filter(pk__in=image_ids, uses=None).update(unused_since=now)
