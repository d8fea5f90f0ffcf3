"""Put a copy back: `manage.py restore FILE [--replace]`. Stop web, workers and beat first. Mail is held until an admin resumes it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from announcements.delivery import services as delivery
from hub.operations import copying


class Command(BaseCommand):
    """The command."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what, and whether to overwrite."""
        parser.add_argument("file", type=Path, help="a file that `manage.py backup` has written")
        parser.add_argument("--replace", action="store_true", help="lose what is in the database now")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Restore it, bring it up to date, and hold mail."""
        try:
            copy = copying.restore(options["file"].absolute(), replace=options["replace"])
        except copying.Refused as refusal:
            raise CommandError(str(refusal)) from None
        # Not `prepare`: where static files come with the image, nothing can be written beside them.
        call_command("migrate", verbosity=0, interactive=False)
        call_command("hold_mail", stdout=self.stdout)
        # The copy was made before it could be noted in it.
        delivery.note_backup(at=datetime.fromisoformat(copy.made_at))
        self.stdout.write(
            f"Restored {copy.vendor} of {copy.made_at}, {copy.uploads} uploads. Start web, workers and beat again."
        )
