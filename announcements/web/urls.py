"""Addresses of the pages."""

from __future__ import annotations

from django.urls import path

from announcements.web import (
    audit,
    group_form,
    groups,
    invitations,
    inviting,
    joining,
    mail_links,
    numbers,
    people,
    reading,
    requests,
    settings,
    tab,
    ways_in,
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
    path("people", people.People.as_view(), name="people"),
    path("people/<int:person_id>", people.Person.as_view(), name="person"),
    path("people/invite", inviting.Invite.as_view(), name="invite"),
    path("people/invitations", invitations.Invitations.as_view(), name="invitations"),
    path("people/requests", requests.JoinRequests.as_view(), name="join_requests"),
    path("people/ways-in", ways_in.WaysIn.as_view(), name="ways_in"),
    path("join/<str:token>", joining.Join.as_view(), name="join"),
    path("settings", settings.Settings.as_view(), name="settings"),
]
