"""The sessions of a person: which browsers are signed in, and when each was last here."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

SEEN = "seen_at"
EVERY_SECONDS = 300
# The first that fits is taken: browsers claim to be each other.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Vivaldi", "Vivaldi"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
    ("python", "Python"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def device(agent: str) -> str:
    """Return a browser's own description in words, such as Firefox on Windows."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown browser")


def account(request: HttpRequest) -> Any:
    """Return allauth's user of a session; the framework of the API has put its caller there in the meantime."""
    request.user = get_user(request)
    return request.user


class SeenSessions:
    """Middleware: notes at most every five minutes that a session is in use. The time stands in the session itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note it, and answer."""
        if request.user.is_authenticated and time.time() - request.session.get(SEEN, 0) > EVERY_SECONDS:
            request.session[SEEN] = int(time.time())
            UserSession.objects.create_from_request(request)
        return self.get_response(request)
