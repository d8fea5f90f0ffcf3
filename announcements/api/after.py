"""Work that waits until the answer is out, so that the time of an answer does not tell what was found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.core import context
from django.http import HttpRequest, HttpResponse


def the_answer(request: HttpRequest, work: Callable[[], None]) -> None:
    """Do this when the answer has left, with the request at hand as before."""

    def with_the_request() -> None:
        with context.request_context(request):
            work()

    request.after_the_answer.append(with_the_request)  # type: ignore[attr-defined]  # set by the middleware


class AfterTheAnswer:
    """Middleware: does what was left for later when the server closes the response."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and keep what is to be done."""
        waiting: list[Callable[[], None]] = []
        request.after_the_answer = waiting  # type: ignore[attr-defined]  # read by the_answer
        response = self.get_response(request)
        if waiting:
            _at_close(response, waiting)
        return response


def _at_close(response: Any, waiting: list[Callable[[], None]]) -> None:
    close = response.close

    def finish() -> None:
        while waiting:
            waiting.pop(0)()
        close()

    response.close = finish
