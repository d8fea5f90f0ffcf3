"""Make the database and the static files fit the code. Repeating it costs little."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from announcements.kernel import heart
from hub import prepared
from hub.static import StaticFiles


class Command(BaseCommand):
    """`manage.py prepare [--demo]`."""

    help = "Migrate the database, build static files when they changed; with --demo fill an empty database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether to fill an empty database with the demo company."""
        parser.add_argument("--demo", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Prepare everything, or say in one line why not."""
        try:
            self._migrate()
        except DatabaseError as problem:
            raise CommandError(f"the database cannot be used: {str(problem).splitlines()[0]}") from None
        self._build_static_files()
        prepared.note(settings.DATA)
        if options["demo"]:
            self._demo()
        heart.start(at=timezone.now(), anew=True)  # last: filling takes its time, and what follows is to have all of it

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("preparing the database")
            call_command("migrate", verbosity=0, interactive=False)

    def _build_static_files(self) -> None:
        built = Path(settings.STATIC_ROOT) / ".built"
        wanted = _fingerprint()
        if built.exists() and built.read_text() == wanted:
            return
        self.stdout.write("building static files")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        built.write_text(wanted)

    def _demo(self) -> None:
        try:
            call_command("demo", stdout=self.stdout)
        except CommandError as refusal:
            self.stdout.write(str(refusal))


def _fingerprint() -> str:
    """Return what changes when any static file does: names, sizes and times."""
    digest = hashlib.blake2b(digest_size=16)
    for finder in get_finders():
        for name, storage in finder.list(StaticFiles.ignore_patterns):
            stat = Path(storage.path(name)).stat()
            digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
