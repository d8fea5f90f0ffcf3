"""Signatures as Django makes them (`salted_hmac` with SHA-256), for what is signed in each mail: the key is put together once."""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache

from django.conf import settings


def digest(salt: str, said: str) -> bytes:
    """Return what `salted_hmac(salt, said, algorithm="sha256").digest()` returns."""
    keyed = _keyed(salt, settings.SECRET_KEY).copy()
    keyed.update(said.encode())
    return keyed.digest()


def signed(salt: str, said: str, sep: str) -> str:
    """Return what `Signer(salt=salt, sep=sep).sign(said)` returns."""
    return f"{said}{sep}{base64.urlsafe_b64encode(digest(f'{salt}signer', said)).rstrip(b'=').decode()}"


@lru_cache(64)
def _keyed(salt: str, secret: str) -> hmac.HMAC:
    return hmac.new(hashlib.sha256(f"{salt}{secret}".encode()).digest(), digestmod=hashlib.sha256)
