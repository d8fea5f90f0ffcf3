"""What porting tells those above, inside the transaction. Receivers queue work, they do none."""

from __future__ import annotations

from django.dispatch import Signal

# An export has to be put together: export_id. The row says so too.
export_due = Signal()
# An import has something to do: import_id. The row says so too.
import_due = Signal()
# Something worth knowing about the workspace was done: workspace_id, by, verb, subject, details, at.
noted = Signal()
