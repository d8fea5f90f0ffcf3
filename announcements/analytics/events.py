"""What analytics tells those above."""

from __future__ import annotations

from django.dispatch import Signal

# Somebody looked at names: workspace_id, by, verb, subject, details, at
noted = Signal()
