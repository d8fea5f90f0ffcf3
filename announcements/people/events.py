"""What people tells those above. Receivers run inside the transaction; they queue work, they do none."""

from __future__ import annotations

from django.dispatch import Signal

# Their rights or their place changed: person_ids (a list of ids), at. What was kept for them must be looked up again.
standing_changed = Signal()
# A group or a person is called differently, or has another title: workspace_id, at.
names_changed = Signal()
# Something worth knowing about the workspace was done: workspace_id, by (an id, None for the hub itself), verb, subject
# (a kind and an id, "person:12"), details (words and ids, never a secret), at.
noted = Signal()
