"""Every address of the product: the API, sign-in, and the pages."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("api/", include("announcements.api.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("", include("announcements.web.urls")),
]
