"""The product's addresses and some more to compare with: a bare view, the feed and the receipts as one would write them first."""

from __future__ import annotations

from typing import Any

from django.urls import include, path
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.v1._receipts import ReceiptGiven
from announcements.api.v1.reading import FeedOut
from announcements.api.v1.resource import Resource
from announcements.delivery import models, services
from announcements.people import services as people
from announcements.publishing import services as publishing
from bench import hello


class Naive(Resource):
    """The same answer, read from its rows and serialized at each request."""

    scopes = {"GET": "feed:read"}

    def get(self, request: Request) -> Response:
        """Answer the feed."""
        return Response(FeedOut(services.feed(by=self.by, now=timezone.now())).data)


class Light(Resource):
    """Less than the same answer: three plain queries, nobody counted, nothing sorted, one serializer."""

    scopes = {"GET": "feed:read"}

    def get(self, request: Request) -> Response:
        """Answer the reader's newest fifty."""
        rows = list(models.Delivery.objects.filter(recipient_id=self.by).order_by("-delivered_at", "-id")[:50])
        said = publishing.get_many(ids=[row.announcement_id for row in rows])
        authors = people.get_many(ids={item.author_id for item in said.values()})
        items = [_item(row, said[row.announcement_id], authors) for row in rows]
        return Response(FeedOut({"items": items}).data)


def _item(row: models.Delivery, said: publishing.Announcement, authors: dict[int, people.Person]) -> dict[str, Any]:
    kept = ("announcement_id", "displayed_at", "opened_at", "read_at", "acknowledged_at", "dismissed_at", "saved_at")
    words = ("title", "summary", "kind", "author_id", "published_at", "minutes", "deadline", "version")
    author = authors[said.author_id]
    return {
        **{name: getattr(row, name) for name in kept},
        **{name: getattr(said, name) for name in words},
        "author_name": author.name,
        "author_title": author.title,
        "required": said.ask_acknowledge,
        "pinned": said.pin,
        "confirmed": 0,
        "recipients": 0,
        "groups": [],
    }


class OneReceipt(Resource):
    """A fact a request: the row is read, changed and saved."""

    scopes = {"POST": "receipts:write"}

    def post(self, request: Request) -> Response:
        """Record it."""
        shape = ReceiptGiven(data=request.data)
        shape.is_valid(raise_exception=True)
        fact = shape.validated_data
        row = models.Delivery.objects.get(recipient_id=self.by, announcement_id=fact["announcement_id"])
        if getattr(row, f"{fact['fact']}_at") is None:
            setattr(row, f"{fact['fact']}_at", fact["at"])
            setattr(row, f"{fact['fact']}_via", fact["channel"])
            row.save()
        return Response({"accepted": 1})


urlpatterns = [
    *hello.urlpatterns,
    path("bench/naive", Naive.as_view()),
    path("bench/receipt", OneReceipt.as_view()),
    path("bench/light", Light.as_view()),
    path("", include("hub.urls")),
]
