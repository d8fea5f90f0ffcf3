"""Take somebody's lost second factor away: for an owner whom no other owner can help."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from announcements.api import lost_factor
from announcements.kernel import errors
from announcements.people import services as people


class Command(BaseCommand):
    """`manage.py take_second_factor olga@example.com`: as an owner's button does, by whoever runs the installation."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the address."""
        parser.add_argument("address")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        """Take it away, or say in one line why not."""
        address = people.comparable(email=address)
        person = people.get_by_email(emails=[address]).get(address)
        if person is None:
            raise CommandError("Nobody has this address.")
        try:
            lost_factor.take_away(by=None, person_id=person.id, now=timezone.now())
        except errors.Refused as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write("Taken away. They are signed out everywhere, and told by mail.")
