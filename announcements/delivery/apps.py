"""Tells Django that this is here."""

from __future__ import annotations

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """The app `delivery`."""

    name = "announcements.delivery"
    label = "delivery"

    def ready(self) -> None:
        """Subscribe to what the capabilities below tell."""
        from announcements.delivery import receivers  # noqa: F401  importing subscribes
