"""The keys in our links: compact, signed, one salt per purpose. Whether one still opens anything, the rows say."""

from __future__ import annotations

from typing import Literal

from django.core import signing

Purpose = Literal["invitation", "claim", "link"]
PURPOSES: dict[str, Purpose] = {"i": "invitation", "c": "claim", "l": "link"}


def _signer(purpose: Purpose) -> signing.Signer:
    return signing.Signer(salt=f"joining.{purpose}", sep=".")


def make(purpose: Purpose, row_id: int, turn: int = 1) -> str:
    """Return a key of one purpose to one row, at one turn of it."""
    return _signer(purpose).sign(f"{purpose[0]}{row_id}-{turn}")


def read(token: str) -> tuple[Purpose, int, int] | None:
    """Return what a key is for: purpose, id, turn; None when it was tampered with."""
    purpose = PURPOSES.get(token[:1])
    if purpose is None:
        return None
    try:
        row_id, turn = map(int, _signer(purpose).unsign(token)[1:].split("-"))
    except (signing.BadSignature, ValueError):
        return None
    return purpose, row_id, turn
