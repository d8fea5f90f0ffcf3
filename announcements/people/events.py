"""What people tells those above. Receivers run inside the transaction; they queue work, they do none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.dispatch import Signal

# Their rights or their place changed: person_ids (a list of ids), at. What was kept for them must be looked up again.
standing_changed = Signal()

# Something worth keeping a trail of: workspace_id, by (a person's id, or None), verb ("role_changed"), subject ("person:12"),
# details (a small dict of words and ids, never secrets), at.
noted = Signal()


def note(
    workspace_id: int,
    *,
    by: int | None,
    verb: str,
    subject: str,
    at: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Tell it, inside the transaction that does it."""
    noted.send(
        sender=None, workspace_id=workspace_id, by=by, verb=verb, subject=subject, details=dict(details or {}), at=at
    )
