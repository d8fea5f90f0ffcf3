"""Addresses under /api/."""

from __future__ import annotations

from django.urls import include, path, re_path

from announcements.api import problems

urlpatterns = [
    path("v1/", include("announcements.api.v1.urls")),
    re_path(r"^(?P<rest>[\s\S]*)$", problems.no_such_address),
]
