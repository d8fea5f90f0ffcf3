"""What people tells those above. Receivers run inside the transaction; they queue work, they do none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.dispatch import Signal

Deed = tuple[str, str, Mapping[str, Any]]

# Their rights or their place changed: person_ids (a list of ids), at. What was kept for them must be looked up again.
standing_changed = Signal()

# People who never came in are gone: workspace_id, person_ids, at.
people_removed = Signal()
# Somebody is erased: workspace_id, person_id, address and name (as they were), placeholder (in
# the place of the address), at. Those above drop what names them, in the same transaction.
person_erased = Signal()
# A group or a person is called differently, or has another title: workspace_id, at.
names_changed = Signal()
# Their workspace asks for a second factor from now on: person_ids, at. Sessions that were let in have to be looked at again.
second_factor_asked = Signal()
# Something worth knowing about the workspace was done: workspace_id, by (an id, None for the hub itself), verb, subject
# (a kind and an id, "person:12"), details (words and ids, never a secret), at.
noted = Signal()
# The same of many at once: workspace_id, by, noted (each a verb, a subject and details), at.
many_noted = Signal()
# A group's rule has to be applied to a large workspace: group_id. The row says so too.
rule_due = Signal()


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


def note_many(workspace_id: int, *, by: int | None, at: datetime, through: str = "", noted: Iterable[Deed]) -> None:
    """Tell many things at once, inside the transaction that does them; nothing where there are none.

    `through`: what they were done with, where not one by one, a kind and an id: "import:12".
    """
    deeds = [(verb, subject, {**said, "through": through} if through else said) for verb, subject, said in noted]
    if deeds:
        many_noted.send(sender=None, workspace_id=workspace_id, by=by, noted=deeds, at=at)
