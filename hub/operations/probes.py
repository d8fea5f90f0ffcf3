"""Two addresses for what watches a process: `/live` and `/ready`. Whoever asks names no host of ours, and is told nothing of anybody."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from hub.operations import checkup

NO_STORE = {"Cache-Control": "no-store"}


class Probes:
    """Middleware: answers both before anything else looks at the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on all other addresses."""
        answer = {"/live": live, "/ready": ready}.get(request.path_info)
        return answer() if answer and request.method in {"GET", "HEAD"} else self.get_response(request)


def live() -> HttpResponse:
    """Answer that this process runs; whoever hears nothing may end it."""
    return HttpResponse("live\n", content_type="text/plain", headers=NO_STORE)


def ready() -> HttpResponse:
    """Answer whether this process can serve people: 200, or 503 while the database is away or does not fit.

    Ages of tick and sweep are told and decide nothing: pages answer while the queue stands still.
    """
    found = checkup.ready()
    return JsonResponse(found, status=200 if found["database"] == "well" else 503, headers=NO_STORE)
