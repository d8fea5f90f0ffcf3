"""What the API does at news from below: forget what it kept about who may come in."""

from __future__ import annotations

from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from announcements.api import models, sessions
from announcements.people import events as people_events


@receiver(user_logged_out)
def know_the_browser_no_more(*, request: HttpRequest, **_: Any) -> None:
    """Make the browser's CSRF token anew, as signing in does: a copy of a page that is kept under the old one is shown no more."""
    rotate_token(request)


@receiver(people_events.second_factor_asked)
def look_at_their_sessions_again(*, person_ids: list[int], **_: Any) -> None:
    """Check everybody's session in full at their next request, once the requirement stands."""
    transaction.on_commit(partial(sessions.forget_all, person_ids), robust=True)


@receiver(people_events.person_erased)
def let_nothing_let_them_in(*, person_id: int, **_: Any) -> None:
    """Drop what signing in keeps of somebody who was erased, and the answers kept for their requests, in the same transaction."""
    for session in UserSession.objects.filter(user_id=person_id):
        session.end()
    Authenticator.objects.filter(user_id=person_id).delete()
    EmailAddress.objects.filter(user_id=person_id).delete()
    models.KeptAnswer.objects.filter(person_id=person_id).delete()
