"""The product's own server with two addresses more, to compare with: a bare view, and the feed as one would write it first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.v1.reading import FeedOut
from announcements.api.v1.resource import Resource
from announcements.delivery import services as delivery
from hub.wsgi import application as application


def hello(request: HttpRequest) -> HttpResponse:
    """Answer as little as a Django view can."""
    return HttpResponse(b"hello", content_type="text/plain")


class Naive(Resource):
    """The feed through a serializer, read from its rows at each request."""

    scopes = {"GET": "feed:read"}

    def get(self, request: Request) -> Response:
        """Answer the feed."""
        return Response(FeedOut(delivery.feed(by=self.by, now=timezone.now(), limit=50)).data)


urlpatterns = [path("bench/hello", hello), path("bench/naive", Naive.as_view()), path("", include("hub.urls"))]
