"""The product's settings with the addresses of bench/urls.py and no throttle or limit."""

from __future__ import annotations

from hub.settings import *  # noqa: F403  all of them
from hub.settings import REST_FRAMEWORK

ROOT_URLCONF = "bench.urls"
REST_FRAMEWORK = REST_FRAMEWORK | {"DEFAULT_THROTTLE_CLASSES": []}
# The loader asks from one address: it would only measure the refusal.
ACCOUNT_RATE_LIMITS = False
