"""Write a copy of everything that is kept to one file: `manage.py backup FILE`. It may run while people work."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from announcements.delivery import services as delivery
from hub.operations import copying


class Command(BaseCommand):
    """The command."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where to."""
        parser.add_argument("file", type=Path, help="the file to write, such as mantel-2026-11-26.tar")
        parser.add_argument(
            "--verify", action="store_true", help="write nothing: read a file back, and say what it holds"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write it, and say what is in it."""
        path = options["file"].absolute()
        try:
            copy = copying.verify(path) if options["verify"] else copying.make(path, now=timezone.now())
        except copying.Refused as refusal:
            raise CommandError(str(refusal)) from None
        if not options["verify"]:
            delivery.note_backup(at=datetime.fromisoformat(copy.made_at))
        self.stdout.write(f"{path}: {copy.vendor} of {copy.made_at}, {copy.uploads} uploads, read back and whole.")
        if copy.gone:
            self.stdout.write(f"{copy.gone} uploads were removed while it was written.")
        if (settings.DATA / "secret-key").exists():
            self.stdout.write("It holds the secret key and everybody's data: keep it where only you can read it.")
        else:
            self.stdout.write(
                "It holds everybody's data: keep it where only you can read it. HUB_SECRET_KEY is not in it."
            )
