"""Tells Django that this is here."""

from __future__ import annotations

from django.apps import AppConfig


class PortingConfig(AppConfig):
    """The app `porting`."""

    name = "announcements.porting"
    label = "porting"

    def ready(self) -> None:
        """Subscribe to its own news."""
        from announcements.porting import receivers  # noqa: F401  importing subscribes
