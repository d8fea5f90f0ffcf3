"""Say whether this installation is well, part by part, and what to do: `manage.py doctor [--json]`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hub.operations import checkup

MARKS = {"well": "ok     ", "warning": "warning", "ill": "ILL    "}


class Command(BaseCommand):
    """The command. It ends with 1 when a part is ill; a warning is none."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether a machine reads it."""
        parser.add_argument("--json", action="store_true", help="print a list of {part, state, said, remedy}")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Look, and say what was found."""
        found = []
        for finding in checkup.examine():
            found.append(finding)
            if not options["json"]:
                self._say(finding)
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in found], indent=2))
        if any(finding.state == "ill" for finding in found):
            raise SystemExit(1)

    def _say(self, finding: checkup.Finding) -> None:
        self.stdout.write(f"{MARKS[finding.state]}  {finding.part:<12}  {finding.said}")
        if finding.remedy:
            self.stdout.write(f"{'':24}{finding.remedy}")
