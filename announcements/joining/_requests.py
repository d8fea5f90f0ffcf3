"""Requests to join, answered by admins; who asked is told by mail."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from announcements.joining import _letters, _trail, models
from announcements.kernel import errors, text
from announcements.people import services as people

MOST_WORDS = 500


@transaction.atomic
def admit(*, by: int, person_id: int, now: datetime) -> people.Person:
    """Let somebody in who waits, and write to them; raise Forbidden, NotFound, or Conflict when they do not wait."""
    person = people.admit(by=by, person_id=person_id, now=now)
    _answer(person, "admitted", by, "", now)
    return person


@transaction.atomic
def refuse(*, by: int, person_id: int, reason: str = "", now: datetime) -> people.Person:
    """Remove somebody who waits, and write to them why; raise Forbidden, NotFound, Conflict or Invalid."""
    words = text.one_line(reason)
    if len(words) > MOST_WORDS:
        raise errors.Invalid({"reason": [_("At most %(most)d characters.") % {"most": MOST_WORDS}]})
    person = people.turn_away(by=by, person_id=person_id, now=now)
    _answer(person, "refused", by, words, now)
    return person


def _answer(person: people.Person, kind: str, by: int, words: str, now: datetime) -> None:
    actor = people.person(person_id=by)
    _letters.write(
        models.Letter(
            workspace_id=person.workspace_id,
            kind=kind,
            by=by,
            email=person.email,
            name=person.name,
            words=words,
            due_at=now,
        )
    )
    _trail.note(by=actor, verb=f"join_request_{kind}", subject=f"person:{person.id}", now=now, email=person.email)
