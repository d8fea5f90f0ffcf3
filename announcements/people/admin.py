"""What operators may look at, and the programs they register."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import admin

from announcements.kernel import errors
from announcements.kernel.looking import LookOnly
from announcements.people import models
from announcements.people import services as people


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


class AppForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """What an operator says of a program."""

    def clean(self) -> dict[str, Any]:
        """Check it by the rules of the door."""
        given = super().clean() or {}
        app_id = given.get("id") or self.instance.pk or ""
        try:
            people.check_app(
                app_id=app_id, scopes=given.get("scopes", self.instance.scopes), redirects=given.get("redirects") or []
            )
        except errors.Invalid as refusal:
            for field, said in refusal.fields.items():
                self.add_error(field, said)
        return given


@admin.register(models.App)
class Apps(LookOnly):
    """Programs that people may connect. The one thing operators write: it belongs to the installation, not to a company."""

    form = AppForm
    fields = ("id", "name", "scopes", "redirects")
    list_display = ("id", "name", "ended_at")

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        """Let operators register a program."""
        return True

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """Let them change one that has not ended."""
        return obj is None or obj.ended_at is None

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """Let them end one: with it end all its devices."""
        return obj is not None and obj.ended_at is None

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        """Keep the id of a program that is there, and what its people have agreed to."""
        return ("id", "scopes") if obj else ()

    def delete_model(self, request: Any, obj: models.App) -> None:
        """End it. Its row stays, so that nobody takes its name later."""
        people.end_app(app_id=obj.pk, now=datetime.now(UTC))
