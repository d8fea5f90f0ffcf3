"""What media tells, inside the transaction. Receivers queue work, they do none."""

from __future__ import annotations

from django.dispatch import Signal

# An image has come and has to be made anew: image_id. The row says so too.
image_came = Signal()
