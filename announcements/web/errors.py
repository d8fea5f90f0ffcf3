"""Pages for what went wrong. Each says what to do next."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show that there is nothing at this address, or nothing for this person."""
    return _show(
        request, 404, _("There is nothing here for you"), _("The address may be wrong, or it was never meant for you.")
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show why this is not allowed, when the API said so."""
    return _show(request, 403, _("You may not do this"), str(exception) or _("Ask a manager of your workspace."))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show that the browser sent something that cannot be read."""
    return _show(request, 400, _("That could not be read"), _("Go back and try once more."))


def broken(request: HttpRequest) -> HttpResponse:
    """Show that the mistake is ours."""
    return _show(
        request,
        500,
        _("Something went wrong on our side"),
        _("It has been written down. Please try again in a moment."),
    )


def too_many(request: HttpRequest) -> HttpResponse:
    """Show that it was tried too often from one place."""
    return _show(request, 429, _("That was a little too often"), _("Wait a few minutes, then try once more."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show that the form was too old, or came from another sign-in."""
    said = _("You signed in or out in another tab since this page was opened. Go back, reload it, and send it again.")
    return _show(request, 403, _("This page is out of date"), said)


def _show(request: HttpRequest, status: int, title: str, said: str) -> HttpResponse:
    context: dict[str, Any] = {"status": status, "title": title, "said": said}
    response = render(request, "web/error.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
