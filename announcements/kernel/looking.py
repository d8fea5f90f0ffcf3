"""Pages of Django's admin that show rows and change none."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin


class LookOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for the checker only
    """Rows to look at. Who may look is decided by the site; nobody adds, changes or deletes."""

    actions = None
    list_per_page = 50
    show_full_result_count = False

    @property
    def media(self) -> forms.Media:
        """Return no scripts: there is nothing to do on these pages, and jQuery builds markup from strings."""
        return forms.Media()

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        """Let them look."""
        return True

    def has_module_permission(self, request: Any) -> bool:
        """Show it in the list."""
        return True

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        """Let nobody add."""
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """Let nobody change."""
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """Let nobody delete."""
        return False
