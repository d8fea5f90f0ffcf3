"""The second factor: who must have one, whether this session has proved it, and what is closed until then."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

from allauth.mfa import signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from announcements.api import auth, problems
from announcements.people import services as people

MARK = "second_factor"
KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
Lack = Literal["", "factor", "proof"]
# What stays open to who still has to prove a second factor, and to who still has to set one up.
PROVING = re.compile(r"/accounts/(?:2fa/(?:webauthn/)?reauthenticate/|logout/)|/api/v1/(?:hub|schema|docs)$")
SETTING_UP = re.compile(
    r"/accounts/(?:2fa/|reauthenticate/|confirm-email/|password/(?:set|change)/)"
    r"|/settings/second-factor$|/api/v1/second-factors(?:/|$)"
)
# What changes a second factor asks for the one that is there, whatever the workspace says.
MANAGING = re.compile(r"/accounts/2fa/|/settings/second-factor$|/api/v1/(?:people/\d+/second-factors$|second-factors/)")


def has(person_id: int) -> bool:
    """Tell whether somebody has a second factor. Recovery codes stand in for one, and are none."""
    found: bool = Authenticator.objects.filter(user_id=person_id, type__in=KINDS).exists()
    return found


def proven(request: HttpRequest) -> bool:
    """Tell whether this session has proved a second factor of who is signed in, and they still have one."""
    return request.session.get(MARK) == request.user.pk and has(request.user.pk)  # type: ignore[arg-type]  # signed in


def lack(request: HttpRequest) -> Lack:
    """Return what this session lacks for what it asks: a second factor, the proof of it, or nothing."""
    path = request.path_info
    if PROVING.match(path):
        return ""
    person_id: int = request.user.pk  # type: ignore[assignment]  # signed in
    if not people.second_factor_required(person_id=person_id):
        return "proof" if MANAGING.match(path) and has(person_id) and not proven(request) else ""
    if not has(person_id):
        return "" if SETTING_UP.match(path) else "factor"
    return "" if proven(request) else "proof"


def lead(request: HttpRequest, missing: Lack) -> HttpResponse:
    """Lead a page to where what is missing is made good."""
    if missing == "factor":
        return redirect("second_factor")
    by_code = Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.TOTP).exists()
    page = reverse("mfa_reauthenticate" if by_code else "mfa_reauthenticate_webauthn")
    back = request.get_full_path() if request.method == "GET" else reverse("security")
    return redirect(f"{page}?{urlencode({'next': back})}")


class SecondFactor:
    """Middleware: a session that lacks its second factor gets no further than to where that is made good."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on what may pass."""
        api = request.path_info.startswith("/api/")
        if api and auth.bearer(request.META.get("HTTP_AUTHORIZATION", "")) is not None:
            return self.get_response(request)  # a token speaks for itself: the session beside it is not looked at
        missing = lack(request) if request.user.is_authenticated else ""
        if not missing:
            return self.get_response(request)
        return problems.plain(403, "second_factor_required", said(missing)) if api else lead(request, missing)


def said(missing: Lack) -> str:
    """Return what to do, in words."""
    if missing == "factor":
        return _("Your workspace asks for a second factor. Set one up first: POST /api/v1/second-factors/totp.")
    return _("Prove your second factor first, at /accounts/2fa/reauthenticate/.")


@receiver([signals.authenticator_used, signals.authenticator_added])
def mark(*, request: HttpRequest, user: Any, **_ignored: Any) -> None:
    """Remember in the session that its second factor was proved, and whose it was."""
    request.session[MARK] = user.pk


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth's hooks: our own address in passkeys, secrets unreadable in the database."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Bind passkeys to the address people use, whatever host the request named."""
        return {"id": urlsplit(settings.BASE_URL).hostname or "localhost", "name": "Mantel"}

    def get_totp_issuer(self) -> str:
        """Return what an authenticator app shows."""
        return f"Mantel ({urlsplit(settings.BASE_URL).hostname})"

    def generate_authenticator_name(self, user: Any, type: str) -> str:
        """Return what a passkey is called until its owner calls it something."""
        many = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)d") % {"number": many + 1} if many else _("Passkey")

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep the last second factor where the workspace asks for one."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=KINDS).exclude(
            pk=authenticator.pk
        )
        return others.exists() or not people.second_factor_required(person_id=authenticator.user_id)

    def encrypt(self, text: str) -> str:
        """Return a secret as it is kept."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a kept secret; a key of ours that has changed makes its codes wrong, not our page."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise ValidationError(_("This cannot be read any more. Ask who runs this server.")) from None


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.blake2b(key.encode(), person=b"second-factor", digest_size=32).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
