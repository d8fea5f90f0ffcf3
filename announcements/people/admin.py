"""What operators may look at."""

from __future__ import annotations

from django.contrib import admin

from announcements.kernel.looking import LookOnly
from announcements.people import models


@admin.register(models.Workspace)
class Workspaces(LookOnly):
    """Companies."""

    list_display = ("name", "join_policy", "second_factor_required", "timezone", "created_at")
    search_fields = ("name",)


@admin.register(models.Person)
class Persons(LookOnly):
    """People, without their passwords."""

    list_display = ("name", "email", "workspace", "role", "joined_at", "deactivated_at", "last_seen_on")
    list_filter = ("role",)
    list_select_related = ("workspace",)
    search_fields = ("name", "email")
    exclude = ("password", "epoch", "key_round")


@admin.register(models.Group)
class Groups(LookOnly):
    """Groups."""

    list_display = ("name", "kind", "workspace")
    list_select_related = ("workspace",)
    search_fields = ("name",)


@admin.register(models.Token)
class Tokens(LookOnly):
    """Tokens, without anything that could find their key."""

    list_display = ("name", "person", "created_at", "expires_at", "revoked_at", "last_used_on")
    list_select_related = ("person",)
    exclude = ("digest",)
