"""Fill an empty database with Northwind Freight, a company to look around in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from announcements.management.northwind import story


class Command(BaseCommand):
    """`manage.py demo`: make the demo company, unless it is here already, and say who can sign in."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, or say in one line why not."""
        try:
            sign_ins = story.sign_ins() or story.build(now=timezone.now())
        except story.NotEmpty as refusal:
            raise CommandError(refusal.message) from None
        rows = [
            ("email", "password", "who", ""),
            *((s.email, s.password, f"{s.name}, {s.title}", s.why) for s in sign_ins),
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        self.stdout.write("Northwind Freight is here. Sign in as:\n\n")
        for row in rows:
            line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write(f"  {line.rstrip()}")
