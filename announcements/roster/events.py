"""What roster tells those above, inside the transaction. Receivers queue work, they do none."""

from __future__ import annotations

from django.dispatch import Signal

# An import has something to do: import_id. The row says so too.
work_due = Signal()
# Something worth knowing about the workspace was done: workspace_id, by, verb, subject, details, at.
noted = Signal()
# An import is done, and some whom it added are to be asked in: workspace_id, by, import_id, person_ids, at. A batch at a time.
invitations_wanted = Signal()
# An import is being undone, and takes back some whom it added unless they have joined: workspace_id, by, import_id,
# person_ids, at. A batch at a time, before it does.
people_leaving = Signal()
