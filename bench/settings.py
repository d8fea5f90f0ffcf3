"""The product's settings with the addresses of bench/server.py and no throttle or limit."""

from __future__ import annotations

from hub.settings import *  # noqa: F403  all of them
from hub.settings import REST_FRAMEWORK

ROOT_URLCONF = "bench.server"
REST_FRAMEWORK = REST_FRAMEWORK | {"DEFAULT_THROTTLE_CLASSES": []}
# The loader asks from one address: it would only measure the refusal.
ACCOUNT_RATE_LIMITS = False
