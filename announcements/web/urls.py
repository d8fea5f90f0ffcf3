"""Addresses of the pages."""

from __future__ import annotations

from django.urls import URLPattern

# Sorted by what people do: meet, read, write, learn, set.
urlpatterns: list[URLPattern] = []
