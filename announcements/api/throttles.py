"""How often one may ask, where counting addresses or people would be wrong."""

from __future__ import annotations

import hashlib

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle, UserRateThrottle
from rest_framework.views import APIView


class ByLink(SimpleRateThrottle):
    """Counts by the link's own key: an office behind one address confirms all its mail, and one link is not hammered.

    The keys are signed, so that guessing one is hopeless however often it is tried.
    """

    rate = "30/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        """Return under what the requests of a link are counted."""
        return "throttle:link:" + hashlib.sha256(str(view.kwargs["token"]).encode()).hexdigest()


class Tests(UserRateThrottle):
    """Counts the mails that somebody sends to try what they write."""

    scope = "tests"
    rate = "20/hour"


class Uploads(UserRateThrottle):
    """Counts the files that somebody sends: each costs a worker seconds."""

    scope = "uploads"
    rate = "200/hour"


class Rendering(UserRateThrottle):
    """Counts what is rendered for somebody, at some hundred milliseconds each: texts made into bodies, previews, comparisons."""

    scope = "rendering"
    rate = "120/min"
