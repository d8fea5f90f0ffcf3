"""Lets our browser extension ask the few addresses that it needs, and no page of any other origin anything."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

# A whole origin, nothing around it. Keys travel in a header, so cookies stay forbidden.
ORIGIN = re.compile(r"chrome-extension://[a-p]{32}|moz-extension://[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ADDRESS = re.compile(
    r"/api/v1/(?:feed|feed-keys|tab|tab/(?:texts|search|own)|tab/pictures/[A-Za-z0-9_-]{1,64}|receipts|announcements/[0-9]{1,18}/acknowledge|oauth/(?:device|token|revoke))"
)


class ExtensionOrigins:
    """Middleware: cross-origin headers for the extension's origins on its addresses; its preflights are answered here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and tell the browser whether the extension may read it."""
        origin = request.META.get("HTTP_ORIGIN")
        if origin is None or not ADDRESS.fullmatch(request.path_info):
            return self.get_response(request)
        allowed = ORIGIN.fullmatch(origin)
        preflight = request.method == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in request.META
        response = HttpResponse(status=204) if allowed and preflight else self.get_response(request)
        patch_vary_headers(response, ["Origin"])
        if allowed:
            response["Access-Control-Allow-Origin"] = origin
            response["Access-Control-Expose-Headers"] = "ETag, Retry-After, Idempotent-Replay"
        if allowed and preflight:
            response["Access-Control-Allow-Methods"] = "GET, POST, PUT, DELETE"
            response["Access-Control-Allow-Headers"] = "Authorization, Content-Type, If-None-Match, Idempotency-Key"
            response["Access-Control-Max-Age"] = "7200"
        return response
