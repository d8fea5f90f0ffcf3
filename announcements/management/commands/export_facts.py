"""Write facts about reading as JSON lines, for a company's own warehouse."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from announcements.analytics import services as analytics
from announcements.kernel import errors
from announcements.people import services as people

AT_ONCE = 2000


class Command(BaseCommand):
    """`manage.py export_facts --by owner@example.com --since 2026-11-01 > facts.jsonl`: what that admin may take along."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask in whose name, from when on, and which facts."""
        parser.add_argument(
            "--by", required=True, help="address of an admin or owner, in whose name it is taken and noted"
        )
        parser.add_argument("--since", type=_instant, help="a day or an instant; UTC where it says no zone")
        parser.add_argument("--hours", action="store_true", help="counted by the hour, without persons")

    def handle(self, *args: Any, by: str, since: datetime | None, hours: bool, **options: Any) -> None:
        """Write line by line; what the company's privacy profile does not tell is refused in a line."""
        person = people.get_by_email(emails=[by.lower()]).get(by.lower())
        if person is None:
            raise CommandError("Nobody has this address.")
        try:
            for one in _hours(person.id, since) if hours else _people(person.id, since):
                self.stdout.write(analytics.as_line(facts=one).decode(), ending="")
        except errors.Refused as refusal:
            raise CommandError(str(refusal.message)) from None


def _people(by: int, since: datetime | None) -> Iterator[analytics.PersonFacts]:
    after, until = None, timezone.now()
    while True:
        page = analytics.facts_of_people(by=by, since=since, after=after, until=until, limit=AT_ONCE)
        yield from page.lines
        after = page.next
        if after is None:
            return


def _hours(by: int, since: datetime | None) -> Iterator[analytics.HourFacts]:
    after = None
    while True:
        page = analytics.facts_by_hour(by=by, since=since, after=after, now=timezone.now(), limit=AT_ONCE)
        yield from page.lines
        after = page.next
        if after is None:
            return


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is neither a day such as 2026-11-01 nor an instant") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
