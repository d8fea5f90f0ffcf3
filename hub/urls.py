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

handler400 = "announcements.web.errors.bad_request"
handler403 = "announcements.web.errors.forbidden"
handler404 = "announcements.web.errors.not_found"
handler500 = "announcements.web.errors.broken"
