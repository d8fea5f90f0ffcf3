"""Ids as spans are the same ids, however they lie."""

from __future__ import annotations

from datetime import datetime

import pytest

from announcements.delivery import models
from announcements.kernel.ids import InSpans, spans

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("places", "said"), [([], ""), ([3], "3-3"), ([2, 0, 1, 2], "0-2"), ([0, 2, 3, 6], "0-0,2-3,6-6")]
)
def test_a_row_is_in_spans_when_its_id_is_one_of_them(places: list[int], said: str, now: datetime) -> None:
    rows = models.Delivery.objects.bulk_create(
        models.Delivery(announcement_id=1, recipient_id=who, workspace_id=1, delivered_at=now) for who in range(8)
    )
    chosen = [rows[place].pk for place in places]

    inside = models.Delivery.objects.filter(InSpans(spans(chosen)))
    outside = models.Delivery.objects.exclude(InSpans(spans(chosen)))

    assert set(inside.values_list("pk", flat=True)) == set(chosen)
    assert set(outside.values_list("pk", flat=True)) == {row.pk for row in rows} - set(chosen)
    assert spans(places) == said
