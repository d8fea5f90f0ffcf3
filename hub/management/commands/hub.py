"""Start Mantel on this machine: everything it needs, one address."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hub import env, tree


class Command(BaseCommand):
    """`manage.py hub [--demo] [--port N]`."""

    help = "Start Mantel here: broker, mail catcher, worker, beat and web server as one process tree."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the port, and whether to fill an empty database with the demo company."""
        parser.add_argument("--port", type=int, default=int(env.number("HUB_PORT", 8000)))
        parser.add_argument("--demo", action="store_true", help="look around with Northwind Freight")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run until Ctrl-C, or until a part ends for good."""
        sys.exit(tree.run(port=options["port"], demo=options["demo"]))
