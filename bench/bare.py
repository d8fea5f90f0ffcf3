"""Settings with nothing but a view: the least that Django can be."""

from __future__ import annotations

from hub.settings import *  # noqa: F403  all the rest

INSTALLED_APPS: list[str] = []
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "bench.hello"
