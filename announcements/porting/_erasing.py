"""Dropping what names somebody who was erased."""

from __future__ import annotations

import json

from announcements.porting import models


def erase(*, workspace_id: int, address: str, placeholder: str) -> None:
    """Let no announcement that has yet to be brought in name them by their address."""
    entries = models.Entry.objects.filter(imported__workspace_id=workspace_id)
    entries.filter(author=address).update(author="")
    for one in entries.filter(said__icontains=address):
        author = one.said.get("author") or {}
        if str(author.get("email", "")).casefold() == address:
            author["name"] = ""
        told = json.dumps(one.said).replace(json.dumps(address), json.dumps(placeholder))
        one.said = json.loads(told)
        one.save(update_fields=["said"])
