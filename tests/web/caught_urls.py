"""The addresses of an installation that catches its mail."""

from __future__ import annotations

from django.urls import include, path

from hub import urls

urlpatterns = [path("mail/", include("hub.mailbox")), *urls.urlpatterns]
