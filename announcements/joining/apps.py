"""Tells Django that this is here."""

from __future__ import annotations

from django.apps import AppConfig


class JoiningConfig(AppConfig):
    """The app `joining`."""

    name = "announcements.joining"
    label = "joining"

    def ready(self) -> None:
        """Subscribe to what queues work."""
        from announcements.joining import receivers  # noqa: F401  importing subscribes
