"""Every address of the product: the API, sign-in, and the pages."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    *([path("mail/", include("hub.mailbox"))] if settings.MAIL_CATCHER else []),
    path("api/", include("announcements.api.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("", include("announcements.web.urls")),
]
