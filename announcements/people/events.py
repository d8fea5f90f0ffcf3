"""What people tells those above. Receivers run inside the transaction; they queue work, they do none."""

from __future__ import annotations

from django.dispatch import Signal

# Their rights or their place changed: person_ids (a list of ids), at. What was kept for them must be looked up again.
standing_changed = Signal()

# Something worth keeping a note of: workspace_id, by (a person's id or None), verb, subject ("person:12"),
# details (a small dict of words and ids, never a secret), at.
noted = Signal()
