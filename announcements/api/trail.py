"""What sign-in leaves for the audit trail. People's signal carries it; who subscribes keeps it."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from announcements.api import after
from announcements.people import events
from announcements.people import services as people

FACTORS = {"totp": "authenticator app", "webauthn": "passkey", "recovery_codes": "recovery codes"}


@transaction.atomic
def _note(person: Any, verb: str, *, by_them: bool = True, **details: str) -> None:
    """Tell something of a person: allauth's user, or the door's value."""
    who = person.pk if hasattr(person, "pk") else person.id
    subject = f"person:{who}"
    events.note(
        person.workspace_id,
        by=who if by_them else None,
        verb=verb,
        subject=subject,
        details=details,
        at=timezone.now(),
    )


def sign_in_failed(address: str, *, how: str) -> None:
    """Tell of a wrong password, when the address is somebody's."""
    address = people.comparable(email=address)
    if person := people.get_by_email(emails=[address]).get(address):
        _note(person, "sign_in_failed", by_them=False, how=how)


@receiver(account.user_logged_in)
def signed_in(*, request: HttpRequest, user: Any, **_: Any) -> None:
    """Tell how they came in."""
    methods = [str(record["method"]) for record in get_authentication_records(request, user)]
    _note(user, "signed_in", how=" + ".join(dict.fromkeys(methods)) or "other")


@receiver(account.login_code_rejected)
def code_rejected(*, request: HttpRequest, user: Any, **_: Any) -> None:
    """Tell of a wrong code by mail, once the answer is out."""
    after.the_answer(request, lambda: _note(user, "sign_in_failed", by_them=False, how="code"))


@receiver(mfa.authentication_failed)
def second_factor_rejected(*, user: Any, authenticator: Any, **_: Any) -> None:
    """Tell of a wrong second factor."""
    _note(user, "sign_in_failed", by_them=False, how=FACTORS[authenticator.type])


@receiver(mfa.authenticator_added)
def second_factor_added(*, user: Any, authenticator: Any, **_: Any) -> None:
    """Tell of a new second factor."""
    _note(user, "second_factor_added", kind=FACTORS[authenticator.type])


@receiver(mfa.authenticator_removed)
def second_factor_removed(*, user: Any, authenticator: Any, **_: Any) -> None:
    """Tell of one that is gone."""
    _note(user, "second_factor_removed", kind=FACTORS[authenticator.type])
