"""Whom announcements are for, in words, as all who get them may know it."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import translation

from announcements.people import services as people
from announcements.publishing import services as publishing


def audiences(said: Collection[publishing.Announcement], locale: str) -> dict[int, str]:
    """Return whom each of these is for in a language, by id; a query for each company."""
    found = dict[int, str]()
    with translation.override(locale):
        for place in {one.workspace_id for one in said}:
            here = {one.id: one.audience for one in said if one.workspace_id == place}
            asked = list(here.values())
            words = people.audiences_in_words(workspace_id=place, audiences=asked, whole=False)
            found |= zip(here, words, strict=True)
    return found
