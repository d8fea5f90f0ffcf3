"""What people tells those above. Receivers run inside the transaction; they queue work, they do none."""

from __future__ import annotations

from django.dispatch import Signal

# Their rights or their place changed: person_ids (a list of ids), at. What was kept for them must be looked up again.
standing_changed = Signal()
# Somebody did something worth remembering: workspace_id, by (a person's id or None), verb, subject ("group:12"), details, at.
noted = Signal()
# A group's rule has to be applied to a large workspace: group_id. The row says so too.
rule_due = Signal()
