"""One id for a request and all that it queues, on every line that is logged and in the answer (`X-Request-ID`)."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
SOUND = re.compile(r"[\w.:-]{8,64}", re.ASCII)
request_id: ContextVar[str] = ContextVar("request_id", default="")
task_id: ContextVar[str] = ContextVar("task_id", default="")


class Traced:
    """Middleware: gives each request an id; one that a proxy has given stays."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, under the id."""
        given = request.headers.get(HEADER, "")
        token = request_id.set(given if SOUND.fullmatch(given) else secrets.token_hex(8))
        try:
            response = self.get_response(request)
            response[HEADER] = request_id.get()
            return response
        finally:
            request_id.reset(token)


class Ids(logging.Filter):
    """Puts the ids on a record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Pass every record."""
        record.request_id, record.task_id = request_id.get(), task_id.get()
        return True


@before_task_publish.connect
def _send_along(*, headers: dict[str, Any], **_: object) -> None:
    if request_id.get():
        headers["asked_by"] = request_id.get()


@task_prerun.connect
def _begin(*, task: Any, **given: Any) -> None:
    task_id.set(given["task_id"])
    request_id.set(getattr(task.request, "asked_by", None) or "")


@task_postrun.connect
def _end(**_: object) -> None:
    task_id.set("")
    request_id.set("")
