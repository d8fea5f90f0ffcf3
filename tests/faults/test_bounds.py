"""What a fault may leave over is counted once."""

from __future__ import annotations

from collections import Counter

from tests.faults.__main__ import too_many
from tests.faults.faults import Fault


def test_what_failed_and_what_was_skipped_may_be_so_many_together() -> None:
    fault = Fault("550 for some", lambda _stage: None, uncertain=0.1, failed=30)

    assert too_many(Counter(failed=10, skipped=20, uncertain=6), fault, 60) == []
    assert too_many(Counter(failed=20, skipped=11), fault, 60) == ["31 failed or skipped, where at most 30 may be"]
    assert too_many(Counter(uncertain=7), fault, 60) == ["7 uncertain, where at most 6 may be"]
