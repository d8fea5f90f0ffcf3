"""What is logged, and how a line looks."""

from __future__ import annotations

from typing import Any

FIELDS = "{asctime} {levelname} {name} {message} {request_id} {task_id}"


def settings(form: str, level: str) -> dict[str, Any]:
    """Return Django's LOGGING: lines to standard error, as words or (`form` is "json") as objects with the ids."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"ids": {"()": "hub.operations.tracing.Ids"}},
        "formatters": {
            "line": {"format": "%(levelname)s %(name)s: %(message)s"},
            "json": {"()": "pythonjsonlogger.json.JsonFormatter", "format": FIELDS, "style": "{"},
        },
        "handlers": {"out": {"class": "logging.StreamHandler", "formatter": form or "line", "filters": ["ids"]}},
        "root": {"handlers": ["out"], "level": level},
        "loggers": {
            "django.server": {"level": "WARNING"},
            "django.request": {"level": "ERROR"},
            "celery.app.trace": {"level": "WARNING"},
        },
    }
