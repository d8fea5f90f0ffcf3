"""Tells Django that this is here."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The app `audit`."""

    name = "announcements.audit"
    label = "audit"

    def ready(self) -> None:
        """Subscribe to what the capabilities below tell."""
        from announcements.audit import receivers  # noqa: F401  importing subscribes
