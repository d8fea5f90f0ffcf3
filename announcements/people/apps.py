"""Tells Django that this is here."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The app `people`."""

    name = "announcements.people"
    label = "people"

    def ready(self) -> None:
        """Subscribe to its own news."""
        from announcements.people import receivers  # noqa: F401  importing subscribes
