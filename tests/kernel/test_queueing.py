"""The task is a hint: a queue that is away must not undo what was saved."""

from __future__ import annotations

import pytest
from django.db import transaction

from announcements.kernel.queueing import enqueue


class Away:
    """A task whose queue does not answer."""

    def delay(self, **ids: int) -> object:
        raise ConnectionError("the queue is away")


@pytest.mark.django_db(transaction=True)
def test_a_queue_that_is_away_is_logged_and_no_more(caplog: pytest.LogCaptureFixture) -> None:
    with transaction.atomic():
        enqueue(Away(), announcement_id=1)

    assert "the queue is away" in caplog.text
