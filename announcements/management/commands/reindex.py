"""Make the index that search looks into anew, as after a restore that left it out."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from announcements.publishing import services as publishing


class Command(BaseCommand):
    """`manage.py reindex`: index what all announcements say."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say how many there were."""
        self.stdout.write(f"{publishing.rebuild()} announcements can be searched.")
