"""What delivery tells those above. Receivers run inside the transaction."""

from __future__ import annotations

from django.dispatch import Signal

# letter_id, at
letter_posted = Signal()
# announcement_id, at
test_asked = Signal()
# workspace_id, by, verb, subject, details, at: something worth an entry in the trail was done
noted = Signal()
# announcement_id, at: somebody waits to hear whether its links answer
links_unseen = Signal()
# workspace_id, moves: of the door's Moved, what was recorded about recipients before and what is now
facts_moved = Signal()
