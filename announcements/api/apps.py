"""Tells Django that this is here."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The app `api`."""

    name = "announcements.api"
    label = "api"

    def ready(self) -> None:
        """Subscribe to what the capabilities below tell."""
        from announcements.api import receivers  # noqa: F401  importing subscribes
