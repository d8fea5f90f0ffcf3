"""A prepared question has the answer of its queryset, each time with other values."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from announcements.delivery import models
from announcements.kernel.prepared import INSTANT, Among, Given, Prepared

pytestmark = pytest.mark.django_db
NAMES = ("id", "delivered_at", "displayed_at", "displayed_via")


@pytest.fixture
def rows(now: datetime) -> list[models.Delivery]:
    made = [
        models.Delivery(
            announcement_id=about, recipient_id=who, workspace_id=1, delivered_at=now + timedelta(hours=about)
        )
        for about in (1, 2, 3)
        for who in (11, 12)
    ]
    return models.Delivery.objects.bulk_create(made)


def test_it_is_asked_anew_with_other_values(rows: list[models.Delivery], now: datetime) -> None:
    since = models.Delivery.objects.filter(delivered_at__gt=Given("since", INSTANT), recipient_id=Given("who"))
    asked = Prepared(lambda: since.order_by("id").values_list(*NAMES))

    for hours, who in ((0, 11), (2, 12), (9, 12)):
        at = now + timedelta(hours=hours)
        same = models.Delivery.objects.filter(delivered_at__gt=at, recipient_id=who).order_by("id")
        assert asked(since=at, who=who) == list(same.values_list(*NAMES))


def test_many_are_asked_for_as_one_value(rows: list[models.Delivery]) -> None:
    asked = Prepared(lambda: models.Delivery.objects.filter(Among("whom", "recipient_id")).values_list("recipient_id"))

    assert asked(whom=[11, 99]) == [(11,)] * 3
    assert len(asked(whom=[11, 12])) == len(rows)
    assert asked(whom=[]) == []


def test_pairs_are_found_as_pairs(rows: list[models.Delivery]) -> None:
    whole = models.Delivery.objects.filter(Among("pairs", "announcement_id", "recipient_id"))
    asked = Prepared(lambda: whole.order_by("id").values_list("announcement_id", "recipient_id"))

    assert asked(pairs=[(1, 11), (2, 12), (3, 99)]) == [(1, 11), (2, 12)]
    assert asked(pairs=[]) == []
