"""Tells Django that this is here."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The app `web`."""

    name = "announcements.web"
    label = "web"
