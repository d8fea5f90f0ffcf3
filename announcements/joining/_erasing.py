"""Dropping what names somebody who was erased."""

from __future__ import annotations

from announcements.joining import models


def erase(*, workspace_id: int, person_id: int, address: str, placeholder: str) -> None:
    """Let invitations name nobody; drop what was asked for and written by their address. That they were asked in, by whom and when, stays."""
    models.Invitation.objects.filter(workspace_id=workspace_id, person_id=person_id).update(email=placeholder, name="")
    models.Claim.objects.filter(link__workspace_id=workspace_id, email=address).delete()
    models.Letter.objects.filter(workspace_id=workspace_id, email=address).delete()
