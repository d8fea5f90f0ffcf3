"""Tells Django that this is here."""

from __future__ import annotations

from django.apps import AppConfig


class RosterConfig(AppConfig):
    """The app `roster`."""

    name = "announcements.roster"
    label = "roster"

    def ready(self) -> None:
        """Subscribe to its own news."""
        from announcements.roster import receivers  # noqa: F401  importing subscribes
