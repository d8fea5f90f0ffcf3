"""A lost second factor: an owner takes a colleague's away, or whoever runs the installation does."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from announcements.api import second_factor, sessions
from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people

LETTER = "account/email/second_factor_taken"


@transaction.atomic
def take_away(*, by: int | None, person_id: int, now: datetime) -> None:
    """Remove somebody's second factors and recovery codes, end their keys and write to them; all or nothing.

    Raise NotFound, Forbidden, or Conflict when there is none.
    """
    person = people.lost_factor(by=by, person_id=person_id, now=now)
    if not second_factor.has(person_id):
        raise errors.Conflict(_("They have no second factor."))
    Authenticator.objects.filter(user_id=person_id).delete()
    for session in UserSession.objects.filter(user_id=person_id):
        session.end()
    _tell(person, people.person(person_id=by).name if by else "", now)
    transaction.on_commit(lambda: sessions.forget(person_id), robust=True)


def _tell(person: people.Person, by: str, now: datetime) -> None:
    required = people.second_factor_required(person_id=person.id)
    with translation.override(person.locale):
        said = {"name": person.name, "by": by, "required": required, "base_url": settings.BASE_URL}
        subject, body = (render_to_string(f"{LETTER}_{part}.txt", said) for part in ("subject", "message"))
    delivery.post_letter(recipient=person.email, subject=subject, body=body, now=now)
