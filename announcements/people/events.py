"""What people tells those above. Receivers run inside the transaction; they queue work, they do none."""

from __future__ import annotations

from django.dispatch import Signal

# Their rights or their place changed: person_ids (a list of ids), at. What was kept for them must be looked up again.
standing_changed = Signal()
