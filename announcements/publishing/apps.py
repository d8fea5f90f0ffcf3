"""Tells Django that this is here."""

from __future__ import annotations

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """The app `publishing`."""

    name = "announcements.publishing"
    label = "publishing"
