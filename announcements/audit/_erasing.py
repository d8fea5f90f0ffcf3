"""Taking the address of somebody who was erased out of the trail: who did what to whom and when stays, by id."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from announcements.audit import models

# What is put in the place of a word that may say who somebody was; the database lets such words be replaced by it, and nothing else.
ERASED = "erased"


def erase(*, workspace_id: int, person_id: int, address: str, name: str) -> None:
    """Replace their address, what the log of mail was searched for to find them, and what they called their tokens and devices."""
    rows = models.Entry.objects.filter(workspace_id=workspace_id)
    by_address = Q(details__email=address) | Q(details__address=address) | Q(details__has_key="search")
    keys = Q(by=person_id, details__has_key="name") & (Q(verb__startswith="token") | Q(verb__startswith="device"))
    known = (address.casefold(), name.casefold())
    for row in rows.filter(by_address | keys).only("pk", "by", "verb", "details"):
        own = row.by == person_id and row.verb.startswith(("token", "device"))
        details = {key: ERASED if _names(key, said, known, own) else said for key, said in row.details.items()}
        if details != row.details:
            rows.filter(pk=row.pk).update(details=details)


def _names(key: str, said: Any, known: tuple[str, str], own: bool) -> bool:
    if key == "search":
        return any(str(said).casefold() in one for one in known)
    return (key == "name" and own) or (key in ("email", "address") and str(said).casefold() == known[0])
