"""Every address of the product: the API, sign-in, and the pages."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from announcements.api import signing_up, webhooks
from announcements.api.v1 import oauth

urlpatterns = [
    *([path("mail/", include("hub.mailbox"))] if settings.MAIL_CATCHER else []),
    path(".well-known/oauth-authorization-server", oauth.metadata),
    path("api/", include("announcements.api.urls")),
    path("webhooks/<str:provider>", webhooks.Webhook.as_view()),
    path("extension/", include("hub.extension")),
    # One address for each person, changed through the people door; what a person sees of their keys is a page of ours.
    path("accounts/email/", RedirectView.as_view(pattern_name="settings")),
    path("accounts/2fa/", RedirectView.as_view(pattern_name="security")),
    path("accounts/2fa/webauthn/", RedirectView.as_view(pattern_name="security")),
    path("accounts/confirm-email/", signing_up.ConfirmEmail.as_view(), name="account_email_verification_sent"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
    path("", include("announcements.web.urls")),
]

handler429 = "announcements.web.errors.too_many"
handler400 = "announcements.web.errors.bad_request"
handler403 = "announcements.web.errors.forbidden"
handler404 = "announcements.web.errors.not_found"
handler500 = "announcements.web.errors.broken"
