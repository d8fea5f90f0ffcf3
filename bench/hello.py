"""A bare view, alone or beside the product's addresses."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path


def hello(request: HttpRequest) -> HttpResponse:
    """Answer as little as a Django view can."""
    return HttpResponse(b"hello", content_type="text/plain")


urlpatterns = [path("bench/hello", hello)]
