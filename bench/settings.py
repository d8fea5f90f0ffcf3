"""The product's settings with the addresses of bench/urls.py and no throttle."""

from __future__ import annotations

from hub.settings import *  # noqa: F403  all of them
from hub.settings import REST_FRAMEWORK

ROOT_URLCONF = "bench.urls"
REST_FRAMEWORK = REST_FRAMEWORK | {"DEFAULT_THROTTLE_CLASSES": []}
