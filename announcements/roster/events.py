"""What roster tells those above, inside the transaction. Receivers queue work, they do none."""

from __future__ import annotations

from django.dispatch import Signal

# An import has something to do: import_id. The row says so too.
work_due = Signal()
# Something worth knowing about the workspace was done: workspace_id, by, verb, subject, details, at.
noted = Signal()
# An import added people, who have yet to be invited: workspace_id, by, import_id, person_ids, at. Once for each batch.
people_imported = Signal()
