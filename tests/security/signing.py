"""Signing in as people do it: by the pages, in a browser of their own."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth import get_user_model
from django.test import Client

from announcements.people import services as people
from tests.conftest import PASSWORD

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def verified(person: people.Person) -> Any:
    """Have a person's address verified, as their sign-up would have; return allauth's user."""
    user = get_user_model().objects.get(pk=person.id)
    EmailAddress.objects.get_or_create(user=user, email=person.email, defaults={"verified": True, "primary": True})
    return user


def browser(**options: Any) -> Client:
    return Client(headers={"User-Agent": AGENT}, **options)


def by_password(address: str, password: str = PASSWORD, *, at: Client | None = None, **more: Any) -> tuple[Client, Any]:
    """Send the form of the sign-in page; return the browser and the answer."""
    here = at or browser()
    return here, here.post("/accounts/login/", {"login": address, "password": password}, **more)


def with_app(person: people.Person) -> str:
    """Give a person an authenticator app and recovery codes; return the app's secret."""
    user, secret = verified(person), generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def recovery_code(person: people.Person) -> str:
    codes: list[str] = Authenticator.objects.get(user_id=person.id, type="recovery_codes").wrap().get_unused_codes()
    return codes[0]


def app_code(secret: str, *, ahead: int = 0) -> str:
    """Return what an authenticator app shows now, or so many half minutes ahead (RFC 6238)."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead)))


def inside(client: Client) -> bool:
    return client.get("/api/v1/me").status_code == 200
