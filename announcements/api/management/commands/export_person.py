"""Write everything that is stored about somebody to a file: for who has left, and asks for it."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rest_framework.renderers import JSONRenderer

from announcements.api.management import whom
from announcements.api.v1 import stored


class Command(BaseCommand):
    """`manage.py export_person maya@example.com maya.json`: what they would take along themselves under *Settings*."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the address and the file."""
        whom.add_arguments(parser)
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, address: str, file: Path, workspace: int | None, **options: Any) -> None:
        """Write the file for its owner's eyes, or say in one line why not. That it was taken stands in the trail."""
        person, file = whom.named(address, workspace), file.absolute()
        try:
            # First the file: what could not be written was not taken.
            out = os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        except OSError as refusal:
            raise CommandError(f"{file} cannot be written by {getpass.getuser()}: {refusal.strerror}.") from None
        with out:
            told = stored.take(person_id=person.id, by=None, now=timezone.now())
            out.write(JSONRenderer().render(told, "application/json; indent=2"))
        self.stdout.write(f"Everything that is stored about {address} is in {file}.")
