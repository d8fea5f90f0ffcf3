"""Erase somebody who was deactivated: what names them goes for good, every count stays."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from announcements.api.management import whom
from announcements.kernel import errors
from announcements.people import services as people


class Command(BaseCommand):
    """`manage.py erase_person maya@example.com --yes`. It cannot be undone but by restoring a backup."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the address, and whether it is meant."""
        whom.add_arguments(parser)
        parser.add_argument("--yes", action="store_true", help="erase; without it only what would be done is said")

    def handle(self, *args: Any, address: str, workspace: int | None, yes: bool, **options: Any) -> None:
        """Erase them, or say in one line why not."""
        person = whom.named(address, workspace)
        if not yes:
            self.stdout.write(f"This would erase {person.name} ({person.state}) for good. Say --yes to do it.")
            return
        try:
            people.erase(person_id=person.id, now=timezone.now())
        except errors.Refused as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write("Erased. Backups that were made before still hold them; let those go in their time.")
