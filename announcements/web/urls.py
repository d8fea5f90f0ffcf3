"""Addresses of the pages."""

from __future__ import annotations

from django.urls import path

from announcements.web import (
    audit,
    group_form,
    groups,
    imports,
    mail_links,
    numbers,
    reading,
    settings,
    tab,
    welcome,
    writing,
)

urlpatterns = [
    path("", welcome.Welcome.as_view(), name="welcome"),
    path("tab", tab.Tab.as_view(), name="tab"),
    path("a/<int:announcement_id>", reading.Announcement.as_view(), name="announcement"),
    path("m/<str:token>", mail_links.MarkAsRead.as_view(), name="mark_as_read"),
    path("unsubscribe/<str:token>", mail_links.Unsubscribe.as_view(), name="unsubscribe"),
    path("announcements", writing.Announcements.as_view(), name="announcements"),
    path("announcements/new", writing.Write.as_view(), name="write"),
    path("a/<int:announcement_id>/edit", writing.Edit.as_view(), name="edit"),
    path("a/<int:announcement_id>/numbers", numbers.Numbers.as_view(), name="numbers"),
    path("settings/audit", audit.Trail.as_view(), name="audit"),
    path("groups", groups.Groups.as_view(), name="groups"),
    path("groups/new", group_form.New.as_view(), name="new_group"),
    path("groups/<int:group_id>", groups.Group.as_view(), name="group"),
    path("groups/<int:group_id>/edit", group_form.Edit.as_view(), name="edit_group"),
    path("people/import", imports.Imports.as_view(), name="imports"),
    path("people/import/<int:import_id>", imports.Import.as_view(), name="import"),
    path("settings", settings.Settings.as_view(), name="settings"),
]
