"""Every address there can be: the product's own, and the mail catcher's, which are served only while it is set."""

from __future__ import annotations

from django.urls import include, path

from hub import urls as hub

urlpatterns = [path("mail/", include("hub.mailbox")), *hub.urlpatterns]
handler400, handler403, handler404 = hub.handler400, hub.handler403, hub.handler404
handler429, handler500 = hub.handler429, hub.handler500
