"""The product's settings with the mail libraries it is compared with, where they are installed."""

from __future__ import annotations

from importlib.util import find_spec

from hub.settings import *  # noqa: F403  all of them
from hub.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, *(name for name in ("post_office", "mailer") if find_spec(name))]
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
MAILER_EMAIL_BACKEND = EMAIL_BACKEND
MAILER_USE_FILE_LOCK = False
POST_OFFICE = {"BACKENDS": {"default": EMAIL_BACKEND}}
