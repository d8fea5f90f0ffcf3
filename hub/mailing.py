"""Whose mail server it is, and how that provider proves who tells by webhooks what became of a mail."""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from hub import env

PROVIDERS = ("", "amazon_ses", "brevo", "mailgun", "postmark", "resend", "sendgrid")


def provider() -> tuple[str, str, dict[str, object]]:
    """Return the provider, the key that some sign with, and anymail's settings, which hold it and the secret the others say."""
    key = env.text("HUB_WEBHOOK_KEY")
    anymail = {
        "WEBHOOK_SECRET": env.text("HUB_WEBHOOK_SECRET"),
        "MAILGUN_WEBHOOK_SIGNING_KEY": key,
        "RESEND_SIGNING_SECRET": key,
        "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": key,
        "AMAZON_SES_AUTO_CONFIRM_SNS_SUBSCRIPTIONS": False,
    }
    return env.one_of("HUB_MAIL_PROVIDER", PROVIDERS), key, anymail | _interface()


def backend() -> str:
    """Return the path of anymail's backend that HUB_MAIL_BACKEND names, empty for SMTP."""
    name = env.text("HUB_MAIL_BACKEND")
    if name and (not name.isidentifier() or find_spec(f"anymail.backends.{name}") is None):
        raise ImproperlyConfigured(
            f"HUB_MAIL_BACKEND must be the name of a provider that anymail knows, such as postmark, not {name!r}."
        )
    return f"anymail.backends.{name}.EmailBackend" if name else ""


def _interface() -> dict[str, object]:
    """Return what anymail is told about a provider's interface: an object in JSON, by anymail's names."""
    try:
        given = json.loads(env.text("HUB_ANYMAIL") or "{}")
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise ImproperlyConfigured('HUB_ANYMAIL must be an object in JSON such as {"POSTMARK_SERVER_TOKEN": "…"}.')
    return {"IGNORE_UNSUPPORTED_FEATURES": True, "REQUESTS_TIMEOUT": env.number("HUB_SMTP_TIMEOUT", 30), **given}


def mailbox(url: str) -> dict[str, Any]:
    """Return host, port, user, password, tls and folder of imaps://user:password@host:993/INBOX, or imap://; nothing of nothing."""
    if not url:
        return {}
    parts = urlsplit(url)
    ports = {"imap": 143, "imaps": 993}
    if parts.scheme not in ports or not parts.username:
        raise ImproperlyConfigured(
            "HUB_RETURN_IMAP must be imaps://user:password@host/INBOX, or imap:// without encryption."
        )
    return {
        "host": parts.hostname or "localhost",
        "port": parts.port or ports[parts.scheme],
        "user": unquote(parts.username),
        "password": unquote(parts.password or ""),
        "tls": parts.scheme == "imaps",
        "folder": unquote(parts.path.strip("/")) or "INBOX",
    }
