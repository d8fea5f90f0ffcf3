"""What is asked often reads an index, however many deliveries there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.db.models import QuerySet

from announcements.delivery import _forgetting, _load, models

QUERIES: dict[str, Callable[[datetime], QuerySet[models.Delivery]]] = {
    "delivery_lately": lambda now: _load.lately(1, now - _load.LATELY, now),
    "delivery_remembered": lambda now: _forgetting.old(now).filter(workspace_id=1),
    "delivery_feed": lambda now: models.Delivery.objects.filter(recipient_id=1).order_by("-delivered_at", "-id")[:200],
}


@pytest.mark.parametrize("index", QUERIES)
def test_an_index_is_read(db: None, now: datetime, index: str) -> None:
    if connection.vendor != "sqlite":  # PostgreSQL reads a table whole while it is small
        return

    assert index in QUERIES[index](now).explain()


def test_what_reached_somebody_is_told_by_the_index_alone(db: None) -> None:
    if connection.vendor != "sqlite":
        return
    reached = models.Delivery.objects.filter(recipient_id=1).values_list("announcement_id", flat=True)

    assert "COVERING INDEX delivery_feed" in reached.explain()


def test_how_much_people_had_to_read_is_counted_by_the_index_alone(db: None, now: datetime) -> None:
    if connection.vendor != "sqlite":
        return
    asked = _load.lately(1, now - _load.LATELY, now).values_list("recipient_id", "announcement_id")

    assert "COVERING INDEX delivery_lately" in asked.explain()
