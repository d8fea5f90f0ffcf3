"""Dropping what names somebody who was erased: deliveries, facts and mails stay as they are, and nobody's."""

from __future__ import annotations

from announcements.delivery import models
from announcements.people import services as people


def erase(*, workspace_id: int, person_id: int, address: str) -> None:
    """Forget what mail servers said of their address, what they wanted by mail, what waits to be sent there, and their list."""
    # Who is nudged has a delivery; named by announcement first, the rows are found by the constraint of nudges.
    reached = models.Delivery.objects.filter(recipient_id=person_id).values("announcement_id")
    mails = {
        "nudge": models.Nudge.objects.filter(announcement_id__in=reached, recipient_id=person_id),
        "digest": models.Digest.objects.filter(recipient_id=person_id),
        "test": models.TestMail.objects.filter(recipient_id=person_id),
    }
    for kind, theirs in mails.items():
        theirs.exclude(reply="").update(reply="")
        ids = list(theirs.values_list("pk", flat=True))
        models.Return.objects.filter(mail=kind, mail_id__in=ids).update(address="", said="")
    models.Return.objects.filter(workspace_id=workspace_id, address=address).update(address="", said="")
    models.Suppression.objects.filter(workspace_id=workspace_id, address=address).delete()
    models.Preference.objects.filter(person_id=person_id).delete()
    listed = models.Delivery.objects.exclude(saved_at=None, unsaved_at=None)
    listed.filter(recipient_id=person_id).update(saved_at=None, unsaved_at=None)
    models.Mention.objects.filter(recipient_id=person_id).delete()
    if not people.everywhere(address=address):  # another company may know somebody by it, whose letter that is then
        models.Letter.objects.filter(recipient=address).delete()
