"""Tells Django that this is here."""

from __future__ import annotations

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """The app `analytics`."""

    name = "announcements.analytics"
    label = "analytics"

    def ready(self) -> None:
        """Subscribe to what the capabilities below tell."""
        from announcements.analytics import receivers  # noqa: F401  importing subscribes
