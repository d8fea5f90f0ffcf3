"""Secrets that we have to hand on later, such as a mail server's password: encrypted at rest with a key made from SECRET_KEY."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes


class Unreadable(Exception):
    """It was sealed with another SECRET_KEY, or is damaged."""


def seal(secret: str, purpose: str) -> str:
    """Return a secret as it may be stored; each purpose has a key of its own."""
    return _keys(purpose).encrypt(secret.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """Return what was sealed for this purpose; raise Unreadable."""
    try:
        return _keys(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable from None


def _keys(purpose: str) -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(force_bytes(secret), purpose)) for secret in secrets])


def _derived(secret: bytes, purpose: str) -> bytes:
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"mantel.sealing.{purpose}".encode())
    return base64.urlsafe_b64encode(key.derive(secret))
