"""Addresses of the pages."""

from __future__ import annotations

from django.urls import path

from announcements.web import (
    company,
    mail_links,
    mail_server,
    numbers,
    reading,
    settings,
    setup,
    tab,
    tab_settings,
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
    path("settings/workspace", company.Company.as_view(), name="company"),
    path("settings/mail", mail_server.MailServer.as_view(), name="mail_server"),
    path("settings/tab", tab_settings.TabSettings.as_view(), name="tab_settings"),
    path("brand/<int:hue>.css", company.brand, name="brand"),
    path("setup", setup.Setup.as_view(), name="setup"),
    path("setup/<str:step>", setup.Step.as_view(), name="setup_step"),
    path("settings", settings.Settings.as_view(), name="settings"),
]
