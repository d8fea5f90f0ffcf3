"""Whom a company asked in by an address that is a person's of another company: there like anybody, but they cannot come in.

Whoever asks is told nothing of it. The address is written to, and its holder learns it.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from contextlib import suppress

from django.db import IntegrityError, transaction
from django.db.models import Q

from announcements.people import models

NOBODYS = "elsewhere.invalid"  # no mail goes there (RFC 2606)


def address(row: models.Person) -> str:
    """Return the address that their company knows somebody by."""
    return row.elsewhere or row.email


def addressed(emails: Collection[str]) -> Q:
    """Return what keeps those whom their company knows by these addresses."""
    return Q(elsewhere="", email__in=emails) | Q(elsewhere__in=set(emails) - {""})


def put(row: models.Person) -> models.Person:
    """Let a person, not saved yet, be known by an address that is not theirs to sign in with."""
    row.elsewhere, row.email = row.email, f"{secrets.token_hex(16)}@{NOBODYS}"
    return row


def free(emails: Collection[str]) -> None:
    """Give each of these addresses that nobody has any more to who was asked in by it first, and still is."""
    waiting = models.Person.objects.filter(elsewhere__in=set(emails) - {""}, deactivated_at=None).order_by("-id")
    first = {row.elsewhere: row.pk for row in waiting}
    if not first:
        return
    taken = set(models.Person.objects.filter(email__in=list(first)).values_list("email", flat=True))
    for email in first.keys() - taken:
        # Somebody may come in by it at this moment: then it is theirs, and who was asked in stays as they are.
        with suppress(IntegrityError), transaction.atomic():
            models.Person.objects.filter(pk=first[email]).update(email=email, elsewhere="")
