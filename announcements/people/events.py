"""What people tells those above. Receivers run inside the transaction; they queue work, they do none."""

from __future__ import annotations

from django.dispatch import Signal

# Their rights or their place changed: person_ids (a list of ids), at. What was kept for them must be looked up again.
standing_changed = Signal()

# Somebody who never came in is gone: workspace_id, person_id, at.
person_removed = Signal()

# Worth keeping in the trail of who did what: workspace_id, by (a person's id or None), verb, subject ("person:12"),
# details (a small dict of words and ids, never a secret), at.
noted = Signal()
