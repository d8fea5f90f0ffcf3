"""The queue: one Celery app, configured by Django's settings."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

app = Celery("hub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        f"announcements.{name}"
        for name in ("people", "joining", "roster", "media", "publishing", "porting", "delivery", "analytics")
    ]
)
