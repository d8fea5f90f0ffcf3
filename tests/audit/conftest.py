"""Something that landed, to look at."""

from __future__ import annotations

from tests.analytics.conftest import does, landed, notice

__all__ = ["does", "landed", "notice"]
