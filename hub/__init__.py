"""The composition root: settings, addresses, the queue, the process tree, looking after an installation. It wires and never decides."""

from __future__ import annotations

from hub.celery import app as celery_app

__all__ = ["celery_app"]
