"""Whom a command is about, by their address."""

from __future__ import annotations

from django.core.management.base import CommandError, CommandParser

from announcements.people import services as people


def add_arguments(parser: CommandParser) -> None:
    """Ask for the address, and for the company where several know it."""
    parser.add_argument("address")
    parser.add_argument("--workspace", type=int, help="the number of the company, where several know this address")


def named(address: str, workspace: int | None) -> people.Person:
    """Return the person with this address, deactivated or not; say in one line who it may be, or that there is nobody."""
    found = people.everywhere(address=people.comparable(email=address))
    found = [one for one in found if workspace in (None, one.workspace_id)]
    if not found:
        raise CommandError("Nobody has this address.")
    if len(found) > 1:
        known = ", ".join(f"--workspace {one.workspace_id} ({one.state})" for one in found)
        raise CommandError(f"Several companies know this address. Name one: {known}.")
    return found[0]
