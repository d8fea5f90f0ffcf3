"""What publishing tells those above. Receivers run inside the transaction; they queue work, they do none."""

from __future__ import annotations

from django.dispatch import Signal

# announcement_id, workspace_id, at
announcement_published = Signal()
# announcement_id, workspace_id, person_ids (its author, and who scheduled it), at: its time had come, and it could not go out
announcement_refused = Signal()
# announcement_id, workspace_id, number, change ("typo" or "material"), at
announcement_corrected = Signal()
# announcement_id, workspace_id, at
announcement_withdrawn = Signal()
# announcement_id, workspace_id, at: pinned, unpinned, or another expiry
announcement_arranged = Signal()
# announcement_id, workspace_id, at: it was published elsewhere, before; it reaches nobody now
announcement_brought_in = Signal()
# announcement_ids, workspace_id, at: brought in before, and gone again
announcements_taken_back = Signal()
