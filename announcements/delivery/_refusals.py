"""What was to go out by itself and could not: whoever counts on it is told, and what to do next."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from announcements.delivery import _letters
from announcements.people import services as people
from announcements.publishing import services as publishing

log = logging.getLogger(__name__)
LIFE = timedelta(days=7)


@transaction.atomic
def tell_refused(*, announcement_id: int, person_ids: Collection[int], now: datetime) -> int:
    """Write to these people that it did not go out, why, and what to do; return to how many: who is not active any more gets no mail."""
    said = publishing.get(announcement_id=announcement_id)
    here = [one for one in people.get_many(ids=person_ids).values() if one.state == "active"]
    for person in here:
        with translation.override(person.locale):
            subject, body = _words(said)
        _letters.post_letter(recipient=person.email, subject=subject, body=body, life=LIFE, now=now)
    if not here:
        log.warning("announcement %s did not go out, and nobody who wrote it is here to be told", said.id)
    return len(here)


def _words(said: publishing.Announcement) -> tuple[str, str]:
    title = said.title or _("Untitled")
    why = "\n".join(f"- {one}" for problems in said.refused.values() for one in problems)
    first = _("“%(title)s” did not go out when its time had come. Nobody has got it.") % {"title": title}
    lost = _("It is a draft again, and nothing of it is lost.")
    way = _("Set it right here, and publish or schedule it again: %(address)s")
    parts = [first, why, lost, way % {"address": f"{settings.BASE_URL}/a/{said.id}/edit"}]
    if "audience" in said.refused:
        parts.append(_("If you may not publish to its audience any more, choose another one, or ask an admin to publish it."))  # fmt: skip
    return _("Not sent: %(title)s") % {"title": title}, "\n\n".join(parts) + "\n"
