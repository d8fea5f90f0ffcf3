"""The web server's entry: `granian --interface wsgi hub.wsgi:application`."""

from __future__ import annotations

import gc
import os
from datetime import UTC, datetime

from django.core.wsgi import get_wsgi_application

import hub.celery  # noqa: F401  the tasks that requests queue need the app
from announcements.kernel import heart
from hub import env, limits
from hub.operations import together

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
# First of all: whoever looks while the rest is loaded learns that it starts.
heart.start(at=datetime.now(UTC))
if env.text("HUB_METRICS_KEY"):
    together.share()
# What is loaded now stays: looking for garbage in it, then and later, would only take time.
gc.disable()
application = get_wsgi_application()
limits.of_a_request()
gc.freeze()
gc.enable()
