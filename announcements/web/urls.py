"""Addresses of the pages."""

from __future__ import annotations

from django.urls import path

from announcements.web import mail_links, numbers, reading, security, settings, tab, welcome, writing

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
    path("settings", settings.Settings.as_view(), name="settings"),
    path("settings/security", security.Security.as_view(), name="security"),
    path("settings/second-factor", security.SecondFactor.as_view(), name="second_factor"),
]
