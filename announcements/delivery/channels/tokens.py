"""The keys in our links: compact, signed, one salt per purpose."""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing

from announcements.kernel import keyed


@dataclass(frozen=True, slots=True)
class Claim:
    """What a key says."""

    person_id: int
    epoch: int
    announcement_id: int = 0
    version: int = 0


def make(claim: Claim, purpose: str) -> str:
    """Return a key for one purpose ("acknowledge", "unsubscribe")."""
    words = f"{claim.person_id}-{claim.epoch}-{claim.announcement_id}-{claim.version}"
    return keyed.signed(f"delivery.{purpose}", words, ".")


def read(token: str, purpose: str) -> Claim | None:
    """Return what a key says; None when it was tampered with or is for another purpose."""
    try:
        return Claim(*map(int, signing.Signer(salt=f"delivery.{purpose}", sep=".").unsign(token).split("-")))
    except (signing.BadSignature, ValueError, TypeError):
        return None
