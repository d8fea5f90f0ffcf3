"""Refusing politely before everybody waits: a request that stood in line too long at this process is asked to come again later.

A process takes up as many requests at once as it has threads; the others wait unseen. How long each has waited is known by the time
at which the proxy passed it on (`X-Request-Start`). Answering one whose asker has given up makes the next wait longer still.

What a client asks for by itself, and asks again without anybody noticing, waits for a tenth of that, and is told to come much later: so a
crowd of new tabs leaves room for those who sit before a page. A feed that is kept is answered all the same: to refuse it costs as much.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from announcements.api import problems

log = logging.getLogger(__name__)
HEADER = "HTTP_X_REQUEST_START"
LONGEST = 60.0  # seconds; nobody waits longer for a page, so it is the proxy's clock that is wrong
FEED = "/api/v1/feed"
UNSEEN, SHARE = {FEED, "/api/v1/receipts"}, 0.1  # a tab keeps its copy and its receipts until it is answered
TELL_EVERY = 10.0  # seconds: refusing is cheap only while not each is a line in the log
# Seconds after which to come again; spread, so that they do not come back together.
SOON, SPREAD = 5, 11
UNSEEN_SOON, UNSEEN_SPREAD = 20, 61


class Machines:
    """Middleware: answers 503 with `Retry-After` in the place of what would come too late. Outermost: a feed costs next to nothing."""

    for_people = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.WAIT_SECONDS or not settings.REST_FRAMEWORK["NUM_PROXIES"]:
            raise MiddlewareNotUsed  # without a proxy anybody could say anything
        self.get_response = get_response
        self._untold, self._told_at = 0, float("-inf")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on what has not waited long, and what the other of the two answers."""
        waited, path = _waited(request.META.get(HEADER, ""), time.time()), request.path_info
        if path.startswith(settings.STATIC_URL):
            return self.get_response(request)  # it costs next to nothing, and the page that says so needs its looks
        most = settings.WAIT_SECONDS * (SHARE if path in UNSEEN else 1)
        if waited <= most or self.for_people != ("text/html" in request.headers.get("Accept", "")):
            return self.get_response(request)
        if path == FEED:
            request.late = True  # type: ignore[attr-defined]  # as it is asked for in announcements/api/feed.py
            if (answer := self.get_response(request)).status_code != 503:
                return answer
        self._tell(waited)
        soon, spread = (UNSEEN_SOON, UNSEEN_SPREAD) if path in UNSEEN else (SOON, SPREAD)
        seconds = soon + int(time.time() * 1000) % spread
        answer = self.refuse(request, seconds)
        answer._has_been_logged = True  # type: ignore[attr-defined]  # as Django marks it: one line is enough
        answer["Retry-After"], answer["Cache-Control"] = str(seconds), "no-store"
        return answer

    def _tell(self, waited: float) -> None:
        self._untold += 1
        if time.monotonic() < self._told_at + TELL_EVERY:
            return
        said = "refused %d, the latest after waiting for %.1f s: more web processes are needed, or the proxy's clock is wrong"
        log.warning(said, self._untold, waited)
        self._untold, self._told_at = 0, time.monotonic()

    def refuse(self, request: HttpRequest, seconds: int) -> HttpResponse:
        """Return the refusal as a problem."""
        return problems.plain(503, "busy", _("Too many people ask at this moment. Try again in some seconds."))


class People(Machines):
    """The same with a page, inside of what guards all pages."""

    for_people = True

    def refuse(self, request: HttpRequest, seconds: int) -> HttpResponse:
        """Return the refusal as a page."""
        reads = request.method in {"GET", "HEAD"}
        return HttpResponse(render_to_string("hub/busy.html", {"seconds": seconds, "reads": reads}), status=503)


def _waited(given: str, now: float) -> float:
    """Return for how many seconds a request has waited; 0 when that is not known. nginx says seconds (`t=1.5`), others milliseconds."""
    try:
        at = float(given.removeprefix("t="))
    except ValueError:
        return 0.0
    waited = now - (at / 1000 if at > 1e11 else at)
    return waited if 0 <= waited <= LONGEST else 0.0
