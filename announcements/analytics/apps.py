"""Tells Django that this is here."""

from __future__ import annotations

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """The app `analytics`. It subscribes to nothing yet: what it tells it derives when asked."""

    name = "announcements.analytics"
    label = "analytics"
