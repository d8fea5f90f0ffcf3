"""Take a mail that came back, on standard input: what a mail server pipes the return address into."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from announcements.delivery import services as delivery

# What a mail server takes for "not now" (sysexits.h): it keeps the mail and tries again.
TRY_AGAIN = 75


class Command(BaseCommand):
    """`manage.py take_return --recipient bounces+n12-abc@example.com < mail`: says in a word what it was."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask whom it was sent to, where the server tells."""
        parser.add_argument("--recipient", default="", help="the address it was sent to")

    def handle(self, *args: Any, recipient: str, **options: Any) -> None:
        """Take it; when the database is away, ask the server to try again."""
        try:
            said = delivery.take_return(data=sys.stdin.buffer.read(), recipient=recipient, now=timezone.now())
        except DatabaseError:
            sys.exit(TRY_AGAIN)
        self.stdout.write(said)
