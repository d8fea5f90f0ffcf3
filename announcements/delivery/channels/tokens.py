"""The keys in our links: compact, signed, one salt per purpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.core import signing

from announcements.kernel import keyed


class Claim(NamedTuple):
    """What a key says."""

    person_id: int
    epoch: int
    announcement_id: int = 0
    version: int = 0


def make(claim: Claim, purpose: str) -> str:
    """Return a key for one purpose ("acknowledge", "unsubscribe")."""
    return maker(purpose)(claim)


def maker(purpose: str) -> Callable[[Claim], str]:
    """Return what makes these keys: who makes many holds it."""
    sign = keyed.signer(f"delivery.{purpose}", ".")
    return lambda claim: sign("-".join(map(str, claim)))


def read(token: str, purpose: str) -> Claim | None:
    """Return what a key says; None when it was tampered with or is for another purpose."""
    try:
        return Claim(*map(int, signing.Signer(salt=f"delivery.{purpose}", sep=".").unsign(token).split("-")))
    except (signing.BadSignature, ValueError, TypeError):
        return None
