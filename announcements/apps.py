"""The product as a Django app: it carries the commands and the system checks."""

from __future__ import annotations

from django.apps import AppConfig


class AnnouncementsConfig(AppConfig):
    """Templates and commands; the tables are the capabilities'."""

    name = "announcements"
    label = "announcements"
