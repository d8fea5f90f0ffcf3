"""What operators may look at: that something was published, not what it says."""

from __future__ import annotations

from django.contrib import admin

from announcements.kernel.looking import LookOnly
from announcements.publishing import models


@admin.register(models.Announcement)
class Announcements(LookOnly):
    """Announcements, by number."""

    list_display = ("id", "workspace_id", "author_id", "published_at")
    fields = list_display
