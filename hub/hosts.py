"""Which names this installation answers to."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from announcements.api import problems

SAID = "This server does not answer to that name. Whoever runs it lists its names in HUB_HOSTS."
log = logging.getLogger(__name__)


class KnownHosts:
    """Middleware: refuses a request for a name that is not ours in one line, before anything builds on the name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on what names us. The page for errors is not shown: it belongs to somebody's browser, on our address."""
        try:
            request.get_host()
        except DisallowedHost:
            log.warning("a request for another host was refused (HUB_HOSTS): %.100r", request.META.get("HTTP_HOST", ""))
            if request.path_info.startswith("/api/"):
                return problems.plain(400, "unknown_host", SAID)
            return HttpResponse(SAID + "\n", status=400, content_type="text/plain; charset=utf-8")
        return self.get_response(request)
