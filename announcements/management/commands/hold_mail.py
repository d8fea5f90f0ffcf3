"""Hold mail after a backup was restored: `manage.py hold_mail`. Admins resume it, each for their company, in Settings, Mail."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from announcements.delivery import services as delivery


class Command(BaseCommand):
    """The command."""

    help = "Hold the nudges and digests of every company until an admin of each resumes them."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        """Hold it."""
        delivery.hold_mail(now=timezone.now())
        self.stdout.write("Nudges and digests are held. Admins resume them in Settings, Mail.")
