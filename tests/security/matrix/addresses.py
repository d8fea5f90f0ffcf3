"""What can be asked at all, read from the URL resolver."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.admindocs.views import simplify_regex
from django.urls import URLResolver, get_resolver
from django.views.generic import RedirectView

METHODS = ("get", "post", "put", "patch", "delete")
API = "api/v1/"


def _walk(patterns: list[Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield route, pattern.callback


def addresses(urlconf: str) -> Iterator[tuple[str, Any]]:
    """Walk through every pattern: its path with {names} in it, and the class of its view, None for a function."""
    for route, view in _walk(get_resolver(urlconf).url_patterns):
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", simplify_regex(route).removeprefix("/"))
        yield path, getattr(view, "cls", None) or getattr(view, "view_class", None)


def methods(path: str, view: Any) -> set[str]:
    """Return what may be sent to it: all that an operation of the API takes; of a page, to look and to send its form."""
    if view is None or issubclass(view, RedirectView):
        return {"GET"}
    names = METHODS if path.startswith(API) else METHODS[:2]
    return {name.upper() for name in names if hasattr(view, name)}


def operations(urlconf: str) -> set[str]:
    """Return every method at every address, as lines of the tables begin."""
    return {f"{method} {path}" for path, view in addresses(urlconf) for method in methods(path, view)}
