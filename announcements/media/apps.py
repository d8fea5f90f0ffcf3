"""Tells Django that this is here."""

from __future__ import annotations

from django.apps import AppConfig


class MediaConfig(AppConfig):
    """The app `media`."""

    name = "announcements.media"
    label = "media"

    def ready(self) -> None:
        """Subscribe to its own news."""
        from announcements.media import receivers  # noqa: F401  importing subscribes
