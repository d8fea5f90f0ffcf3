"""The composition root as an app: it listens for what the queue has done."""

from __future__ import annotations

from django.apps import AppConfig


class HubConfig(AppConfig):
    """The app."""

    name = "hub"

    def ready(self) -> None:
        """Begin to listen."""
        from hub.operations import heart, tracing  # noqa: F401  settings are read by now
