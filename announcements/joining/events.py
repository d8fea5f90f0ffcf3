"""What joining tells. Receivers run inside the transaction; they queue work, they do none."""

from __future__ import annotations

from django.dispatch import Signal

# Letters were written and wait to go out.
letters_written = Signal()

# Worth keeping in the trail of who did what: workspace_id, by (a person's id or None), verb, subject ("invitation:12"),
# details (a small dict of words and ids, never a secret), at.
noted = Signal()
# The same of many at once: workspace_id, by, noted (each a verb, a subject and details), at.
many_noted = Signal()
