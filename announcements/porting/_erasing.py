"""Dropping what names somebody who was erased."""

from __future__ import annotations

from typing import Any

from announcements.porting import models


def erase(*, workspace_id: int, address: str, name: str, placeholder: str) -> None:
    """Let nothing of an import name them: neither what has yet to be brought in nor what is told of it, in whatever case it says so."""
    known = (address.casefold(), name.casefold())
    for one in models.Entry.objects.filter(imported__workspace_id=workspace_id).iterator(200):
        said = _without(one.said, known[0], placeholder)
        notes = [note for note in one.notes if not any(word in str(note).casefold() for word in known)]
        author = "" if one.author.strip().casefold() in known else one.author
        if (said, notes, author) != (one.said, one.notes, one.author):
            one.said, one.notes, one.author = said, notes, author
            one.save(update_fields=["said", "notes", "author"])


def _without(said: Any, address: str, placeholder: str) -> Any:
    """Return it with the placeholder for the address, and no name beside it."""
    if isinstance(said, dict):
        theirs = _is(said.get("email"), address)
        kept = {key: _without(each, address, placeholder) for key, each in said.items()}
        return kept | {"name": ""} if theirs and "name" in kept else kept
    if isinstance(said, list):
        return [_without(each, address, placeholder) for each in said]
    return placeholder if _is(said, address) else said


def _is(said: Any, address: str) -> bool:
    return isinstance(said, str) and said.strip().casefold() == address
